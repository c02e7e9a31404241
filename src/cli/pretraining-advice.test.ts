// init proposes pretraining only where docs/pretraining.md measured that it helps.
import { expect, test } from "vitest";
import { type Advice, pretrainingAdvice, startsFromEncoder, type TextsAtHand } from "./pretraining-advice.ts";

const at: TextsAtHand = {
  task: "single-label",
  given: false,
  pair: false,
  labelled: 450,
  unlabelled: 0,
  grouped: false,
};
test.each<[string, Partial<TextsAtHand>, Advice]>([
  ["few labels", {}, "few-labels"],
  ["as many labels as few ones", { labelled: 1000 }, "few-labels"],
  ["many labels", { labelled: 1001 }, "many-labels"],
  ["many labels and many texts without, no groups", { labelled: 4045, unlabelled: 40_000 }, "many-labels"],
  ["many labels and texts in groups", { labelled: 4000, unlabelled: 40_000, grouped: true }, "groups"],
  ["groups, but hardly a text without a label", { labelled: 4000, unlabelled: 100, grouped: true }, "many-labels"],
  ["fewer texts than were measured", { labelled: 399 }, "few-texts"],
  ["few labels, texts beside them", { labelled: 100, unlabelled: 300 }, "few-labels"],
  ["a pretrained model", { given: true }, "given"],
  ["entities", { task: "entities" }, "entities"],
  ["a number", { task: "regression" }, "task"],
  ["several labels", { task: "multi-label" }, "task"],
  ["two texts", { pair: true }, "task"],
])("%s", (_, changed, advice) => expect(pretrainingAdvice({ ...at, ...changed })).toBe(advice));

test.each<[string, Partial<TextsAtHand>, number, boolean]>([
  ["few English texts", {}, 0.9, true],
  ["very few", { labelled: 60 }, 0.9, true],
  ["other languages", {}, 0.2, false],
  ["many labels", { labelled: 1001 }, 0.9, false],
  ["texts without labels to pretrain on", { unlabelled: 500 }, 0.9, false],
  ["two texts", { pair: true }, 0.9, false],
  ["a number", { task: "regression" }, 0.9, false],
])("the package's encoder is proposed or not: %s", (_, changed, english, proposed) =>
  expect(startsFromEncoder({ ...at, ...changed, english })).toBe(proposed),
);
