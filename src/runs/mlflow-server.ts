// Sends requests to an MLflow server over HTTP. The password comes from the environment and goes into one header, nowhere else.
import { ConcordError } from "../base/index.ts";
import type { Send } from "../tracking/index.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const timeoutMs = 60_000; // of one request

/**
 * A sender for a server's address.
 * @param address `http(s)://host:port`, without name and password
 * @param env `MLFLOW_TRACKING_TOKEN`, or `MLFLOW_TRACKING_USERNAME` and `MLFLOW_TRACKING_PASSWORD`
 * @throws E_ARGUMENT for an address that is none or that holds a password; the sender: E_SERVER when nobody answers
 * @example const send = mlflowServer("http://localhost:5000", process.env);
 */
export function mlflowServer(address: string, env: Environment): Send {
  const root = checkedAddress(address);
  const authorization = authorizationOf(env);
  return async ({ method, path, body }) => {
    const raw = body instanceof Uint8Array;
    const answer = await fetch(`${root}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": raw ? "application/octet-stream" : "application/json" }),
        ...(authorization === undefined ? {} : { authorization }),
      },
      body: body === undefined || raw ? (body as Uint8Array<ArrayBuffer> | undefined) : JSON.stringify(body),
      redirect: "manual", // a password is not carried elsewhere
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((cause: unknown) => {
      throw unreachable(root, cause);
    });
    return { status: answer.status, body: await answer.text() };
  };
}

function checkedAddress(address: string): string {
  const wrong = (problem: string, hint?: string) =>
    new ConcordError("E_ARGUMENT", {
      operation: "--uri",
      problem,
      expected: "http://host:port or https://host",
      hint,
      path: "--uri",
    });
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw wrong("not an address");
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") throw wrong("not an address of a server");
  if (url.username || url.password)
    throw wrong(
      "the address holds a name or a password",
      "set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, instead",
    );
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

function authorizationOf(env: Environment): string | undefined {
  const { MLFLOW_TRACKING_TOKEN: token, MLFLOW_TRACKING_USERNAME: name, MLFLOW_TRACKING_PASSWORD: password } = env;
  if (token) return `Bearer ${token}`;
  return name ? `Basic ${Buffer.from(`${name}:${password ?? ""}`).toString("base64")}` : undefined;
}

/** Without the request: it holds the password. */
function unreachable(root: string, cause: unknown): ConcordError {
  const inner = (cause as { cause?: { code?: string } })?.cause?.code;
  const late = (cause as Error)?.name === "TimeoutError";
  return new ConcordError("E_SERVER", {
    operation: "export to mlflow",
    problem: late ? `no answer within ${timeoutMs / 1000} s` : "the server cannot be reached",
    expected: "an MLflow tracking server",
    got: inner ?? (cause as Error)?.name ?? "no answer",
    hint: "check the address and that the server runs: mlflow server --host … --port …",
    path: root,
  });
}
