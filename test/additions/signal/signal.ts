// A kind of data as somebody would add one: signal of numbers in a column, "0.1 0.5 0.3". What the guards add to a copy.
import { ConcordError } from "../../../src/base/index.ts";
import { denseRows } from "../../../src/baseline/index.ts";
import {
  besideOf,
  clusters,
  fieldOf,
  isRefused,
  placeOf,
  type Row,
  type RowKind,
  refused,
  targetOf,
} from "../../../src/data/index.ts";
import type { Given, Processor } from "../../../src/modalities/modality.ts";
import { tableFingerprint } from "../../../src/modalities/node/fingerprint.ts";
import type { Modality } from "../../../src/modalities/node/modality.ts";
import { compiledForAnswers, decodeAnswer, outputRows } from "../../../src/predict/index.ts";
import { readRows } from "../../../src/tables/node/index.ts";

interface SignalRow extends Row {
  readonly signal: readonly number[];
}

/** Numbers with spaces between; undefined for anything else. */
function numbersIn(given: unknown): number[] | undefined {
  const numbers = typeof given === "string" ? given.trim().split(/\s+/).map(Number) : [];
  return numbers.length && numbers.every(Number.isFinite) ? numbers : undefined;
}

const rowKind: RowKind<SignalRow> = {
  noun: "signal",
  identity: ({ signal }) => signal.join(" "),
  alike: (rows) => clusters(rows.length),
  async read(record, options, counts) {
    const given = fieldOf(record, options.columns.text, "data.text", counts.columns);
    const signal = numbersIn(given);
    if (!signal) return refused(placeOf(record), "not-text", given);
    const target = targetOf(record, options, counts);
    if (isRefused(target)) return refused(placeOf(record), target.reason, target.got);
    return { ...besideOf(record, options.columns, counts), signal, ...target };
  },
};

const processor: Processor<SignalRow, Float32Array> = {
  inputs: async (rows) => rows.map(({ signal }) => Float32Array.from(signal)),
  examples: async (rows) => rows.map(({ signal }) => ({ signal: Float32Array.from(signal) })),
  perturbations: {},
  files: () => ({}),
  async predictor(model, weights, runtime, options = {}) {
    const executable = await compiledForAnswers(model, weights, runtime, options);
    const [length] = model.array!.shape;
    const run = async (inputs: readonly Float32Array[], outputs: readonly string[]) => {
      const data = new Float32Array(inputs.length * length!);
      for (const [i, input] of inputs.entries()) data.set(input, i * length!);
      const signal_values = { dtype: "float32" as const, shape: [inputs.length, length!], data };
      return outputRows(await executable.run({ signal_values }), outputs, inputs.length);
    };
    const logits = async (inputs: readonly Float32Array[]) => (await run(inputs, ["logits"])).map(([row]) => row!);
    return {
      model,
      logits,
      features: async (inputs) => (await run(inputs, ["features"])).map(([row]) => row!),
      readings: async (inputs) =>
        (await run(inputs, ["logits", "features"])).map(([own, read]) => ({ logits: own!, features: read! })),
      answers: async (inputs, given = {}) =>
        (await logits(inputs)).map((row) => decodeAnswer(model.task, model.labels?.names ?? [], row, given)),
      dispose: () => executable.dispose(),
    };
  },
};

function givenOf(given: string, place?: string): Given<Float32Array> {
  const numbers = numbersIn(given);
  return { given, place, input: numbers ? { content: Float32Array.from(numbers) } : { unusable: "no-text" } };
}

export const signalModality: Modality<SignalRow, Processor<SignalRow, Float32Array>> = {
  name: "signal",
  source: readRows,
  fingerprint: (file) => tableFingerprint(file),
  rows: () => rowKind,
  open: async () => processor,
  async make({ width }, rows) {
    const lengths = new Set(rows.map(({ signal }) => signal.length));
    if (lengths.size !== 1)
      throw new ConcordError("E_DATA", {
        operation: "make model",
        problem: "signal of several lengths",
        expected: "one length",
        got: [...lengths].slice(0, 4).join(", "),
      });
    const config = { model_type: "signal", signal_length: [...lengths][0]!, hidden_size: width };
    return { family: "Signal", config, processor };
  },
  linearName: "linear",
  linear: async ([first]) => ({
    width: first!.signal.length,
    rows: async (part) => denseRows(part.map(({ signal }) => signal)),
  }),
  linearValues: ([first]) => first?.signal.length ?? 1,
  column: ({ text }) => text,
  inputFacts: ({ array }) => ({
    inputs: { format: "signal", en: `signal of ${array!.shape[0]} numbers`, zh: `${array!.shape[0]} 个数的序列` },
  }),
  given: {
    async *each(args) {
      for (const given of args) yield givenOf(given);
    },
    async *file(file, column, reading) {
      for await (const record of readRows(file, reading)) yield givenOf(String(record.fields[column]), placeOf(record));
    },
    bytes: async (bytes) => givenOf(new TextDecoder().decode(bytes)),
  },
  show: async ({ signal }) => ({ text: signal.join(" ") }),
};
