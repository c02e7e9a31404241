// A checkpoint is one safetensors file (so that any tool opens it): the caller's tensors, then `__state__` (JSON as
// UTF-8 bytes), then `__checksums__` (SHA-256 of the head and of every tensor). Opens no file and knows no trainer.
// In every version the last tensor is `__checksums__` uint8[tensors, 32] and its first row is the head's.
import { ConcordError, type HostArray, hostArray } from "../base/index.ts";
import { decodeUtf8, type JsonValue, parseJson } from "./json.ts";
import {
  decodeTensor,
  parseSafetensorsHead,
  type SafetensorsHeader,
  safetensorsHeadBytes,
  type TensorEntry,
} from "./safetensors.ts";
import { bytesOf, type NamedTensors, planSafetensors } from "./safetensors-write.ts";
import { type ByteSource, shown } from "./source.ts";

const formatName = "concord-checkpoint";
/** Version that is written; it and all older ones are read. */
export const checkpointVersion = 1;
/** Longest state that is written or read: 256 MiB of JSON, 64 levels deep. */
export const maxStateBytes = 2 ** 28;
const maxStateDepth = 64;

const stateName = "__state__";
const checksumsName = "__checksums__";
const pieceBytes = 2 ** 26; // hashed and written at a time

/** What a trainer needs to go on. */
export interface Checkpoint {
  /** Optimizer steps done. */
  readonly step: number;
  /** Parameters, optimizer state, anything that must come back bit for bit. */
  readonly tensors: ReadonlyMap<string, HostArray>;
  /** Everything else: epoch, random states, schedule, place in the data, history. */
  readonly state: JsonValue;
}

/** A running SHA-256, as `createHash("sha256")` of node:crypto gives; this room has none of its own. */
export interface Sha256 {
  update(bytes: Uint8Array): unknown;
  /** 32 bytes. */
  digest(): Uint8Array;
}

/**
 * A checkpoint file as chunks. Tensors are yielded as views and hashed on the way, so nothing is copied; they must not
 * change until the last chunk is taken.
 * @param checkpoint `step` ≥ 0; `tensors` under any names but `__state__` and `__checksums__`; `state` plain JSON (−0 becomes 0)
 * @param newSha256 makes a running hash
 * @throws E_ARGUMENT for a step, a name or a state that cannot be kept exactly (NaN, undefined, a class instance …)
 * @example for (const chunk of encodeCheckpoint({ step, tensors, state }, () => createHash("sha256"))) write(chunk);
 */
export function* encodeCheckpoint(
  checkpoint: { readonly step: number; readonly tensors: NamedTensors; readonly state: JsonValue },
  newSha256: () => Sha256,
): Generator<Uint8Array> {
  const { step, state } = checkpoint;
  if (!Number.isSafeInteger(step) || step < 0) throw refused("bad step", "a whole number from 0", `${step}`);
  checkState(state, "state", 0);
  const json = new TextEncoder().encode(JSON.stringify(state));
  if (json.byteLength > maxStateBytes)
    throw refused("the state is too large", `at most ${maxStateBytes} bytes of JSON`, `${json.byteLength}`);
  const tensors = [...checkpoint.tensors];
  const sums = new Uint8Array(32 * (tensors.length + 2));
  const metadata = { format: formatName, version: `${checkpointVersion}`, step: `${step}` };
  const plan = planSafetensors(tensors, metadata, [
    [stateName, hostArray("uint8", [json.byteLength], json)],
    [checksumsName, hostArray("uint8", [tensors.length + 2, 32], sums)],
  ]);
  const chunks = [plan.head, ...plan.parts.slice(0, -1).map((part) => bytesOf(part.tensor))];
  for (const [row, bytes] of chunks.entries()) {
    const hash = newSha256();
    for (const piece of pieces(bytes)) {
      hash.update(piece);
      yield piece;
    }
    sums.set(hash.digest(), 32 * row);
  }
  yield sums;
}

/** Options of {@link readCheckpoint}. */
export interface ReadCheckpointOptions {
  /**
   * Memory that a tensor's bytes go to, `sizeBytes` long, instead of a new array (default: none). It is written before the
   * checksum is known: after an error its content means nothing.
   */
  readonly into?: (entry: TensorEntry) => Uint8Array | undefined;
}

/**
 * Reads and verifies a whole checkpoint. Each tensor is read once, into its own memory, and hashed there.
 * @param source the file
 * @param newSha256 makes a running hash
 * @param options where tensors go
 * @returns the checkpoint; tensors that went `into` memory are views of it
 * @throws E_FORMAT when it is not a whole checkpoint; E_CHECKSUM naming the damaged part; E_VERSION when it is newer
 * @example const { step, state } = await readCheckpoint(bytesSource(bytes, "x"), () => createHash("sha256"));
 */
