// Rows as what a model learns: ends and beginnings, answers only, windows; and chat templates that are refused.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fault, faultLater } from "../../test/fault.ts";
import { jsTokenizer, trainByteBpe } from "../tokenizers/index.ts";
import { chatTemplate, plainTemplate, readTemplate } from "./chat-template.ts";
import { type Sequence, sequencesOf, windowsOf, withTemplate } from "./sequences.ts";

const special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];
const file = trainByteBpe(["hello there, how are you", "user assistant hello"], { vocabSize: 290, special });
const tokenizer = await jsTokenizer(file);
const chatml =
  "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>{{ '\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}<|im_start|>assistant{{ '\\n' }}{% endif %}";
const withChatml = { ...tokenizer, settings: { chat_template: chatml } };
const decoded = (ids: ArrayLike<number>) => tokenizer.decode(ids, { skipSpecialTokens: false });
const learned = async ({ ids, foretold }: Sequence) => decoded(ids.filter((_, i) => foretold[i]));

test("a text is learned from its first token to its end, after the token that begins every text", async () => {
  const [one] = await sequencesOf(tokenizer, [{ text: "hello there" }]);
  expect(await decoded(one!.ids)).toBe("<|endoftext|>hello there<|endoftext|>");
  expect(one!.foretold.every(Boolean)).toBe(true);
});

test("of a chat and of a pair only what the assistant writes is learned, with the token that ends it", async () => {
  const messages = [
    { role: "system", content: "be kind" },
    { role: "user", content: "hello" },
    { role: "assistant", content: "hello there" },
    { role: "user", content: "how are you" },
    { role: "assistant", content: "fine" },
  ];
  const [chat, pair] = await sequencesOf(withChatml, [
    { text: "", messages },
    { text: "hello", pair: "there" },
  ]);
  expect(await decoded(chat!.ids)).toBe(readTemplate(chatml, tokenizer.special).render(messages, false));
  expect(await learned(chat!)).toBe("hello there<|im_end|>\nfine<|im_end|>\n");
  expect(await learned(pair!)).toBe("there<|im_end|>\n");
});

test("a tokenizer without a template gets plain lines, and one that has a template keeps it", async () => {
  expect(withTemplate(withChatml)).toBe(withChatml);
  const plain = withTemplate(tokenizer);
  expect(plain.settings.chat_template).toBe(plainTemplate);
  const [one] = await sequencesOf(plain, [{ text: "hello", pair: "there" }]);
  expect(await decoded(one!.ids)).toBe("user:\nhello\n\nassistant:\nthere<|endoftext|>\n\n");
  expect(await learned(one!)).toBe("there<|endoftext|>\n\n");
});

test("every token but a text's first is foretold once, from at least length − stride tokens before it", () => {
  const sizes = fc.record({ n: fc.integer({ min: 1, max: 60 }), length: fc.integer({ min: 2, max: 16 }) });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 15 }), ({ n, length }, given) => {
      const stride = Math.min(given, length - 1);
      const sequence = { ids: Int32Array.from({ length: n }, (_, i) => i), foretold: new Uint8Array(n).fill(1) };
      const windows = windowsOf([sequence], length, stride);
      const places = windows.flatMap(({ ids, foretold }) =>
        [...ids.keys()].flatMap((i) => (foretold[i] ? [[ids[i]!, i] as const] : [])),
      );
      expect(places.map(([token]) => token)).toEqual(Array.from({ length: n - 1 }, (_, i) => i + 1));
      for (const [token, before] of places) expect(before).toBeGreaterThanOrEqual(Math.min(token, length - stride));
      for (const { ids, count } of windows) expect(ids.length <= length && count > 0).toBe(true);
    }),
  );
});

describe("a chat template is refused", () => {
  const chat = [{ role: "user", content: "hi" }];
  const of = (source: string) => readTemplate(source, tokenizer.special);
  test("that never ends, by its steps, its counting and its text", () => {
    const loop = "{% for a in range(999) %}{% for b in range(999) %}{{ b }}{% endfor %}{% endfor %}";
    expect(fault("E_TOKENIZER", () => of(loop).render(chat, true)).facts.problem).toBe("the template does not end");
    const far = fault("E_TOKENIZER", () => of("{% for a in range(10**9) %}{% endfor %}").render(chat, true));
    expect(far.facts.problem).toMatch(/cannot be|counts too far/);
    const grows = "{% set ns = namespace(s='ab') %}{% for a in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}";
    expect(fault("E_TOKENIZER", () => of(grows).render(chat, true)).facts.problem).toBe("the template writes too much");
  });
  test("that is too long, cannot be read, or calls what there is not", () => {
    fault("E_TOKENIZER", () => of("x".repeat(2 ** 18 + 1)));
    fault("E_TOKENIZER", () => of("{% for %}"));
    fault("E_TOKENIZER", () => of("{{ strftime_now('%Y') }}").render(chat, true));
    fault("E_TOKENIZER", () => of("{{ messages[0].content.constructor('return process')() }}").render(chat, true));
    fault("E_TOKENIZER", () => of("{% include 'secret' %}").render(chat, true));
  });
  test("and what reaches outside finds nothing", () => {
    expect(of("{{ messages.__proto__ }}{{ process }}{{ messages[0].__proto__ }}|").render(chat, true)).toBe("|");
  });
  test("that refuses the messages itself, or writes earlier ones anew", async () => {
    expect(
      fault("E_DATA", () => of("{{ raise_exception('roles must alternate') }}").render(chat, true)).facts.got,
    ).toBe("roles must alternate");
    const counts = { ...tokenizer, settings: { chat_template: "{{ messages | length }}{{ messages[-1].content }}" } };
    await faultLater("E_DATA", () => sequencesOf(counts, [{ text: "a", pair: "b" }]));
  });
});

test("of several templates the one named default is read, and nothing of settings without one", () => {
  const several = [
    { name: "tool_use", template: "tools" },
    { name: "default", template: "plain" },
  ];
  expect(chatTemplate({ settings: { chat_template: several }, special: {} })!.source).toBe("plain");
  expect(chatTemplate({ settings: {}, special: {} })).toBeUndefined();
});
