// One way from given texts to answers, whoever asks: cleaned as training cleaned, in batches, with groups where thresholds need them.
import { expect, test } from "vitest";
import type { Given } from "../modalities/index.ts";
import type { Answer, Predictor } from "../predict/index.ts";
import { answerer } from "./answerer.ts";

const given = (content: string, group?: string): Given<string> => ({ given: content, group, input: { content } });
const asked: { inputs: readonly string[]; groups?: readonly (string | undefined)[] }[] = [];
const model = (decisions?: object) => {
  asked.length = 0;
  const answers = async (inputs: readonly string[], { groups }: { groups?: readonly (string | undefined)[] } = {}) => {
    asked.push({ inputs, groups });
    return inputs.map((label): Answer => ({ kind: "label", label, ranked: [{ label, probability: 1 }] }));
  };
  return { predictor: { answers, decisions } as unknown as Predictor<string>, temperature: undefined };
};
const all = async <T>(list: AsyncIterable<T>) => {
  const out: T[] = [];
  for await (const one of list) out.push(one);
  return out;
};

test("answers keep their order over batches, and what cannot be used has none", async () => {
  const inputs = [
    given("a"),
    { given: "", input: { unusable: "no-text" as const } },
    given("b"),
    given("c"),
    given("d"),
  ];
  const found = await all(answerer(model(), { atOnce: 2 }).answer(inputs));
  expect(found.map(({ answer }) => answer?.kind === "label" && answer.label)).toEqual(["a", false, "b", "c", "d"]);
  expect(asked.map((a) => a.inputs)).toEqual([["a"], ["b", "c"], ["d"]]);
});

const thresholds = { kind: "group-thresholds", attribute: "region", groups: ["isle", "main"] };

test("each input's group is told, one group may stand for all, and strangers are counted", async () => {
  const own = answerer(model(thresholds));
  await all(own.answer([given("a", "isle"), given("b", "moon")]));
  expect([asked[0]!.groups, own.unknownGroups]).toEqual([["isle", "moon"], 1]);
  const one = answerer(model(thresholds), { group: "main" });
  await all(one.answer([given("a"), given("b")]));
  expect([asked[0]!.groups, one.unknownGroups]).toEqual([["main", "main"], 0]);
});

test("a group that is needed and not told is refused, and so is one that nobody needs", async () => {
  await expect(all(answerer(model(thresholds)).answer([given("a")]))).rejects.toThrow(/thresholds by region/);
  expect(() => answerer(model(), { group: "main" })).toThrow(/does not decide by group/);
});
