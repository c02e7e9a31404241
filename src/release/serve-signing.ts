// concord sign --page: one page on this machine on which a signer reads a passport and signs it. The adversary is another program or a web
// page on the same machine: it cannot guess the one-time token of the address, the cookie or the form's secret, and the server answers to
// its own address only (test/release/serve-signing.test.ts). It does not protect against who can read the signer's screen or files.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { ConcordError, isConcordError } from "../base/index.ts";
import { ioError } from "../formats/node/index.ts";
import { type Language, say } from "../messages/index.ts";
import { type Passport, parsePassport, passportType } from "../passport/index.ts";
import { signedPage, signPage } from "../report/index.ts";
import { isEncryptedKey, parseEnvelope } from "../store/index.ts";
import { payloadDigest } from "./attestations.ts";
import { passportName } from "./names.ts";
import { signPassport } from "./sign-passport.ts";

export interface SigningOptions {
  /** The passport to sign. */
  readonly path: string;
  /** Private key file. */
  readonly keyFile: string;
  /** Of the key; where it is encrypted and none is given, the page asks. */
  readonly passphrase?: string;
  readonly language: Language;
  /** Folder of an earlier release to compare with. */
  readonly previous?: string;
  /** Called once the page can be opened. */
  readonly onReady: (url: string) => void;
  readonly signal?: AbortSignal;
}

const mostTries = 5;
const longestForm = 4096;

/**
 * Serves the page at 127.0.0.1 until the signer signs or refuses.
 * @returns whether it was signed
 * @throws E_INTERRUPTED by the signal; E_SIGNATURE after five wrong passphrases, or where the key has signed already; E_CHECKSUM where the
 * passport changed after it was shown; E_IO, E_FORMAT
 * @example await serveSigning({ path: "runs/a/passport.json", keyFile: "keys/auditor.key", language: "en", onReady: console.log });
 */
