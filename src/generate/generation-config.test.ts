// generation_config.json as Transformers reads it: the tokens and probabilities that follow from a file alone; what is refused, and what is
// named as not covered. Numbers: test/golden/generation-config.json (tools/generation-config-golden.py: transformers 5.24.0).
import { afterAll, beforeAll, expect, test } from "vitest";
import { fault } from "../../test/fault.ts";
import { goldenJson } from "../../test/golden.ts";
import { goldenModel } from "../../test/models/golden.ts";
import { configOf, type JsonRecord } from "../formats/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { generationEntries, overDefaults, readGenerationConfig } from "./generation-config.ts";
import { beamSearch, candidates, type Decoder, generation, openDecoder, penalise, write } from "./index.ts";

interface Golden {
  readonly prompt: readonly number[];
  readonly cases: readonly {
    readonly config: JsonRecord;
    readonly tokens?: readonly number[];
    readonly probabilities?: readonly number[];
  }[];
}
const golden = goldenJson<Golden>("generation-config.json");
const read = (entries: JsonRecord) => readGenerationConfig(configOf(entries, "generation_config.json"));

const { model, weights } = goldenModel("gpt2-lm");
let decoder: Decoder;
beforeAll(async () => {
  decoder = await openDecoder(model, weights, cpuRuntime, { threads: 1 });
});
afterAll(() => decoder.dispose());

test.each(golden.cases)("$config writes what Transformers writes", async ({ config, tokens, probabilities }) => {
  const { options, ends = [], ignored } = read(config);
  const all = generation(options);
  expect(ignored).toEqual([]);
  const { prompt } = golden;
  if (tokens) {
    const over = new Set(ends);
    const got: number[] = [];
    if (all.beams > 1) got.push(...(await beamSearch(decoder, prompt, over, all)));
    else
      for await (const { token } of write(decoder, [prompt], { generation: all, ends: (_, id) => over.has(id) }))
        got.push(token!);
    return expect(got).toEqual(tokens);
  }
  const [logits] = (await decoder.start([prompt])).logits;
  const changed = Float32Array.from(logits!);
  penalise(changed, prompt, all);
  const found = candidates(changed, all);
  const own = new Float64Array(probabilities!.length);
  for (const [k, id] of found.ids.entries()) own[id] = found.probabilities[k]!;
  for (const [id, p] of probabilities!.entries()) expect(own[id]).toBeCloseTo(p, 5);
});

test("ids and caches change nothing, neutral values say nothing, and the rest is named", () => {
  const entries = {
    _from_model_config: true,
    bos_token_id: 1,
    transformers_version: "5.24.0",
    use_cache: true,
    typical_p: 1,
    guidance_scale: null,
    stop_strings: "END",
    eos_token_id: 2,
  };
  expect(read(entries)).toEqual({ options: { stop: ["END"] }, ends: [2], ignored: [] });
  const more = { max_length: 50, typical_p: 0.9, suppress_tokens: [3], do_sample: true, num_beams: 4 };
  const { options, ignored } = read(more);
  expect(ignored).toEqual(["max_length", "typical_p", "suppress_tokens", "num_beams"]);
  expect(options).toEqual({ temperature: 1, topK: 50 });
});

test.each([
  [{ temperature: -1 }, "temperature"],
  [{ do_sample: true, temperature: 0 }, "temperature"],
  [{ top_p: 2 }, "top_p"],
  [{ top_k: 1.5 }, "top_k"],
  [{ max_new_tokens: 0 }, "max_new_tokens"],
  [{ num_beams: "4" }, "num_beams"],
  [{ do_sample: "yes" }, "do_sample"],
  [{ eos_token_id: ["a"] }, "eos_token_id"],
  [{ stop_strings: [""] }, "stop_strings"],
] satisfies [JsonRecord, string][])("%j is refused at its entry", (entries, name) => {
  expect(fault("E_CONFIG", () => read(entries)).facts.path).toBe(`generation_config.json > ${name}`);
});

test("what options say becomes entries that read back as the same, beside those of another folder", () => {
  const options = { temperature: 0.7, topP: 0.9, maxTokens: 200, stop: ["END"], repetitionPenalty: 1.1 };
  const entries = generationEntries(options, { eos_token_id: [2, 5], max_new_tokens: 20 });
  expect(read(entries)).toEqual({ options: { ...options, topK: 0 }, ends: [2, 5], ignored: [] });
  const cold = generationEntries({ temperature: 0 }, { do_sample: true, temperature: 0.6, top_k: 20 });
  expect(generation(read(cold).options)).toMatchObject({ temperature: 0 });
  const beams = generationEntries({ beams: 3, lengthPenalty: 2 }, { do_sample: true, temperature: 0.6 });
  expect(generation(read(beams).options)).toMatchObject({ beams: 3, lengthPenalty: 2, temperature: 0 });
});

test("who asks for beams does not draw, and the other way round; all else is kept", () => {
  expect(overDefaults({ temperature: 0.6, topP: 0.9 }, { beams: 4 })).toEqual({ topP: 0.9, beams: 4 });
  expect(overDefaults({ beams: 4, maxTokens: 9 }, { temperature: 0.6 })).toEqual({ maxTokens: 9, temperature: 0.6 });
  expect(overDefaults({ temperature: 0.6 }, { temperature: undefined })).toEqual({ temperature: 0.6 });
});
