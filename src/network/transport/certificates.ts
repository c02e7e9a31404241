// Certificates of a study: the coordinator's own small authority, its server's and its members' certificates. X.509 over P-256, for
// TLS 1.3. Knows no member and no socket. The door to @peculiar/x509.
import "reflect-metadata"; // its containers need it, before it is loaded
import { createHash, webcrypto, X509Certificate } from "node:crypto";
import * as x509 from "@peculiar/x509";

/** A certificate and its private key, PEM. */
export interface Credentials {
  readonly certificate: string;
  readonly key: string;
}

/** The name that a coordinator's server proves: members check it and the authority, not the address that they dialled. */
export const serverName = "coordinator.concord.internal";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const hourMs = 3_600_000;
/** Clocks may differ by a day. */
const backdateMs = 24 * hourMs;
const authorityDays = 3650;
const certificateDays = 397;
const uses = { server: "1.3.6.1.5.5.7.3.1", client: "1.3.6.1.5.5.7.3.2" } as const;

x509.cryptoProvider.set(webcrypto as unknown as Crypto);

const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);

const serial = () =>
  Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)).map((b, i) => (i ? b : b & 0x7f))).toString("hex");

const validity = (now: Date, days: number) => ({
  notBefore: new Date(now.getTime() - backdateMs),
  notAfter: new Date(now.getTime() + days * 24 * hourMs),
});

const pemOf = async (key: webcrypto.CryptoKey) =>
  x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");

const keyOf = (pem: string) =>
  webcrypto.subtle.importKey("pkcs8", x509.PemConverter.decodeFirst(pem), algorithm, true, ["sign"]);

/** A common name holds no character that an X.500 name gives a meaning to. */
const subject = (name: string) => [{ CN: [name] }];

/** Makes the authority of a study. @param now the coordinator's clock; the certificate is valid from a day before */
export async function makeAuthority(name: string, now: Date): Promise<Credentials> {
  const keys = (await newKeys()) as webcrypto.CryptoKeyPair;
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: subject(`Concord study of ${name}`),
    ...validity(now, authorityDays),
    signingAlgorithm: algorithm,
    keys: keys as unknown as CryptoKeyPair,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  return { certificate: made.toString("pem"), key: await pemOf(keys.privateKey) };
}

/** A request for a certificate (PKCS #10), and the private key that stays. */
export async function requestCertificate(name: string): Promise<{ readonly request: string; readonly key: string }> {
  const keys = (await newKeys()) as webcrypto.CryptoKeyPair;
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: subject(name),
    keys: keys as unknown as CryptoKeyPair,
    signingAlgorithm: algorithm,
  });
  return { request: request.toString("pem"), key: await pemOf(keys.privateKey) };
}

/**
 * A certificate for the key of a request. Name and use are the authority's choice, whatever the request says.
 * @returns PEM, or undefined where the request is none, or is not signed by its own key
 */
export async function issueCertificate(
  authority: Credentials,
  request: string,
  { name, use, now }: { readonly name: string; readonly use: keyof typeof uses; readonly now: Date },
): Promise<string | undefined> {
  let asked: x509.Pkcs10CertificateRequest;
  try {
    asked = new x509.Pkcs10CertificateRequest(request);
    if (asked.publicKey.algorithm.name !== "ECDSA" || !(await asked.verify())) return undefined;
  } catch {
    return undefined; // no request
  }
  const issuer = new x509.X509Certificate(authority.certificate);
  const made = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: subject(name),
    issuer: issuer.subjectName.toJSON(),
    ...validity(now, certificateDays),
    signingAlgorithm: algorithm,
    publicKey: asked.publicKey,
    signingKey: (await keyOf(authority.key)) as unknown as CryptoKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([uses[use]], true),
      ...(use === "server" ? [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: serverName }])] : []),
    ],
  });
  return made.toString("pem");
}

/** A certificate for the coordinator's own server. */
export async function serverCredentials(authority: Credentials, now: Date): Promise<Credentials> {
  const { request, key } = await requestCertificate(serverName);
  return { certificate: (await issueCertificate(authority, request, { name: serverName, use: "server", now }))!, key };
}

/** SHA-256 of a certificate's DER form, hex. */
export const fingerprintOf = (certificate: string | Uint8Array): string =>
  createHash("sha256")
    .update(typeof certificate === "string" ? new X509Certificate(certificate).raw : certificate)
    .digest("hex");
