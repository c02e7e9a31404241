// Text as tokens come: whole characters only, stop strings never seen, and in all the text of all tokens.
import fc from "fast-check";
import { expect, test } from "vitest";
import { fault } from "../../test/fault.ts";
import { jsTokenizer, trainByteBpe } from "../tokenizers/index.ts";
import { generation } from "./options.ts";
import { textSoFar } from "./text-so-far.ts";

const tokenizer = await jsTokenizer(trainByteBpe(["the cat sat on the mat"], { vocabSize: 270 }));

async function pieces(text: string, stop: readonly string[] = []) {
  const [ids] = await tokenizer.encodeIds([text]);
  const so = textSoFar(tokenizer, stop);
  const out: string[] = [];
  for (const id of ids!) {
    const { text: piece, stopped } = await so.add(id);
    out.push(piece);
    if (stopped) return { out, stopped };
  }
  out.push(await so.rest());
  return { out, stopped: false };
}

test("pieces are whole characters and together the text, whatever it holds", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme" }), async (given) => {
      const text = given.replaceAll("\ufffd", ""); // a whole character like any other, but not told from a broken one
      const { out } = await pieces(text);
      expect(out.join("")).toBe(text);
      for (const piece of out.slice(0, -1)) expect(piece).not.toContain("\ufffd");
    }),
    { numRuns: 60 },
  );
  expect((await pieces("a 👩‍🚀 喉")).out.length).toBeGreaterThan(3);
});

test("a stop string ends the text before it, and no part of it is given out on the way", async () => {
  for (const [text, stop] of [
    ["one\n\ntwo", ["\n\n"]],
    ["one ENDING two", ["ENDING", "ONE"]],
    ["abababac tail", ["abac"]],
  ] as const) {
    const { out, stopped } = await pieces(text, stop);
    expect(stopped).toBe(true);
    expect(out.join("")).toBe(text.slice(0, text.indexOf(stop[0])));
  }
});

test("what only began like a stop string is part of the text", async () => {
  expect(await pieces("the END", ["ENDING"])).toMatchObject({ stopped: false });
  expect((await pieces("the END", ["ENDING"])).out.join("")).toBe("the END");
});

test.each([
  [{ temperature: -1 }, "temperature"],
  [{ topP: 1.5 }, "topP"],
  [{ topK: 0.5 }, "topK"],
  [{ maxTokens: 0 }, "maxTokens"],
  [{ beams: 2, temperature: 1 }, "beams"],
  [{ stop: [""] }, "stop"],
  [{ minP: Number.NaN }, "minP"],
])("%j is refused by name", (options, path) => {
  expect(fault("E_ARGUMENT", () => generation(options)).facts.path).toBe(path);
});
