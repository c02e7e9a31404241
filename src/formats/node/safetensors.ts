// safetensors files on disk: the head first, tensors when they are asked for, saved whole or not at all. Knows no model.
import { ConcordError, type HostArray, nearestName } from "../../base/index.ts";
import {
  bytesOf,
  decodeTensor,
  type NamedTensors,
  planSafetensors,
  readSafetensorsHead,
  type TensorEntry,
} from "../index.ts";
import { writeFileAtomically } from "./atomic.ts";
import { type FileSource, fileSource } from "./files.ts";

/** Tensors of one or several open files. */
export interface TensorFiles {
  /** What the files hold, in file order. */
  readonly entries: ReadonlyMap<string, TensorEntry>;
  /** The `__metadata__` strings (of the first file). */
  readonly metadata: Readonly<Record<string, string>>;
  /** The names in each file. */
  readonly files: readonly { readonly path: string; readonly names: readonly string[] }[];
  /** Reads one tensor into an array of its own. @throws E_MODEL for an unknown name; E_IO; E_FORMAT */
  read(name: string): Promise<HostArray>;
  /** Reads one tensor's bytes into memory that exists (its `sizeBytes` long), as weights that live in one flat region want. */
  readInto(name: string, target: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a file and reads its head; tensors are read when asked for, each into its own memory, so none is held twice.
 * @param path the file
 * @throws E_IO when it cannot be read; E_FORMAT, E_DTYPE when it is broken
 * @example
 * const file = await openSafetensors("model.safetensors");
 * const weight = await file.read("classifier.weight");
 * await file.close();
 */
export async function openSafetensors(path: string): Promise<TensorFiles> {
  return openTogether([path]);
}

/** Several files as one set of names (which must not meet; `checkShards` says so of a sharded model). */
export async function openTogether(paths: readonly string[]): Promise<TensorFiles> {
  const sources: FileSource[] = [];
  const close = async () => {
    for (const source of sources) await source.close();
  };
  try {
    const entries = new Map<string, TensorEntry>();
    const sourceOf = new Map<string, FileSource>();
    const files: { path: string; names: string[] }[] = [];
    let metadata: Readonly<Record<string, string>> | undefined;
    for (const path of paths) {
      const source = await fileSource(path);
      sources.push(source);
      const head = await readSafetensorsHead(source);
      metadata ??= head.metadata;
      files.push({ path, names: [...head.entries.keys()] });
      for (const [name, entry] of head.entries) {
        if (entries.has(name)) throw twice(name, sourceOf.get(name)!.name, path);
        entries.set(name, entry);
        sourceOf.set(name, source);
      }
    }
    return { entries, metadata: metadata ?? {}, files, ...readersOf(entries, sourceOf), close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

function readersOf(entries: ReadonlyMap<string, TensorEntry>, sourceOf: ReadonlyMap<string, FileSource>) {
  const place = (name: string): [TensorEntry, FileSource] => {
    const entry = entries.get(name);
    if (entry) return [entry, sourceOf.get(name)!];
    const near = nearestName(
      name,
      [...entries.keys()].filter((known) => known.length <= 200),
    );
    throw new ConcordError("E_MODEL", {
      operation: "read tensor",
      problem: "no tensor of this name",
      got: name,
      hint: near && `did you mean ${near}?`,
      path: [...new Set(sourceOf.values())].map((source) => source.name).join(", "),
    });
  };
  return {
    read: async (name: string) => {
      const [entry, source] = place(name);
      return decodeTensor(entry, await source.read(entry.start, entry.sizeBytes), source.name);
    },
    readInto: async (name: string, target: Uint8Array) => {
      const [entry, source] = place(name);
      if (target.byteLength !== entry.sizeBytes)
        throw new ConcordError("E_SHAPE", {
          operation: "read tensor",
          problem: `the memory given for ${name} has another size`,
          expected: `${entry.sizeBytes} bytes, ${entry.dtype}[${entry.shape}]`,
          got: `${target.byteLength} bytes`,
          path: source.name,
        });
      await source.readInto(entry.start, target);
    },
  };
}

function twice(name: string, first: string, second: string): ConcordError {
  const problem = "two files hold a tensor of the same name";
  return new ConcordError("E_FORMAT", {
    operation: "read safetensors",
    problem,
    got: name,
    path: `${first}, ${second}`,
  });
}

/**
 * Writes a file so that its path holds the old one or the whole new one (temporary file, fsync, rename, fsync of the folder).
 * The arrays must not change until the promise settles.
 * @param path the file to make or replace
 * @param tensors name and array; written without another copy
 * @param metadata the `__metadata__` strings; default `{ format: "pt" }`, which Transformers asks for
 * @returns the bytes written
 * @throws E_ARGUMENT for names or data that cannot be written; E_IO
 * @example await writeSafetensorsFile("model.safetensors", tensors)
 */
export async function writeSafetensorsFile(
  path: string,
  tensors: NamedTensors,
  metadata: Readonly<Record<string, string>> = { format: "pt" },
): Promise<number> {
  const plan = planSafetensors(tensors, metadata);
  return writeFileAtomically(path, [plan.head, ...plan.parts.map((part) => bytesOf(part.tensor))]);
}
