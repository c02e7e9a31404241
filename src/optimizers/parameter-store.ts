// Owns the one flat memory of training: parameters, optimizer state and gradients as 64-byte aligned segments of a plain
// WebAssembly.Memory that is allocated once and never grows (growing would detach every view). Knows no optimizer rule,
// no graph and no file.
import { ConcordError, nearestName, sizeOf } from "../base/index.ts";
import { type Kernels, wasmKernels } from "./kernels/kernels.ts";

/** A parameter to be held. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** False: no gradient and no optimizer state. Default true. */
  readonly trainable?: boolean;
  /** An embedding table [V, H] whose gradient comes as rows; it gets a gradient table in the memory. Default false. */
  readonly rows?: boolean;
}

/** One array of optimizer state that belongs to a parameter. */
export interface StateSlot {
  readonly name: string;
  readonly shape: readonly number[];
  /** Value at the start. Default 0. */
  readonly initial?: number;
}

/** Where an array lies in the memory. */
export interface Segment extends StateSlot {
  /** Elements. */
  readonly size: number;
  /** Bytes from the start of the memory. */
  readonly offset: number;
}

/** A parameter and everything that belongs to it. */
export interface StoredParameter extends Segment {
  readonly trainable: boolean;
  readonly rows: boolean;
  readonly slots: readonly Segment[];
  /** Present for row tables, and for all trainable parameters unless gradients stay outside. */
  readonly gradient?: Segment;
}

export interface StoreOptions {
  /** State arrays of a trainable parameter, usually `optimizer.stateSlots`. Default none. */
  readonly slots?: (shape: readonly number[]) => readonly StateSlot[];
  /**
   * `outside` (default): dense gradients are arrays of the caller's. `receive`: each has a segment that a runtime may write
   * to, which saves the copy. `accumulate`: each has a segment in which several batches are summed.
   */
  readonly gradients?: "outside" | "receive" | "accumulate";
  /** Default {@link wasmKernels}. */
  readonly kernels?: (memory: WebAssembly.Memory) => Kernels;
}

/** The memory of one training run. Made by {@link parameterStore}. */
export interface ParameterStore {
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
  readonly gradients: "outside" | "receive" | "accumulate";
  readonly parameters: readonly StoredParameter[];
  /** @throws E_ARGUMENT for an unknown name */
  parameter(name: string): StoredParameter;
  /** The parameter's values, the same view at every call; writing to it changes the parameter. */
  view(name: string): Float32Array;
  /** One state array of a parameter. @throws E_ARGUMENT when it has no such slot */
  slot(name: string, slot: string): Float32Array;
  /** The parameter's gradient segment. @throws E_ARGUMENT when the gradient stays outside */
  gradient(name: string): Float32Array;
  /** A view of any segment. */
  viewOf(segment: Segment): Float32Array;
  /**
   * Lets kernels read an array from anywhere: in place when it lies in this memory, else through a window that fits in the
   * second-level cache. `run` gets the window's byte offset and the element range that it holds.
   */
  stage(values: Float32Array, run: (offset: number, start: number, count: number) => void): void;
  /** table[indices[i]] += weight·rows[i] on the parameter's gradient table. Indices must be in range. */
  scatterRows(name: string, indices: Int32Array, rows: Float32Array, weight: number): void;
}

const align = 64;
const pageBytes = 65536;
const maximumPages = 65535; // of 65536: an end offset then always fits in 32 bits
const windowFloats = 16384; // 64 KiB: measured best of 16, 64 and 256 KiB
const indexCount = 4096;

/**
 * Lays parameters and their state out in one memory; parameters start at 0.
 * @param specs names (unique) and shapes, in the order of the layout
 * @param options state slots, where dense gradients lie, kernels
 * @throws E_ARGUMENT for a doubled name, a bad shape or a row table that is not [V, H]; E_MEMORY above 4 GiB
 * @example
 * const store = parameterStore([{ name: "w", shape: [2, 3] }], { slots: adamw().stateSlots });
 * store.view("w").set([1, 2, 3, 4, 5, 6]);
 */
