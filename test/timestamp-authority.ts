// A time stamp authority of this machine: certificates and answers by OpenSSL, behind a small HTTP server.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Why the tests of time stamps cannot run here; undefined where they can. */
export function lacksOpenssl(): string | undefined {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "openssl is not installed: it is the authority of these tests";
  }
}

const settings = (digest: string) => `
[tsa]
default_tsa = authority
[authority]
serial = serial
signer_cert = tsa.pem
certs = ca.pem
signer_key = tsa.key
signer_digest = ${digest}
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1, millisecs:500
tsa_name = yes
ess_cert_id_alg = sha256
[none]
basicConstraints = CA:false
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[stamps]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[loose]
basicConstraints = CA:false
extendedKeyUsage = timeStamping
[mail]
basicConstraints = CA:false
extendedKeyUsage = critical, timeStamping, emailProtection
`;

export interface AuthorityOptions {
  /** Section of the authority's certificate. Default "stamps". */
  readonly extensions?: "stamps" | "loose" | "mail" | "none";
  /** Default ECDSA with P-256. */
  readonly kind?: "ec" | "rsa";
  /** Default sha256. */
  readonly digest?: "sha256" | "sha384" | "sha512";
  /** Days that the authority's certificate is valid. Default 30. */
  readonly days?: number;
}

export interface Authority {
  readonly home: string;
  /** PEM of the certificate that issued the authority's. */
  readonly ca: string;
  /** The answer to a request, in DER. */
  readonly answer: (request: Uint8Array) => Buffer;
  /** Any content of a token, signed as a token is. @param names whether the signature names its certificate */
  readonly sign: (content: Uint8Array, names?: boolean) => Buffer;
  /** The content of a token: TSTInfo. */
  readonly content: (token: Uint8Array) => Buffer;
  readonly remove: () => void;
}

/** Makes certificates and answers requests. */
export function makeAuthority({
  extensions = "stamps",
  kind = "ec",
  digest = "sha256",
  days = 30,
}: AuthorityOptions = {}): Authority {
  const home = mkdtempSync(join(tmpdir(), "concord-tsa-"));
  const run = (...args: string[]) => execFileSync("openssl", args, { cwd: home, stdio: ["ignore", "pipe", "ignore"] });
  const key = kind === "ec" ? ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"] : ["rsa:2048"];
  writeFileSync(join(home, "tsa.cnf"), settings(digest));
  writeFileSync(join(home, "serial"), "01\n");
  const made = ["-newkey", ...key, "-nodes", "-config", "tsa.cnf"];
  run(
    "req",
    "-x509",
    ...made,
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    "-subj",
    "/CN=Test root",
    "-extensions",
    "ca",
    "-days",
    "3650",
  );
  run("req", "-new", ...made, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test authority");
  run(
    ..."x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out tsa.pem -extfile tsa.cnf".split(" "),
    "-days",
    String(days),
    "-extensions",
    extensions,
  );
  return {
    home,
    ca: readFileSync(join(home, "ca.pem"), "utf8"),
    answer(request) {
      writeFileSync(join(home, "request.tsq"), request);
      run(..."ts -reply -config tsa.cnf -queryfile request.tsq -out answer.tsr".split(" "));
      return readFileSync(join(home, "answer.tsr"));
    },
    sign(content, names = true) {
      writeFileSync(join(home, "content.der"), content);
      const cms =
        "cms -sign -binary -nodetach -econtent_type 1.2.840.113549.1.9.16.1.4 -signer tsa.pem -inkey tsa.key -md sha256";
      run(...`${cms} -in content.der -outform DER -out token.der`.split(" "), ...(names ? ["-cades"] : []));
      return readFileSync(join(home, "token.der"));
    },
    content(token) {
      writeFileSync(join(home, "token.der"), token);
      run(..."cms -verify -noverify -binary -inform DER -in token.der -out content.der".split(" "));
      return readFileSync(join(home, "content.der"));
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** Serves an authority. @param answer what it sends, default its own answers */
export async function serveAuthority(
  authority: Authority,
  answer: (request: Buffer) => { readonly status?: number; readonly body: Uint8Array } = (request) => ({
    body: authority.answer(request),
  }),
) {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const { status = 200, body } = answer(Buffer.concat(parts));
      response.writeHead(status, { "content-type": "application/timestamp-reply" }).end(body);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => new Promise<void>((done) => server.close(() => done())),
  };
}