export async function serveSigning(options: SigningOptions): Promise<boolean> {
  const { path, keyFile, signal } = options;
  const session: Session = {
    options,
    shown: await readPassport(path),
    previous: options.previous === undefined ? undefined : await readPassport(join(options.previous, passportName)),
    encrypted: options.passphrase === undefined && (await isEncryptedKey(keyFile)),
    oneTime: secret(),
    cookie: secret(),
    formToken: secret(),
    opened: false,
    tries: 0,
  };
  const server = createServer({ requestTimeout: 30_000 });
  const signed = new Promise<boolean>((done, fail) => {
    server.on("error", fail);
    signal?.addEventListener("abort", () =>
      fail(
        new ConcordError("E_INTERRUPTED", {
          operation: "sign",
          problem: "the page was closed without a signature",
          path,
        }),
      ),
    );
    server.on("request", (request, response) => {
      respond(session, `127.0.0.1:${portOf(server)}`, request, response).then(
        (outcome) => {
          if (outcome !== undefined) response.once("close", () => done(outcome));
        },
        (error: unknown) => {
          send(response, 500, "");
          fail(error);
        },
      );
    });
  });
  server.listen(0, "127.0.0.1", () =>
    options.onReady(`http://127.0.0.1:${portOf(server)}/open?token=${session.oneTime}`),
  );
  try {
    signal?.throwIfAborted();
    return await signed;
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

type ReadPassport = Awaited<ReturnType<typeof readPassport>>;

/** One signing: what is shown, its secrets, and what has happened. */
interface Session {
  readonly options: SigningOptions;
  readonly shown: ReadPassport;
  readonly previous?: ReadPassport;
  readonly encrypted: boolean;
  /** Of the address: opens the page once. */
  readonly oneTime: string;
  readonly cookie: string;
  readonly formToken: string;
  opened: boolean;
  tries: number;
}

const secret = (): string => randomBytes(24).toString("base64url");

const languageIn = (text: string | null, otherwise: Language): Language =>
  text === "en" || text === "zh" ? text : otherwise;

const pageOf = ({ shown, previous, encrypted, formToken, options }: Session, language: Language, problem?: string) =>
  signPage({
    ...shown,
    language,
    keyFile: options.keyFile,
    encrypted,
    previous: previous?.passport,
    formToken,
    problem,
  });

/** Answers one request. @returns whether it was signed, once that is decided */
async function respond(
  session: Session,
  host: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean | undefined> {
  const url = new URL(request.url ?? "/", `http://${host}`);
  if (request.headers.host !== host) return send(response, 403, "");
  if (request.method === "GET" && url.pathname === "/open") return open(session, url, response);
  if (!same(cookieOf(request), session.cookie)) return send(response, 403, "");
  const language = languageIn(url.searchParams.get("lang"), session.options.language);
  if (request.method === "GET" && url.pathname === "/") return send(response, 200, pageOf(session, language));
  const decides = url.pathname === "/sign" || url.pathname === "/refuse";
  if (request.method !== "POST" || !decides) return send(response, 404, "");
  const form = await formOf(request);
  const { origin = "null" } = request.headers; // null: the page sends no referrer, and browsers then hide its origin
  if (!form || !same(form.get("token"), session.formToken) || (origin !== "null" && origin !== `http://${host}`))
    return send(response, 403, "");
  const spoken = languageIn(form.get("lang"), language);
  if (url.pathname === "/refuse") {
    send(response, 200, signedPage(spoken, session.shown.passport.name, "refused"));
    return false;
  }
  if (form.get("read") !== "yes") return send(response, 200, pageOf(session, spoken));
  return await signNow(session, form.get("passphrase") ?? undefined, spoken, response);
}

/** The first request of the address sets the cookie; a second one is refused. */
function open(session: Session, url: URL, response: ServerResponse): undefined {
  if (session.opened || !same(url.searchParams.get("token"), session.oneTime)) return send(response, 403, "");
  session.opened = true;
  response.setHeader("Set-Cookie", `concord=${session.cookie}; HttpOnly; SameSite=Strict; Path=/`);
  response.setHeader("Location", "/");
  return send(response, 303, "");
}

async function signNow(
  session: Session,
  given: string | undefined,
  language: Language,
  response: ServerResponse,
): Promise<true | undefined> {
  const { options, shown, encrypted } = session;
  try {
    await signPassport(options.path, [options.keyFile], options.passphrase ?? given, { payloadDigest: shown.digest });
  } catch (error) {
    const isPassphrase = encrypted && isConcordError(error, "E_SIGNATURE") && /passphrase/.test(error.facts.problem);
    if (!isPassphrase || ++session.tries >= mostTries) throw error;
    const problem = say(language, "signPage.wrong", { left: mostTries - session.tries });
    return send(response, 200, pageOf(session, language, problem));
  }
  send(response, 200, signedPage(language, shown.passport.name, "signed"));
  return true;
}

const portOf = (server: ReturnType<typeof createServer>): number => {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
};

/** Compares secrets in constant time. */
function same(given: string | null | undefined, secret: string): boolean {
  const [a, b] = [given ?? "", secret].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(a!, b!);
}

const cookieOf = ({ headers }: IncomingMessage): string | undefined =>
  /(?:^|;\s*)concord=([\w-]+)/.exec(headers.cookie ?? "")?.[1];

/** The fields of a small form; undefined for anything larger or of another type. */
async function formOf(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  if (!/^application\/x-www-form-urlencoded\b/.test(request.headers["content-type"] ?? "")) return undefined;
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > longestForm) return undefined;
  }
  return new URLSearchParams(text);
}

function send(response: ServerResponse, status: number, body: string): undefined {
  response.writeHead(status, {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    Connection: "close",
  });
  response.end(body);
}

/** A passport and what signs it. */
async function readPassport(
  path: string,
): Promise<{ readonly passport: Passport; readonly digest: string; readonly signedBy: readonly string[] }> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw ioError(cause, "sign", path);
  });
  const envelope = parseEnvelope(bytes, passportType, path);
  return {
    passport: parsePassport(envelope.payload, path),
    digest: payloadDigest(envelope),
    signedBy: envelope.signatures.map((signature) => signature.keyid),
  };
}