export function parameterStore(specs: readonly ParameterSpec[], options: StoreOptions = {}): ParameterStore {
  const gradients = options.gradients ?? "outside";
  const widest = Math.max(windowFloats, ...specs.map((s) => (s.rows ? (s.shape[1] ?? 0) : 0)));
  const indexOffset = align;
  const windowOffset = indexOffset + indexCount * 4;
  const { parameters, end } = layOut(specs, options, windowOffset + widest * 4);
  const memory = allocateMemory(end);
  const window = new Float32Array(memory.buffer, windowOffset, widest);
  const indexWindow = new Int32Array(memory.buffer, indexOffset, indexCount);
  const kernels = (options.kernels ?? wasmKernels)(memory);
  const byName = new Map(parameters.map((p) => [p.name, p]));
  const views = new Map<Segment, Float32Array>();
  const viewOf = (segment: Segment) => {
    const view = views.get(segment) ?? new Float32Array(memory.buffer, segment.offset, segment.size);
    views.set(segment, view);
    return view;
  };
  for (const slot of parameters.flatMap((p) => p.slots)) if (slot.initial) viewOf(slot).fill(slot.initial);
  const parameter = (name: string) => byName.get(name) ?? unknown("parameter", name, byName.keys());
  const gradientOf = (name: string) => parameter(name).gradient ?? unknown("gradient segment of", name, []);
  return {
    memory,
    kernels,
    gradients,
    parameters,
    parameter,
    viewOf,
    view: (name) => viewOf(parameter(name)),
    slot: (name, slot) => {
      const { slots } = parameter(name);
      const found = slots.find((s) => s.name === slot);
      return viewOf(
        found ??
          unknown(
            `state slot of ${name}`,
            slot,
            slots.map((s) => s.name),
          ),
      );
    },
    gradient: (name) => viewOf(gradientOf(name)),
    stage(values, run) {
      const inside = values.buffer === memory.buffer;
      if (inside) run(values.byteOffset, 0, values.length);
      for (let start = 0; !inside && start < values.length; start += widest) {
        const part = values.subarray(start, start + widest);
        window.set(part);
        run(windowOffset, start, part.length);
      }
    },
    scatterRows(name, indices, rows, weight) {
      const width = parameter(name).shape[1]!;
      const table = gradientOf(name).offset;
      const atOnce = Math.min(indexCount, Math.floor(widest / Math.max(1, width)));
      for (let start = 0; start < indices.length; start += atOnce) {
        const part = indices.subarray(start, start + atOnce);
        indexWindow.set(part);
        window.set(rows.subarray(start * width, (start + part.length) * width));
        kernels.addRows(table, indexOffset, windowOffset, part.length, width, weight);
      }
    },
  };
}

function layOut(specs: readonly ParameterSpec[], options: StoreOptions, start: number) {
  let end = start;
  const place = ({ name, shape, initial }: StateSlot): Segment => {
    const size = sizeOf(shape);
    end = Math.ceil(end / align) * align;
    const segment = { name, shape: [...shape], initial, size, offset: end };
    end += size * 4;
    return segment;
  };
  for (const spec of specs) checkSpec(spec);
  const names = new Set(specs.map((s) => s.name));
  if (names.size !== specs.length)
    throw new ConcordError("E_ARGUMENT", {
      operation: "parameterStore",
      problem: "two parameters have the same name",
      got: specs.map((s) => s.name).find((name, i) => specs.findIndex((s) => s.name === name) !== i),
    });
  // Kind by kind, so that all parameters are neighbours, then all first moments …
  const values = specs.map(place);
  const slotSpecs = specs.map((s) => (s.trainable === false ? [] : (options.slots?.(s.shape) ?? [])));
  const slots: Segment[][] = specs.map(() => []);
  for (let k = 0; k < Math.max(0, ...slotSpecs.map((s) => s.length)); k++)
    for (const [i, perSlot] of slotSpecs.entries()) slots[i]!.push(...perSlot.slice(k, k + 1).map(place));
  const inside = options.gradients === "receive" || options.gradients === "accumulate";
  const parameters = specs.map((spec, i): StoredParameter => {
    const { trainable = true, rows = false } = spec;
    const gradient = trainable && (rows || inside) ? place(spec) : undefined;
    return { ...values[i]!, trainable, rows, slots: slots[i]!, gradient };
  });
  return { parameters, end };
}

function checkSpec({ name, shape, rows }: ParameterSpec): void {
  const whole = shape.every((n) => Number.isInteger(n) && n >= 0);
  if (!whole || (rows && shape.length !== 2))
    throw new ConcordError("E_ARGUMENT", {
      operation: "parameterStore",
      problem: whole ? "a row table has two dimensions" : "a size is not a whole number",
      expected: rows ? `${name} [V, H]` : `${name} of whole sizes`,
      got: `[${shape}]`,
    });
}

function allocateMemory(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / pageBytes);
  const facts = {
    operation: "parameterStore",
    got: `${(bytes / 2 ** 30).toFixed(2)} GiB of parameters, optimizer state and gradients`,
    hint: "train an adapter (LoRA), freeze layers, or use an optimizer with less state (sgd, lion, adafactor)",
  };
  if (pages > maximumPages)
    throw new ConcordError("E_MEMORY", {
      ...facts,
      problem: "the run does not fit into one WebAssembly memory",
      expected: "less than 4 GiB",
    });
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (cause) {
    throw new ConcordError("E_MEMORY", { ...facts, problem: "the machine refused the memory", cause });
  }
}

function unknown(what: string, name: string, known: Iterable<string>): never {
  const names = [...known];
  const near = nearestName(name, names);
  throw new ConcordError("E_ARGUMENT", {
    operation: "parameter store",
    problem: `there is no ${what} ${name}`,
    expected: names.length ? names.slice(0, 8).join(", ") + (names.length > 8 ? ", …" : "") : undefined,
    got: name,
    hint: near ? `did you mean ${near}?` : undefined,
  });
}
