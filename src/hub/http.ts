// Requests to a hub: proxies of the environment, redirects followed by hand so that a token stays with its host. The door to undici.
// Knows no model.
import { setTimeout as sleep } from "node:timers/promises";
import { type Dispatcher, EnvHttpProxyAgent, request } from "undici";
import { ConcordError } from "../base/index.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where requests go, and with what. */
export interface Connection {
  /** The hub's address without a slash at the end: `https://huggingface.co`. */
  readonly endpoint: string;
  /** Sent to the endpoint's own origin only, and only over https or to this machine. */
  readonly token?: string;
  readonly proxies: Dispatcher;
  /** Wait before the second try, ms; each later wait is twice as long. */
  readonly waitMs: number;
}

/** An answer whose body is not read yet. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Dispatcher.ResponseData["body"];
  /** Headers of the endpoint's own answer, before redirects: the hub says the checksum there. */
  readonly first: Readonly<Record<string, string | string[] | undefined>>;
}

const timeouts = { headersTimeout: 30_000, bodyTimeout: 60_000 };
const maxRedirects = 5;
/** Tries of one request, or of one file, before a fault of the network is an error. */
export const tries = 5;

/**
 * The connection that the environment describes: `HF_ENDPOINT`, `HF_TOKEN`, `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`.
 * @param waitMs wait before the second try. Default 1000
 * @throws E_ARGUMENT for an endpoint that is no http or https address
 */
export function connectionOf(env: Environment, endpoint: string = hubOf(env), waitMs = 1000): Connection {
  const address = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (!address || !/^https?:$/.test(address.protocol) || address.username || address.search)
    throw new ConcordError("E_ARGUMENT", {
      operation: "connect to a hub",
      problem: "not the address of a hub",
      expected: "an address such as https://huggingface.co",
      got: address?.username ? `${address.protocol}//…@${address.host}` : endpoint,
      path: "HF_ENDPOINT",
    });
  const proxies = new EnvHttpProxyAgent({
    httpProxy: env.http_proxy || env.HTTP_PROXY,
    httpsProxy: env.https_proxy || env.HTTPS_PROXY,
    noProxy: env.no_proxy || env.NO_PROXY || "",
  });
  return { endpoint: endpoint.replace(/\/+$/, ""), token: env.HF_TOKEN || undefined, proxies, waitMs };
}

/** Address of the hub: that of `HF_ENDPOINT`, else Hugging Face's. */
export const hubOf = (env: Environment): string => env.HF_ENDPOINT || "https://huggingface.co";

/**
 * Asks, follows redirects, and asks again after faults that pass: a lost connection, 429, 5xx.
 * @throws E_SERVER when no answer comes; E_INTERRUPTED after an abort
 */
export async function ask(
  connection: Connection,
  url: string,
  { headers = {}, signal }: { headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await follow(connection, url, headers, signal);
      const passing = answer.status === 429 || answer.status >= 500;
      if (!passing || attempt === tries) return answer;
      await answer.body.dump();
      await pause(connection, attempt, signal, Number(answer.headers["retry-after"]) * 1000);
    } catch (cause) {
      if (cause instanceof ConcordError) throw cause;
      if (signal?.aborted) throw interrupted(cause);
      if (attempt === tries || !isPassing(cause)) throw unreachable(connection, url, cause);
      await pause(connection, attempt, signal);
    }
  }
}

async function follow(
  connection: Connection,
  start: string,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<Answer> {
  let url = new URL(start);
  let first: Answer["first"] | undefined;
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const token = mayHaveToken(connection, url) ? { authorization: `Bearer ${connection.token}` } : {};
    const options = { headers: { "user-agent": "concord", ...headers, ...token }, dispatcher: connection.proxies };
    const { statusCode, headers: said, body } = await request(url, { ...options, ...timeouts, signal });
    first ??= said;
    const { location } = said;
    if (![301, 302, 303, 307, 308].includes(statusCode) || typeof location !== "string")
      return { status: statusCode, headers: said, body, first: hop === 0 ? said : { ...said, ...named(first) } };
    await body.dump();
    const next = new URL(location, url);
    if (!/^https?:$/.test(next.protocol) || (url.protocol === "https:" && next.protocol === "http:"))
      throw redirectFault(url, "the server redirects to an address that is not protected");
    url = next;
  }
  throw redirectFault(url, "the server redirects too often");
}

/** What only the hub's own answer says. */
const named = (headers: Answer["first"]) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => /^x-(linked|repo)-/.test(name)));

/** True where the token may go: the endpoint itself, over https or on this machine. */
const mayHaveToken = ({ token, endpoint }: Connection, url: URL): boolean =>
  token !== undefined && url.origin === new URL(endpoint).origin && isPrivate(url);

/** True where nobody on the way can read a header. */
export const isPrivate = (url: URL): boolean =>
  url.protocol === "https:" || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);

const redirectFault = (url: URL, problem: string): ConcordError =>
  new ConcordError("E_SERVER", { operation: "download a model", problem, path: shown(url) });

/** An address without its query, which may hold a signature. */
export const shown = (url: URL | string): string => {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
};

/** Faults that another try may not meet. */
const isPassing = (cause: unknown): boolean =>
  /ECONNRESET|EPIPE|ETIMEDOUT|EAI_AGAIN|UND_ERR_(SOCKET|HEADERS_TIMEOUT|BODY_TIMEOUT|CONNECT_TIMEOUT)/.test(
    codeOf(cause),
  );

const codeOf = (cause: unknown): string => {
  const error = cause as (NodeJS.ErrnoException & { readonly cause?: unknown }) | undefined;
  return error?.code ?? (error?.cause === undefined ? "" : codeOf(error.cause));
};

/** The error of a hub that gives no answer. */
export function unreachable({ endpoint }: Connection, url: string, cause: unknown): ConcordError {
  const code = codeOf(cause);
  const isCertificate = /CERT|UNABLE_TO|SELF_SIGNED|LEAF_SIGNATURE/.test(code);
  return new ConcordError("E_SERVER", {
    operation: "download a model",
    problem: isCertificate ? "the server's certificate is not trusted" : "the server cannot be reached",
    got: code || (cause instanceof Error ? cause.message.slice(0, 200) : undefined),
    hint: isCertificate
      ? "name the file of your organisation's certificate authority in NODE_EXTRA_CA_CERTS"
      : "check the network; behind a proxy set HTTPS_PROXY, for a mirror set HF_ENDPOINT",
    path: shown(URL.canParse(url) ? url : endpoint),
    cause,
  });
}

/** The error of work that was stopped; what was downloaded stays. */
export const interrupted = (cause?: unknown): ConcordError =>
  new ConcordError("E_INTERRUPTED", {
    operation: "download a model",
    problem: "stopped before the end",
    hint: "run the same command again: it continues the files that were begun",
    cause,
  });

/** Waits before the next try. @param atLeastMs what the server asked for; at most a minute is waited */
export async function pause(
  { waitMs }: Connection,
  attempt: number,
  signal: AbortSignal | undefined,
  atLeastMs = 0,
): Promise<void> {
  const wait = Math.min(60_000, Math.max(waitMs * 2 ** (attempt - 1), atLeastMs || 0));
  await sleep(wait, undefined, { signal }).catch(() => {}); // an abort ends it
  if (signal?.aborted) throw interrupted();
}
