// A causal language model that remembers: prompts are read once, then one token of each text at a time. Knows tokens; no text, no
// sampling and no file.
// Shapes: B texts, S tokens of a step, P tokens before it, K key/value heads, D head width, V vocabulary.
import { ConcordError, type HostArray } from "../base/index.ts";
import { cacheNames, decoderGraph, type Model } from "../models/index.ts";
import type { Executable, Runtime } from "../runtime/index.ts";

/** Texts that are being written, one row each. */
export interface Decoding {
  /** Logits of the token that follows each text, [V] a row. */
  readonly logits: readonly Float32Array[];
  /** Adds a token to each text, none of which may have more than the limit then. */
  step(tokens: readonly number[]): Promise<void>;
  /** Goes on with these rows, in this order; one may stand several times. */
  keep(rows: readonly number[]): void;
  /** Takes in the texts of another decoding of the same decoder, after its own. The other one is used up. */
  join(other: Decoding): void;
  /** What is remembered of the texts. */
  readonly state: DecodingState;
}

/** What is remembered of texts: read by `join`. */
export interface DecodingState {
  /** Places before each text that hold none of it, so that all texts end at one place. */
  readonly before: readonly number[];
  /** Places of all texts. */
  readonly length: number;
  readonly logits: readonly Float32Array[];
  /** Keys and values by the name of their input, [B, K, length, D]. */
  readonly cache: ReadonlyMap<string, HostArray>;
}

/** A model compiled for writing. Call `dispose` when done. */
export interface Decoder {
  readonly model: Model;
  /** Most tokens of a text. */
  readonly limit: number;
  /** Reads prompts. @throws E_ARGUMENT for one that is empty or longer than the limit */
  start(prompts: readonly (readonly number[])[]): Promise<Decoding>;
  dispose(): Promise<void>;
}

/**
 * Compiles a model with its weights inside.
 * @throws E_MODEL for a model that is no causal language model, or where a weight is missing
 * @example const decoder = await openDecoder(model, weights, cpuRuntime); const texts = await decoder.start([[1, 7, 9]]);
 */
export async function openDecoder(
  model: Model,
  weights: ReadonlyMap<string, HostArray>,
  runtime: Runtime,
  { threads }: { readonly threads?: number } = {},
): Promise<Decoder> {
  const bind = Object.fromEntries(
    model.parameters.map(({ name }) => [name, { kind: "initializer" as const, array: weightOf(weights, name) }]),
  );
  const executable = await runtime.compile(decoderGraph(model, { logits: "last" }), { bind, threads });
  return decoderOf(model, executable, {});
}

/** A model compiled without its weights, which each text is started with. Call `dispose` when done. */
export interface BareDecoder {
  /** With these weights, until they change. Its `dispose` does nothing. @throws E_MODEL where one is missing */
  with(weights: ReadonlyMap<string, HostArray>): Decoder;
  dispose(): Promise<void>;
}

/**
 * Compiles a model whose weights change between texts: slower for each token than {@link openDecoder}, and compiled once.
 * @throws E_MODEL for a model that is no causal language model
 */
export async function openBareDecoder(
  model: Model,
  runtime: Runtime,
  { threads }: { readonly threads?: number } = {},
): Promise<BareDecoder> {
  const executable = await runtime.compile(decoderGraph(model, { logits: "last" }), { threads });
  const nothing = { run: executable.run, dispose: async () => {} };
  return {
    with: (weights) =>
      decoderOf(
        model,
        nothing,
        Object.fromEntries(model.parameters.map(({ name }) => [name, weightOf(weights, name)])),
      ),
    dispose: () => executable.dispose(),
  };
}

function weightOf(weights: ReadonlyMap<string, HostArray>, name: string): HostArray {
  const array = weights.get(name);
  if (array) return array;
  throw new ConcordError("E_MODEL", { operation: "generate", problem: `weight ${name} is missing` });
}

/** @param always what every run is fed beside tokens and cache */
function decoderOf(
  model: Model,
  executable: Pick<Executable, "run" | "dispose">,
  always: Readonly<Record<string, HostArray>>,
): Decoder {
  const limit = model.tokens!.maxLength;
  return {
    model,
    limit,
    start: async (prompts) => {
      for (const { length } of prompts)
        if (length === 0 || length > limit)
          throw new ConcordError("E_ARGUMENT", {
            operation: "generate",
            problem: "a prompt does not fit the model",
            expected: `1 … ${limit} tokens`,
            got: `${length}`,
          });
      return await decodingOf(model, (feeds) => executable.run({ ...always, ...feeds }), prompts);
    },
    dispose: () => executable.dispose(),
  };
}

