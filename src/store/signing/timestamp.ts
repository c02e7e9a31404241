// Time stamps (RFC 3161, RFC 5816): asks an authority when bytes were there, and checks its tokens without it, later. The door to ASN.1 and CMS.
import { createHash, randomBytes, verify, X509Certificate } from "node:crypto";
import { ContentInfo, DigestAlgorithmIdentifier, SignedData, type SignerInfo } from "@peculiar/asn1-cms";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import { MessageImprint, TimeStampReq, TimeStampResp, TSTInfo } from "@peculiar/asn1-tsp";
import { type BaseBlock, fromBER } from "asn1js";
import { ConcordError } from "../../base/index.ts";

const oids = {
  signedData: "1.2.840.113549.1.7.2",
  timeStamp: "1.2.840.113549.1.9.16.1.4",
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingCertificate: "1.2.840.113549.1.9.16.2.12",
  signingCertificateV2: "1.2.840.113549.1.9.16.2.47",
  extendedKeyUsage: "2.5.29.37",
  forTimeStamping: "1.3.6.1.5.5.7.3.8",
  rsaPss: "1.2.840.113549.1.1.10",
} as const;
const digests: Readonly<Record<string, string>> = {
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};
const sha256 = "2.16.840.1.101.3.4.2.1";
const maxBytes = 2 ** 16;
const maxChain = 8;
/** An authority's clock may be ahead of this machine's by so much. */
const aheadMs = 5 * 60_000;

/** What an authority vouches for. */
export interface TimeStamp {
  /** ISO 8601: the latest time that the token allows, its accuracy added. */
  readonly at: string;
  /** Common name of the authority's certificate, else its whole subject. */
  readonly authority: string;
  /** SHA-256 of that certificate, hex. */
  readonly certificate: string;
}

const fault = (problem: string, expected?: string, got?: string) =>
  new ConcordError("E_SIGNATURE", { operation: "check time stamp", problem, expected, got });

const digestOf = (name: string, bytes: Uint8Array) => createHash(name).update(bytes).digest();
const bytesIn = (value: { readonly buffer: ArrayBuffer } | ArrayBuffer) =>
  Buffer.from(value instanceof ArrayBuffer ? value : value.buffer);

/** A request for a token over bytes: SHA-256, with a nonce and the authority's certificate asked for. */
export function timestampRequest(bytes: Uint8Array): { readonly der: Buffer; readonly nonce: Buffer } {
  const nonce = Buffer.concat([Buffer.of(1 + (randomBytes(1)[0]! & 0x7e)), randomBytes(15)]); // positive, shortest form
  const request = new TimeStampReq({
    messageImprint: new MessageImprint({
      hashAlgorithm: new DigestAlgorithmIdentifier({ algorithm: sha256, parameters: null }),
      hashedMessage: new OctetString(digestOf("sha256", bytes)),
    }),
    nonce: Uint8Array.from(nonce).buffer,
    certReq: true,
  });
  return { der: Buffer.from(AsnConvert.serialize(request)), nonce };
}

/** The token of an authority's answer. @throws E_SIGNATURE for a refusal, or an answer to another request */
export function tokenOf(answer: Uint8Array, { nonce }: { readonly nonce: Uint8Array }): Buffer {
  const { status, timeStampToken } = parsed("an answer", () => AsnConvert.parse(answer, TimeStampResp));
  if ((status.status !== 0 && status.status !== 1) || !timeStampToken)
    throw fault(
      "the authority gave no token",
      "status 0 or 1",
      `${status.status}: ${[...(status.statusString ?? [])].join(" ")}`,
    );
  const token = Buffer.from(AsnConvert.serialize(timeStampToken));
  const { info } = contentOf(token);
  if (!info.nonce || !bytesIn(info.nonce).equals(nonce))
    throw fault("the answer is to another request: its nonce differs");
  return token;
}

/**
 * Checks a token: its imprint, its signature, and its certificate up to an authority.
 * @param bytes what was stamped
 * @param authorities certificates of the authorities that count, PEM
 * @param now a token from a time to come is refused
 * @returns when the bytes were there
 * @throws E_SIGNATURE naming the first thing that does not hold
 * @example checkTimestamp(token, signature, await readFile("tsa.pem", "utf8"), new Date()).at
 */
