// Exported decoders as transformers.js has them: its generate writes, token for token, what ours writes, with what it keeps of earlier tokens.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { configOf } from "../../src/formats/index.ts";
import { textGenerator } from "../../src/generate/index.ts";
import { initialise, modelOf } from "../../src/models/index.ts";
import { saveModel } from "../../src/models/node/index.ts";
import { tokenizerConfig } from "../../src/predict/index.ts";
import { cpuRuntime, openOnnx } from "../../src/runtime/node/ort.ts";
import { saveOnnx } from "../../src/stages/save-onnx.ts";
import { jsTokenizer, trainByteBpe } from "../../src/tokenizers/index.ts";

const root = mkdtempSync(join(tmpdir(), "concord-writing-export-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const tokenizer = await jsTokenizer(trainByteBpe(["the cat sat on the mat", "the dog sat"], { vocabSize: 280 }));
const shared = { vocab_size: tokenizer.vocabSize, initializer_range: 0.3, eos_token_id: 0, bos_token_id: 0 };

test.each([
  [
    "gpt2",
    {
      ...shared,
      model_type: "gpt2",
      architectures: ["GPT2LMHeadModel"],
      n_embd: 32,
      n_layer: 2,
      n_head: 4,
      n_positions: 64,
    },
  ],
  [
    "llama",
    {
      ...shared,
      model_type: "llama",
      architectures: ["LlamaForCausalLM"],
      hidden_size: 32,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      intermediate_size: 64,
      max_position_embeddings: 64,
      tie_word_embeddings: false,
    },
  ],
])("%s", async (name, config) => {
  const model = modelOf(configOf(config, "config.json"));
  const weights = initialise(model, random(2));
  const words = weights.get(model.tokens!.tableNames.words)!;
  words.data.fill(0, 0, 32); // the end of a text is not the likeliest token
  weights.get("lm_head.weight")?.data.fill(0, 0, 32);
  const folder = join(root, name);
  await saveModel(folder, model, weights, {
    "tokenizer.json": JSON.stringify(tokenizer.source),
    "tokenizer_config.json": tokenizerConfig(tokenizer, 64),
  });
  await saveOnnx(folder, model, weights);
  const { inputs, dispose } = await openOnnx(join(folder, "onnx", "model.onnx"));
  expect(inputs).toEqual(
    expect.arrayContaining(["input_ids", "attention_mask", "position_ids", "past_key_values.1.value"]),
  );
  await dispose();

  const T = await import("@huggingface/transformers");
  Object.assign(T.env, { localModelPath: root, allowRemoteModels: false });
  const theirs = await T.AutoModelForCausalLM.from_pretrained(name, { dtype: "fp32" });
  const theirTokenizer = await T.AutoTokenizer.from_pretrained(name);
  const generator = await textGenerator(model, weights, tokenizer, cpuRuntime);
  for (const prompt of ["the cat", "dog sat on the", "喉"]) {
    const asked = theirTokenizer(`<|endoftext|>${prompt}`);
    const ids = await (theirs as unknown as { generate(o: object): Promise<{ tolist(): bigint[][] }> }).generate({
      ...asked,
      max_new_tokens: 16,
      do_sample: false,
      eos_token_id: 0,
      pad_token_id: 0,
    });
    const [ours] = await generator.continuations([prompt], { maxTokens: 16 });
    const written = ids.tolist()[0]!.map(Number).slice(ours!.promptTokens);
    expect(written.filter((id) => id !== 0)).toEqual(ours!.tokens);
    expect(ours!.tokens.length).toBeGreaterThan(0);
  }
  await generator.dispose();
  await theirs.dispose();
});