type Run = (feeds: Record<string, HostArray>) => Promise<Record<string, HostArray>>;

const int64 = (shape: readonly number[], at: (row: number, column: number) => number): HostArray => {
  const [rows, columns] = shape as [number, number];
  const data = new BigInt64Array(rows * columns);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) data[r * columns + c] = BigInt(at(r, c));
  return { dtype: "int64", shape, data };
};

async function decodingOf(model: Model, run: Run, prompts: readonly (readonly number[])[]): Promise<Decoding> {
  const { layers, heads, width } = model.cache!;
  const { padId } = model.tokens!;
  const names = Array.from({ length: layers }, (_, layer) => cacheNames(layer)).flat();
  const longest = Math.max(...prompts.map((p) => p.length));
  const none = (): HostArray => ({
    dtype: "float32",
    shape: [prompts.length, heads, 0, width],
    data: new Float32Array(0),
  });
  let state: DecodingState = {
    before: prompts.map((p) => longest - p.length),
    length: 0,
    logits: [],
    cache: new Map(names.map(({ past }) => [past, none()])),
  };
  const advance = async (tokens: readonly (readonly number[])[]) => {
    const [rows, count] = [tokens.length, Math.max(...tokens.map((t) => t.length))];
    const { before, length: from } = state;
    const length = from + count;
    const outputs = await run({
      input_ids: int64([rows, count], (r, c) => tokens[r]![c - (count - tokens[r]!.length)] ?? padId),
      attention_mask: int64([rows, length], (r, c) => Number(c >= before[r]!)),
      position_ids: int64([rows, count], (r, c) => Math.max(0, from + c - before[r]!)),
      ...Object.fromEntries(state.cache),
    });
    const { data, shape } = outputs.logits!;
    state = {
      before,
      length,
      cache: new Map(names.map(({ past, present }) => [past, outputs[present]!])),
      logits: Array.from({ length: rows }, (_, r) =>
        (data as Float32Array).subarray(r * shape[1]!, (r + 1) * shape[1]!),
      ),
    };
  };
  await advance(prompts);
  return {
    get state() {
      return state;
    },
    get logits() {
      return state.logits;
    },
    step: (tokens) => advance(tokens.map((token) => [token])),
    keep: (rows) => {
      const least = Math.min(...rows.map((r) => state.before[r]!)); // places that no text needs any more
      state = moved(state, rows, -least);
    },
    join: ({ state: other }) => {
      const length = Math.max(state.length, other.length);
      const [mine, theirs] = [state, other].map((one) => moved(one, [...one.before.keys()], length - one.length));
      state = {
        before: [...mine!.before, ...theirs!.before],
        length,
        logits: [...mine!.logits, ...theirs!.logits],
        cache: new Map([...mine!.cache].map(([name, array]) => [name, stacked(array, theirs!.cache.get(name)!)])),
      };
    },
  };
}

/** Some texts, with so many more places before them, or fewer. */
function moved(
  { before, length, logits, cache }: DecodingState,
  rows: readonly number[],
  places: number,
): DecodingState {
  return {
    before: rows.map((r) => before[r]! + places),
    length: length + places,
    logits: rows.map((r) => logits[r]!),
    cache: new Map([...cache].map(([name, array]) => [name, rowsOf(array, rows, places)])),
  };
}

/** Some rows of keys or values, [B, K, P, D], with so many more places before the others, or fewer. */
function rowsOf({ data, shape }: HostArray, rows: readonly number[], places: number): HostArray {
  const [, heads, length, width] = shape as [number, number, number, number];
  const [from, to] = [length * width, (length + places) * width];
  const out = new Float32Array(rows.length * heads * to);
  const [skipped, first] = [Math.max(0, -places) * width, Math.max(0, places) * width];
  for (const [i, row] of rows.entries())
    for (let head = 0; head < heads; head++) {
      const start = (row * heads + head) * from;
      out.set((data as Float32Array).subarray(start + skipped, start + from), (i * heads + head) * to + first);
    }
  return { dtype: "float32", shape: [rows.length, heads, length + places, width], data: out };
}

/** Rows after rows. */
function stacked(a: HostArray, b: HostArray): HostArray {
  const data = new Float32Array(a.data.length + b.data.length);
  data.set(a.data as Float32Array);
  data.set(b.data as Float32Array, a.data.length);
  return { dtype: "float32", shape: [a.shape[0]! + b.shape[0]!, ...a.shape.slice(1)], data };
}