export function checkTimestamp(token: Uint8Array, bytes: Uint8Array, authorities: string, now: Date): TimeStamp {
  const parts = contentOf(token);
  const { info, data, certificates } = parts;
  const { hashAlgorithm, hashedMessage } = info.messageImprint;
  const hash = digests[hashAlgorithm.algorithm];
  if (!hash) throw fault("the token uses another digest", Object.values(digests).join(", "), hashAlgorithm.algorithm);
  if (!digestOf(hash, bytes).equals(bytesIn(hashedMessage))) throw fault("the token is about other bytes");
  const signers = [...data.signerInfos];
  const [signer] = signers;
  if (!signer || signers.length > 1)
    throw fault("the token has another number of signatures", "1", `${signers.length}`);
  const certificate = signedBy(signer, parts);
  checkPurpose(certificate);
  const { genTime, accuracy } = info;
  if (genTime.getTime() > now.getTime() + aheadMs)
    throw fault("the token is from a time to come", `not after ${now.toISOString()}`, genTime.toISOString());
  checkChain(certificate, certificates, certificatesIn(authorities), genTime);
  const { seconds = 0, millis = 0, micros = 0 } = accuracy ?? {};
  const latest = new Date(genTime.getTime() + seconds * 1000 + millis + Math.ceil(micros / 1000));
  const subject = certificate.subject ?? "";
  return {
    at: latest.toISOString(),
    authority: /^CN=(.+)$/m.exec(subject)?.[1] ?? subject.replaceAll("\n", ", "),
    certificate: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
  };
}

/** Certificates of a PEM file. @throws E_SIGNATURE for a file without any */
export function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw fault("no certificate of an authority", "a file of PEM certificates");
  return blocks.map((block) => parsed("a certificate", () => new X509Certificate(block)));
}

function parsed<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw fault(`not ${what} in DER`, "what RFC 3161 describes", (cause as Error).message);
  }
}

interface Content {
  readonly data: SignedData;
  readonly info: TSTInfo;
  /** DER of `info`, as it was signed. */
  readonly content: Buffer;
  readonly certificates: readonly X509Certificate[];
  /** DER of the first signature's signed attributes, under the tag [0]. */
  readonly attributes?: Buffer;
}

function contentOf(token: Uint8Array): Content {
  if (token.length > maxBytes) throw fault("the token is too long", `at most ${maxBytes} bytes`, `${token.length}`);
  return parsed("a token", () => {
    const { contentType, content: inner } = AsnConvert.parse(token, ContentInfo);
    const data = AsnConvert.parse(inner, SignedData);
    const { eContentType, eContent } = data.encapContentInfo;
    if (contentType !== oids.signedData || eContentType !== oids.timeStamp || !eContent?.single)
      throw new Error(`${contentType}, ${eContentType}`);
    const content = bytesIn(eContent.single);
    const info = AsnConvert.parse(content, TSTInfo);
    return { data, info, content, ...rawParts(inner) };
  });
}

/** Children of a constructed element. */
const children = (block: BaseBlock): BaseBlock[] => {
  const { value } = block.valueBlock as unknown as { readonly value?: BaseBlock[] };
  return Array.isArray(value) ? value : [];
};
const elements = (der: Uint8Array | ArrayBuffer): BaseBlock[] => {
  const { result, offset } = fromBER(der);
  if (offset === -1) throw new Error(result.error);
  return children(result);
};

/** Certificates and signed attributes of SignedData, in the bytes that were signed. */
function rawParts(data: ArrayBuffer): Pick<Content, "certificates" | "attributes"> {
  const parts = elements(data); // version, digest algorithms, content, [0] certificates, [1] lists of revoked ones, signatures
  const [signer] = children(parts.at(-1)!);
  const [attributes] = signer ? children(signer).filter(isTagged(0)) : [];
  const certificates = parts.filter(isTagged(0)).flatMap(children);
  return {
    certificates: certificates.map((one) => new X509Certificate(Buffer.from(one.valueBeforeDecodeView))),
    ...(attributes && { attributes: Buffer.from(attributes.valueBeforeDecodeView) }),
  };
}

const isTagged =
  (number: number) =>
  ({ idBlock }: BaseBlock): boolean =>
    idBlock.tagClass === 3 && idBlock.tagNumber === number;

