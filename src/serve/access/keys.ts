// Keys of clients: random, shown once, kept as digests. The file is the operator's; a server reads it when it starts.
import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, readFile } from "node:fs/promises";
import { ConcordError } from "../../base/index.ts";
import { ioError, writeFileAtomically } from "../../formats/node/index.ts";
import { roles } from "../http/route.ts";
import { z } from "../schema.ts";

/** What a key may be allowed: see the routes' roles. `predict` allows `read` too; `admin` allows everything. */
export const grants = roles.filter((role) => role !== "open");
export type Grant = (typeof grants)[number];

const name = z.string().regex(/^[\w.@-]{1,64}$/);
const entry = z.strictObject({
  name,
  roles: z.array(z.enum(grants)).min(1),
  /** SHA-256 of the key, hex. A key has 256 random bits: nobody can try them all, so a slow hash would gain nothing. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  made: z.string(),
  /** ISO 8601. */
  expires: z.iso.datetime().optional(),
  perMinute: z.int().min(1).optional(),
});
const file = z.strictObject({ format: z.literal("concord-api-keys"), version: z.literal(1), keys: z.array(entry) });
export type KeyEntry = z.output<typeof entry>;

export const digestOfKey = (key: string): string => createHash("sha256").update(key).digest("hex");

/**
 * Reads a file of keys.
 * @throws E_IO where it cannot be read; E_CONFIG where it is no file of keys, or names one twice
 */
export async function readKeys(path: string): Promise<readonly KeyEntry[]> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw ioError(cause, "read keys", path);
  });
  const fault = (problem: string, got?: string) =>
    new ConcordError("E_CONFIG", {
      operation: "read keys",
      problem,
      expected: "a file that concord api-keys add made",
      got,
      path,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fault("not JSON");
  }
  const found = file.safeParse(value);
  if (!found.success) throw fault("not a file of keys", found.error.issues[0]!.path.join("."));
  const { keys } = found.data;
  const twice = keys.find((one, i) => keys.findIndex((other) => other.name === one.name) < i);
  if (twice) throw fault("two keys have one name", twice.name);
  return keys;
}

export interface NewKey {
  readonly name: string;
  readonly roles: readonly Grant[];
  /** ISO 8601. Default never. */
  readonly expires?: string;
  /** Requests a minute. Default no limit. */
  readonly perMinute?: number;
}

/**
 * Adds a key to a file, which is made where there is none.
 * @returns the key itself, which is not kept anywhere
 * @throws E_ARGUMENT for a name that is taken or none; as {@link readKeys}
 */
export async function addKey(path: string, asked: NewKey, now: Date): Promise<string> {
  const keys = existsSync(path) ? await readKeys(path) : [];
  const wrong = (problem: string, expected: string, got: string) =>
    new ConcordError("E_ARGUMENT", { operation: "add a key", problem, expected, got });
  if (!name.safeParse(asked.name).success)
    throw wrong("not a name", "1 to 64 letters, digits, dots, -, _ or @", asked.name);
  if (keys.some((key) => key.name === asked.name))
    throw wrong("there is a key of this name", "another name", asked.name);
  const key = `ck_${randomBytes(32).toString("base64url")}`;
  await writeKeys(path, [
    ...keys,
    { ...asked, roles: [...asked.roles], digest: digestOfKey(key), made: now.toISOString() },
  ]);
  return key;
}

/** Removes a key. @throws E_ARGUMENT where there is none of this name; as {@link readKeys} */
export async function removeKey(path: string, gone: string): Promise<void> {
  const keys = await readKeys(path);
  const left = keys.filter((key) => key.name !== gone);
  if (left.length === keys.length)
    throw new ConcordError("E_ARGUMENT", {
      operation: "remove a key",
      problem: "there is no key of this name",
      expected: keys.map((key) => key.name).join(", "),
      got: gone,
    });
  await writeKeys(path, left);
}

async function writeKeys(path: string, keys: readonly KeyEntry[]): Promise<void> {
  const text = JSON.stringify({ format: "concord-api-keys", version: 1, keys }, null, 1);
  await writeFileAtomically(path, [new TextEncoder().encode(`${text}\n`)]);
  await chmod(path, 0o600);
}
