// What a hub says of a model: its commit, licence and files with sizes and checksums. Everything it says is checked.
import { ConcordError, isConcordError } from "../base/index.ts";
import { maxBytesOf } from "./allowed-files.ts";
import { type Answer, ask, type Connection, interrupted, isPrivate, shown, unreachable } from "./http.ts";
import type { ModelName } from "./model-name.ts";

/** How a file's content is checked: SHA-256, or SHA-1 of a Git blob, as hubs give it for small files. */
export interface Checksum {
  readonly algorithm: "sha256" | "git-sha1";
  /** Lower-case hexadecimal. */
  readonly value: string;
}

/** A file of a repository. */
export interface HubFile {
  readonly name: string;
  readonly sizeBytes?: number;
  readonly checksum?: Checksum;
}

/** A model at one commit. */
export interface Repository {
  readonly repository: string;
  readonly commit: string;
  readonly license?: string;
  readonly files: readonly HubFile[];
}

const maxAnswerBytes = 8 * 2 ** 20;
const maxFiles = 300;

/**
 * Asks a hub for a model's files at a revision.
 * @throws E_SERVER where it cannot be reached or refuses; E_ARGUMENT where there is no such model; E_FORMAT for an answer of another kind;
 * E_MODEL for a model without safetensors
 */
export async function readRepository(
  connection: Connection,
  name: ModelName,
  signal?: AbortSignal,
): Promise<Repository> {
  const path = `${name.repository}/revision/${encodeURIComponent(name.revision)}`;
  const url = `${connection.endpoint}/api/models/${path}?blobs=true`;
  const answer = await ask(connection, url, { headers: { accept: "application/json" }, signal });
  if (answer.status !== 200) throw await refused(connection, answer, url, name);
  const text = await textOf(answer, connection, url, signal);
  return checkedRepository(text, name.repository, shown(url));
}