/** The certificate whose key signed the token. @throws E_SIGNATURE */
function signedBy(signer: SignerInfo, { content, certificates, attributes: raw }: Content): X509Certificate {
  const hash = digests[signer.digestAlgorithm.algorithm];
  if (!hash)
    throw fault("the token uses another digest", Object.values(digests).join(", "), signer.digestAlgorithm.algorithm);
  const attribute = (oid: string) => {
    const found = (signer.signedAttrs ?? []).filter(({ attrType }) => attrType === oid);
    return found.length === 1 ? found[0]!.attrValues[0] : undefined;
  };
  const [type, digest] = [attribute(oids.contentType), attribute(oids.messageDigest)];
  if (!type || !digest || !raw) throw fault("the token signs no attributes");
  const wanted = Buffer.from(AsnConvert.serialize(new OctetString(digestOf(hash, content))));
  if (
    !Buffer.from(type).equals(Buffer.from("060b2a864886f70d0109100104", "hex")) ||
    !Buffer.from(digest).equals(wanted)
  )
    throw fault("the token's attributes are of another content");
  const certificate = named(attribute(oids.signingCertificateV2), attribute(oids.signingCertificate), certificates);
  const attributes = Buffer.from(raw);
  attributes[0] = 0x31; // they are signed as SET OF, and stored under [0]
  if (signer.signatureAlgorithm.algorithm === oids.rsaPss)
    throw fault("the token uses RSA-PSS", "RSA PKCS #1, ECDSA or Ed25519");
  const algorithm = certificate.publicKey.asymmetricKeyType === "ed25519" ? null : hash;
  if (!verify(algorithm, attributes, certificate.publicKey, bytesIn(signer.signature)))
    throw fault("the token's signature is not of the authority's certificate");
  return certificate;
}

const isOctets = ({ idBlock }: BaseBlock): boolean => idBlock.tagClass === 1 && idBlock.tagNumber === 4;
const octetsOf = (block: BaseBlock): Buffer =>
  bytesIn((block as BaseBlock & OctetBlock).valueBlock.valueHexView.slice());
interface OctetBlock {
  readonly valueBlock: { readonly valueHexView: Uint8Array<ArrayBuffer> };
}
const oidOf = (block: BaseBlock | undefined): string => String(block?.valueBlock ?? "");

/** The certificate that the signed attributes name by its digest (RFC 2634, RFC 5035). */
function named(
  v2: ArrayBuffer | undefined,
  v1: ArrayBuffer | undefined,
  certificates: readonly X509Certificate[],
): X509Certificate {
  const value = v2 ?? v1;
  if (!value) throw fault("the token does not name its certificate");
  const [hash, digest] = parsed("the name of a certificate", () => {
    const [ids] = elements(value); // SigningCertificate: certs, policies
    const parts = children(children(ids!)[0]!); // ESSCertID: digest algorithm, digest, issuer and serial number
    const [algorithm] = parts[0] && !isOctets(parts[0]) ? children(parts[0]) : [];
    const usual = v2 ? "sha256" : "sha1";
    return [algorithm ? digests[oidOf(algorithm)]! : usual, octetsOf(parts.find(isOctets)!)] as const;
  });
  const found = certificates.find(({ raw }) => digestOf(hash, raw).equals(digest));
  if (!found) throw fault("the token lacks the certificate that it names");
  return found;
}

/** The certificate may stamp times, and nothing else (RFC 3161, 2.3). */
function checkPurpose({ raw }: X509Certificate): void {
  const uses = parsed("a certificate", () => {
    const extensions = elements(raw).slice(0, 1).flatMap(children).find(isTagged(3));
    const found = (extensions ? children(extensions).flatMap(children) : [])
      .map(children)
      .find(([id]) => oidOf(id) === oids.extendedKeyUsage);
    if (!found) return [];
    const purposes = elements(octetsOf(found.at(-1)!)).map(oidOf);
    return [...purposes, ...(found.length === 3 ? [] : ["not critical"])];
  });
  if (uses.length !== 1 || uses[0] !== oids.forTimeStamping)
    throw fault(
      "the certificate is not one for time stamps alone",
      "the critical extended key usage timeStamping, and no other",
      uses.join(", ") || "no extended key usage",
    );
}

/** From the authority's certificate to one that is trusted, each valid at that time. @throws E_SIGNATURE */
function checkChain(
  leaf: X509Certificate,
  between: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  at: Date,
): void {
  let one = leaf;
  for (let depth = 0; depth < maxChain; depth++) {
    if (!(new Date(one.validFrom) <= at && at <= new Date(one.validTo)))
      throw fault(
        "a certificate of the chain was not valid at the time of the token",
        `${one.validFrom} to ${one.validTo}`,
        at.toISOString(),
      );
    if (trusted.some(({ raw }) => raw.equals(one.raw))) return;
    const issues = (issuer: X509Certificate) =>
      issuer.ca && one.checkIssued(issuer) && one.verify(issuer.publicKey) && !issuer.raw.equals(one.raw);
    const issuer = [...trusted, ...between].find(issues);
    if (!issuer) break;
    one = issuer;
  }
  throw fault(
    "the authority's certificate does not lead to one that the policy trusts",
    trusted.map(({ subject }) => subject?.replaceAll("\n", ", ")).join("; "),
    leaf.issuer.replaceAll("\n", ", "),
  );
}
