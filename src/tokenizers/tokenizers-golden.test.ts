// Both implementations against the reference values of Hugging Face tokenizers (test/golden/tokenizers and its README).
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { goldenFolder, goldenJson, goldenPath, sharedPath } from "../../test/golden.ts";
import type { EncodeOptions, Encoding, Padding, Tokenizer, Truncation } from "../tokenizer-files/tokenizer.ts";
import { jsTokenizer } from "./js-tokenizers.ts";
import { rustTokenizer } from "./node/rust-tokenizers.ts";

interface GoldenEncoding {
  ids: number[];
  tokens: string[];
  type_ids: number[];
  attention_mask: number[];
  special_tokens_mask: number[];
  sequence_ids: (number | null)[];
  word_ids: (number | null)[];
  offsets_utf16: [number, number][];
}

interface GoldenTruncation {
  max_length: number;
  stride?: number;
  strategy?: Truncation["strategy"];
  direction?: Truncation["direction"];
}

interface GoldenCase extends Partial<GoldenEncoding> {
  kind: string;
  text?: string;
  texts?: string[];
  pair?: string | null;
  add_special_tokens?: boolean;
  truncation?: GoldenTruncation | null;
  padding?: {
    pad_id: number;
    pad_token: string;
    pad_type_id: number;
    direction: "left" | "right";
    length?: number;
    pad_to_multiple_of?: number;
  };
  overflowing?: GoldenEncoding[];
  encodings?: GoldenEncoding[];
  decoded?: string;
  decoded_with_special?: string;
  error?: string;
}

const implementations = { js: jsTokenizer, rust: rustTokenizer };

/** An encoding in the words of the reference values. */
function asGolden(encoding: Encoding): GoldenEncoding {
  return {
    ids: encoding.ids,
    tokens: encoding.tokens,
    type_ids: encoding.typeIds,
    attention_mask: encoding.attentionMask,
    special_tokens_mask: encoding.specialTokensMask,
    sequence_ids: encoding.sequenceIds,
    word_ids: encoding.wordIds,
    offsets_utf16: encoding.offsets,
  };
}

/** The fields of `golden` that it has. */
function expectSame(encoding: Encoding, golden: Partial<GoldenEncoding>): void {
  const ours = asGolden(encoding);
  for (const key of Object.keys(ours) as (keyof GoldenEncoding)[])
    if (golden[key] !== undefined) expect(ours[key], key).toEqual(golden[key]);
}

function truncationOf(golden: GoldenTruncation | null | undefined): Pick<EncodeOptions, "truncation"> {
  if (!golden) return {};
  const { max_length: maxLength, ...rest } = golden;
  return { truncation: { maxLength, ...rest, returnOverflowing: true } };
}

function paddingOf(golden: NonNullable<GoldenCase["padding"]>): Padding {
  return {
    id: golden.pad_id,
    token: golden.pad_token,
    typeId: golden.pad_type_id,
    side: golden.direction,
    ...(golden.length === undefined ? {} : { length: golden.length }),
    ...(golden.pad_to_multiple_of === undefined ? {} : { multipleOf: golden.pad_to_multiple_of }),
  };
}

async function checkCase(tokenizer: Tokenizer, golden: GoldenCase): Promise<void> {
  const common = {
    ...truncationOf(golden.truncation),
    ...(golden.padding ? { padding: paddingOf(golden.padding) } : {}),
    ...(golden.add_special_tokens === undefined ? {} : { addSpecialTokens: golden.add_special_tokens }),
  };
  if (golden.texts !== undefined) {
    const encodings = await tokenizer.encodeBatch(golden.texts, common);
    expect(encodings.length).toBe(golden.encodings!.length);
    encodings.forEach((encoding, i) => {
      expectSame(encoding, golden.encodings![i]!);
    });
    return;
  }
  const options = { ...common, ...(typeof golden.pair === "string" ? { pair: golden.pair } : {}) };
  if (golden.error !== undefined) {
    const fault = tokenizer.encode(golden.text!, options);
    await expect(fault).rejects.toMatchObject({ name: "ConcordError", code: "E_TOKENIZER" });
    await expect(fault).rejects.toThrow(golden.error);
    return;
  }
  const encoding = await tokenizer.encode(golden.text!, options);
  expectSame(encoding, golden);
  if (golden.overflowing !== undefined) {
    expect(encoding.overflowing.length).toBe(golden.overflowing.length);
    encoding.overflowing.forEach((window, i) => {
      expectSame(window, golden.overflowing![i]!);
    });
  }
  if (golden.decoded !== undefined) expect(await tokenizer.decode(golden.ids!)).toBe(golden.decoded);
  if (golden.decoded_with_special !== undefined)
    expect(await tokenizer.decode(golden.ids!, { skipSpecialTokens: false })).toBe(golden.decoded_with_special);
  if (golden.kind === "single") {
    const [ids] = await tokenizer.encodeIds([golden.text!], common);
    expect(Array.from(ids!)).toEqual(golden.ids);
  }
}

const folder = goldenPath("tokenizers");
const names = existsSync(folder) ? readdirSync(folder).filter((name) => !name.includes(".")) : [];

test("the reference set has tokenizers", () => {
  expect(names.length, goldenFolder).toBeGreaterThan(0);
});

for (const [implementation, open] of Object.entries(implementations)) {
  describe.each(names)(`${implementation}: %s`, (name) => {
    const { cases, vocab_size: size } = goldenJson<{ cases: GoldenCase[]; vocab_size: number }>(
      "tokenizers",
      name,
      "cases.json",
    );
    const opened = open(readFileSync(goldenPath("tokenizers", name, "tokenizer.json")));

    test("has the vocabulary size of the reference", async () => {
      expect((await opened).vocabSize).toBe(size);
    });

    test.each(cases.map((golden, i) => [`${i} ${golden.kind}`, golden] as const))(
      "case %s equals the reference",
      async (_, golden) => {
        await checkCase(await opened, golden);
      },
    );
  });

  const model = sharedPath("models", "minilm-l6", "tokenizer.json");
  const minilm = goldenPath("tokenizers", "minilm-cases.json");
  const absent = model === undefined ? "../shared/models/minilm-l6 is absent" : existsSync(minilm) ? "" : "no cases";
  describe.skipIf(absent !== "")(`${implementation}: all-MiniLM-L6-v2 ${absent}`, () => {
    test("every case equals the reference", async () => {
      const tokenizer = await open(readFileSync(model!));
      const { cases } = goldenJson<{ cases: GoldenCase[] }>("tokenizers", "minilm-cases.json");
      for (const golden of cases) await checkCase(tokenizer, golden);
    });
  });
}