async function textOf(answer: Answer, connection: Connection, url: string, signal?: AbortSignal): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of answer.body) {
      parts.push(part);
      size += part.length;
      if (size > maxAnswerBytes) throw notAHub(shown(url), `more than ${maxAnswerBytes} bytes`);
    }
  } catch (cause) {
    if (isConcordError(cause)) throw cause;
    throw signal?.aborted ? interrupted(cause) : unreachable(connection, url, cause);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** Reads the hub's answer. @throws E_FORMAT, E_MODEL */
export function checkedRepository(text: string, repository: string, path: string): Repository {
  const answer = record(parsed(text, path));
  const { sha, siblings, cardData, tags } = answer ?? {};
  if (typeof sha !== "string" || !/^[0-9a-f]{40}$/.test(sha) || !Array.isArray(siblings))
    throw notAHub(path, "JSON of another kind");
  const all = siblings.map((entry) => hubFile(record(entry) ?? {}));
  const files = all.filter(({ name }) => maxBytesOf(name) !== undefined);
  checkFiles(files, all, path);
  const tag = Array.isArray(tags)
    ? tags.find((one) => typeof one === "string" && one.startsWith("license:"))
    : undefined;
  const stated = record(cardData)?.license ?? (typeof tag === "string" ? tag.slice("license:".length) : undefined);
  return { repository, commit: sha, license: typeof stated === "string" ? stated.slice(0, 100) : undefined, files };
}

function hubFile(entry: Readonly<Record<string, unknown>>): HubFile {
  const { rfilename, size, blobId } = entry;
  const lfs = record(entry.lfs);
  const checksum = lfs ? checksumOf(lfs.sha256) : checksumOf(blobId);
  const bytes = lfs ? lfs.size : size;
  return {
    name: typeof rfilename === "string" ? rfilename : "",
    sizeBytes: typeof bytes === "number" && Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : undefined,
    checksum,
  };
}

/** A checksum by its length; an ETag's quotes are left out. @example checksumOf('"d2b5…40 digits"') // { algorithm: "git-sha1", … } */
export function checksumOf(text: unknown): Checksum | undefined {
  const value = typeof text === "string" ? text.replace(/^(W\/)?"|"$/g, "").toLowerCase() : "";
  if (/^[0-9a-f]{64}$/.test(value)) return { algorithm: "sha256", value };
  return /^[0-9a-f]{40}$/.test(value) ? { algorithm: "git-sha1", value } : undefined;
}

function checkFiles(files: readonly HubFile[], all: readonly HubFile[], path: string): void {
  const operation = "models get";
  const has = (pattern: RegExp) => all.some(({ name }) => pattern.test(name));
  if (!files.some(({ name }) => name.endsWith(".safetensors")) || !has(/^(adapter_)?config\.json$/))
    throw new ConcordError("E_MODEL", {
      operation,
      problem: has(/\.(bin|h5|ckpt|pt|msgpack)$/)
        ? "the model has its weights only in formats that can hold code"
        : "the repository holds no model that can be read",
      expected: "config.json, model.safetensors and tokenizer.json",
      got: all
        .slice(0, 8)
        .map(({ name }) => name.slice(0, 60))
        .join(", "),
      hint: "look for a revision with safetensors on the model's page, and name it with --revision",
      path,
    });
  if (files.length > maxFiles) throw notAHub(path, `${files.length} files`);
  for (const { name, sizeBytes = 0 } of files)
    if (sizeBytes > maxBytesOf(name)!)
      throw new ConcordError("E_FORMAT", {
        operation,
        problem: "the file is too large for what it should be",
        expected: `at most ${maxBytesOf(name)} bytes`,
        got: `${sizeBytes} bytes`,
        path: name,
      });
}

/** The error of an answer that is no success; its body is read no further. */
export async function refused(
  connection: Connection,
  answer: Answer,
  url: string,
  { repository, revision }: ModelName,
): Promise<ConcordError> {
  await answer.body.dump();
  const { status, headers } = answer;
  const code = String(headers["x-error-code"] ?? "");
  const facts = { operation: "download a model", got: `HTTP ${status}`, path: shown(url) };
  if (code === "RevisionNotFound" || code === "EntryNotFound")
    return new ConcordError("E_ARGUMENT", {
      ...facts,
      problem: "the model has no such revision",
      got: revision,
      hint: "leave out --revision for the newest one",
    });
  if (status === 404 || (code === "RepoNotFound" && connection.token))
    return new ConcordError("E_ARGUMENT", {
      ...facts,
      problem: "the hub has no such model",
      got: repository,
      hint: "concord models list shows models that fit",
    });
  if (status === 401 || status === 403)
    return new ConcordError("E_SERVER", { ...facts, ...access(connection, status) });
  if (status === 429)
    return new ConcordError("E_SERVER", {
      ...facts,
      problem: "the server takes no more requests for now",
      hint: "wait some minutes and run the same command again; with HF_TOKEN set a hub allows more",
    });
  return new ConcordError("E_SERVER", { ...facts, problem: "the server refuses", hint: "try again later" });
}

function access({ token, endpoint }: Connection, status: number): { problem: string; hint: string } {
  if (token && !isPrivate(new URL(endpoint)))
    return { problem: "the hub asks for a token", hint: "HF_TOKEN is sent over https only: set HF_ENDPOINT to https" };
  if (!token)
    return {
      problem: "the hub has no such model, or asks for a token to read it",
      hint: "check the name; for a model with restricted access set HF_TOKEN",
    };
  return status === 401
    ? { problem: "the hub refuses the token", hint: "set HF_TOKEN to a token that is valid" }
    : {
        problem: "the owner of the model has not given access to it",
        hint: "ask for access on the model's page, with the account of HF_TOKEN",
      };
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notAHub(path, text.slice(0, 60));
  }
}

const record = (value: unknown): Readonly<Record<string, unknown>> | undefined => (isRecord(value) ? value : undefined);
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const notAHub = (path: string, got: string): ConcordError =>
  new ConcordError("E_FORMAT", {
    operation: "models get",
    problem: "the answer is none of a model hub",
    expected: "a model's commit and files, as the Hugging Face Hub gives them",
    got,
    hint: "check HF_ENDPOINT",
    path,
  });