export async function readCheckpoint(
  source: ByteSource,
  newSha256: () => Sha256,
  options: ReadCheckpointOptions = {},
): Promise<Checkpoint> {
  const headBytes = safetensorsHeadBytes(
    await source.read(0, Math.min(8, source.sizeBytes)),
    source.sizeBytes,
    source.name,
  );
  const head = await source.read(0, headBytes);
  const header = parseSafetensorsHead(head, source.sizeBytes, source.name);
  const sums = await readSums(source, header);
  const verify = (row: number, bytes: Uint8Array, part: string) => {
    const hash = newSha256();
    for (const piece of pieces(bytes)) hash.update(piece);
    const sum = hash.digest();
    if (sum.some((byte, i) => byte !== sums[32 * row + i])) throw damaged(source.name, part);
  };
  verify(0, head, "the head");
  const step = readStep(header, source.name);
  const tensors = new Map<string, HostArray>();
  let state: JsonValue = null;
  let row = 0;
  for (const entry of header.entries.values()) {
    row++;
    if (entry.name === checksumsName) continue;
    const isState = entry.name === stateName;
    const target = isState ? undefined : targetOf(entry, options);
    if (target) await source.readInto(entry.start, target);
    const bytes = target ?? (await source.read(entry.start, entry.sizeBytes));
    verify(row, bytes, `tensor ${shown(entry.name)}`);
    if (isState) state = parseState(bytes, source.name);
    else tensors.set(entry.name, decodeTensor(entry, bytes, source.name));
  }
  return { step, tensors, state };
}

async function readSums(source: ByteSource, { entries, metadata }: SafetensorsHeader): Promise<Uint8Array> {
  const { name } = source;
  if (metadata.format !== formatName)
    throw broken(
      name,
      "not a checkpoint",
      `format ${formatName}`,
      shown(metadata.format ?? "a plain safetensors file"),
    );
  const entry = [...entries.values()].at(-1);
  if (entry?.name !== checksumsName || entry.dtype !== "uint8" || `${entry.shape}` !== `${[entries.size, 32]}`)
    throw broken(name, "no checksums at the end", `uint8[${entries.size},32]`, shown(entry?.name ?? "nothing"));
  return source.read(entry.start, entry.sizeBytes);
}

function readStep({ metadata, entries }: SafetensorsHeader, name: string): number {
  const { version = "nothing", step = "nothing" } = metadata;
  if (!/^[1-9]\d{0,8}$/.test(version)) throw broken(name, "bad version", "a whole number from 1", shown(version));
  if (Number(version) > checkpointVersion)
    throw new ConcordError("E_VERSION", {
      operation: "read checkpoint",
      problem: "written by a newer Concord",
      expected: `version ${checkpointVersion} or older`,
      got: `version ${version}`,
      hint: "update Concord, or choose another checkpoint folder",
      path: name,
    });
  if (!/^\d{1,16}$/.test(step) || !Number.isSafeInteger(Number(step)))
    throw broken(name, "bad step", "a whole number from 0", shown(step));
  if (entries.get(stateName)?.dtype !== "uint8") throw broken(name, "no state", `uint8 tensor ${stateName}`, "nothing");
  return Number(step);
}

function targetOf(entry: TensorEntry, { into }: ReadCheckpointOptions): Uint8Array | undefined {
  const target = into?.(entry);
  if (target && target.byteLength !== entry.sizeBytes)
    throw new ConcordError("E_SHAPE", {
      operation: "read checkpoint",
      problem: `the memory given for ${shown(entry.name)} has another size`,
      expected: `${entry.sizeBytes} bytes, ${entry.dtype}[${entry.shape}]`,
      got: `${target.byteLength} bytes`,
    });
  return target;
}

function parseState(bytes: Uint8Array, name: string): JsonValue {
  return parseJson(decodeUtf8(bytes, name), name, { maxBytes: maxStateBytes, maxDepth: maxStateDepth });
}

// JSON.stringify would turn NaN into null, drop undefined and call toJSON; a state must come back as it was.
function checkState(value: unknown, path: string, depth: number): void {
  const bad = (got: string) =>
    refused(`${path} cannot be kept as JSON`, "null, true, text, finite numbers, lists, plain objects", got);
  if (value === null || typeof value === "boolean" || typeof value === "string") return;
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw bad(String(value));
    return;
  }
  if (typeof value !== "object") throw bad(typeof value);
  if (depth >= maxStateDepth) throw bad(`more than ${maxStateDepth} levels, or a cycle`);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) checkState(value[i], `${path}[${i}]`, depth + 1);
    return;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype)
    throw bad(value.constructor?.name ?? "an object without a prototype");
  for (const [name, entry] of Object.entries(value)) {
    if (name === "__proto__") throw bad("a name __proto__");
    checkState(entry, `${path}.${name}`, depth + 1);
  }
}

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += pieceBytes) yield bytes.subarray(start, start + pieceBytes);
}

function damaged(path: string, part: string): ConcordError {
  const [operation, problem] = ["read checkpoint", `${part} differs from its checksum`];
  return new ConcordError("E_CHECKSUM", { operation, problem, hint: "use an older checkpoint", path });
}

function broken(path: string, problem: string, expected: string, got: string): ConcordError {
  return new ConcordError("E_FORMAT", { operation: "read checkpoint", problem, expected, got, path });
}

function refused(problem: string, expected: string, got: string): ConcordError {
  return new ConcordError("E_ARGUMENT", { operation: "write checkpoint", problem, expected, got });
}
