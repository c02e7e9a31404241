// A tokenizer that composes first: full-width and plain text become the same ids, by the fast way, the full pipeline and the Rust binding.
import { expect, test } from "vitest";
import { readTokenizerFile } from "../tokenizer-files/read-file.ts";
import { composed } from "./composed.ts";
import { jsTokenizer } from "./js-tokenizers.ts";
import { rustTokenizer } from "./node/rust-tokenizers.ts";
import { trainWordPiece } from "./train-wordpiece.ts";

const plain = ["fever, 39 degrees!", "发烧,咳嗽", "ﬁne", "flu (again): yes", "e\u0301tude"];
const wide = ["ｆｅｖｅｒ， ３９ ｄｅｇｒｅｅｓ！", "发烧，咳嗽", "fine", "ｆｌｕ（again）： ｙｅｓ", "étude"];
const made = trainWordPiece([...plain, ...wide], { vocabSize: 200 });

test("full-width text has the ids of plain text, whichever engine reads it and with offsets into what was given", async () => {
  const own = await jsTokenizer(made);
  expect(await own.encodeIds([wide[1]!])).not.toEqual(await own.encodeIds([plain[1]!])); // what it is there for
  const file = readTokenizerFile(JSON.stringify(composed(made)));
  const [ours, theirs] = [await jsTokenizer(file), await rustTokenizer(JSON.stringify(file))];
  for (const tokenizer of [ours, theirs]) {
    const ids = await tokenizer.encodeIds(plain);
    expect(await tokenizer.encodeIds(wide)).toEqual(ids);
    expect((await tokenizer.encodeBatch(wide)).map((e) => Array.from(e.ids))).toEqual(
      ids.map((row) => Array.from(row)),
    );
  }
  expect(await ours.encodeIds(plain)).toEqual(await theirs.encodeIds(plain));
});

test("one that composes stays as it is", () => {
  const once = composed(made);
  expect(composed(once)).toBe(once);
  expect(composed({ ...made, normalizer: null }).normalizer).toEqual({
    type: "Sequence",
    normalizers: [{ type: "NFKC" }],
  });
});
