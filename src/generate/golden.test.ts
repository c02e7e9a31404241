// Generation against Hugging Face's: greedy, penalties, beams and logits on the reference models, and probabilities after each warper.
// Numbers: test/golden/generate.json (torch 2.15.0, transformers 5.24.0; see test/golden/README.md).
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { goldenJson } from "../../test/golden.ts";
import { goldenModel, relativeError } from "../../test/models/golden.ts";
import { referenceRuntime } from "../runtime/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import {
  beamSearch,
  candidates,
  type Decoder,
  type GenerateOptions,
  generation,
  openDecoder,
  penalise,
  write,
} from "./index.ts";

interface Golden {
  readonly models: Readonly<
    Record<
      string,
      {
        readonly cases: readonly {
          readonly prompt: readonly number[];
          readonly options: GenerateOptions & { readonly eos?: number; readonly noRepeat?: number };
          readonly tokens: readonly number[];
        }[];
        readonly sequence: readonly number[];
        readonly logits: readonly (readonly number[])[];
      }
    >
  >;
  readonly warped: {
    readonly logits: readonly number[];
    readonly seen: readonly number[];
    readonly cases: readonly {
      readonly options: GenerateOptions & { readonly noRepeat?: number };
      readonly probabilities: readonly number[];
    }[];
  };
}
const golden = goldenJson<Golden>("generate.json");
const most = 14; // tokens of each case

const optionsOf = ({ noRepeat = 0, ...options }: GenerateOptions & { readonly noRepeat?: number }) => ({
  ...options,
  noRepeatNgram: noRepeat,
});

describe.each(Object.keys(golden.models))("%s", (name) => {
  const { model, weights } = goldenModel(name);
  const { cases, sequence, logits } = golden.models[name]!;
  let decoder: Decoder;
  beforeAll(async () => {
    decoder = await openDecoder(model, weights, cpuRuntime, { threads: 1 });
  });
  afterAll(() => decoder.dispose());

  async function written(prompts: readonly (readonly number[])[], options: GenerateOptions, eos?: number) {
    const rows = prompts.map((): number[] => []);
    const ends = (_: number, token: number) => token === eos;
    for await (const { row, token } of write(decoder, prompts, { generation: generation(options), ends }))
      rows[row]!.push(token!);
    return rows;
  }

  test("writes the tokens that Transformers writes", async () => {
    for (const { prompt, options: given, tokens } of cases) {
      const { eos, ...rest } = given;
      const options = { ...optionsOf(rest), maxTokens: most };
      const got =
        options.beams === undefined
          ? (await written([prompt], options, eos))[0]!
          : await beamSearch(decoder, prompt, new Set(eos === undefined ? [] : [eos]), generation(options));
      expect(got, JSON.stringify({ prompt, given })).toEqual(tokens);
    }
  });

  test("prompts of different lengths give the single answers in one batch", async () => {
    const prompts = [...new Set(cases.map(({ prompt }) => JSON.stringify(prompt)))].map(
      (text) => JSON.parse(text) as number[],
    );
    for (const options of [{ maxTokens: most }, { maxTokens: most, temperature: 1.2, topK: 20, seed: 5 }]) {
      const alone = await Promise.all(prompts.map(async (prompt) => (await written([prompt], options, 54))[0]!));
      expect(await written(prompts, options, 54)).toEqual(alone);
    }
  });

  test("gives Transformers' logits with and without a cache, on each runtime", async () => {
    const texts = await decoder.start([sequence.slice(0, -3)]);
    const got: (readonly number[])[] = [];
    for (const token of sequence.slice(-3)) {
      await texts.step([token]);
      got.push(Array.from(texts.logits[0]!));
    }
    for (const [i, row] of logits.entries()) expect(relativeError(got[i]!, row)).toBeLessThan(1e-5);
    const oracle = await openDecoder(model, weights, referenceRuntime);
    const whole = await oracle.start([sequence, sequence.slice(0, -1)]);
    expect(relativeError(whole.logits[0]!, logits[2]!)).toBeLessThan(1e-5);
    expect(relativeError(whole.logits[1]!, logits[1]!)).toBeLessThan(1e-5);
    expect(relativeError(whole.logits[1]!, logits[2]!)).toBeGreaterThan(1e-2);
  });
});

test("probabilities after penalties, temperature, top-k, top-p and min-p are those of Transformers", () => {
  const { logits, seen, cases } = golden.warped;
  for (const { options, probabilities } of cases) {
    const all = generation(optionsOf(options));
    const changed = Float32Array.from(logits);
    penalise(changed, seen, all);
    const found = candidates(changed, all);
    const got = new Float64Array(logits.length);
    for (const [i, id] of found.ids.entries()) got[id] = found.probabilities[i]!;
    expect(relativeError(got, probabilities), JSON.stringify(options)).toBeLessThan(1e-5);
    expect(Array.from(got, (p) => p > 0)).toEqual(probabilities.map((p) => p > 0));
  }
});
