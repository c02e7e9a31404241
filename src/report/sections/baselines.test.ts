import { expect, test } from "vitest";
import { textOf } from "../../pages/index.ts";
import type { Scored } from "../input.ts";
import { baselineList, baselinesIn, baselinesSection } from "./baselines.ts";

const record = (difference: Record<string, unknown>, verdict: string) => ({
  baselines: { score: "macroF1", models: { linear: { rows: 9, macroF1: 0.4 } }, best: "linear", difference, verdict },
});

test("a withheld difference is shown with its reason, and one that is broken is not shown", () => {
  const withheld = record({ value: 0.128, low: null, high: null, withheld: "redrawn" }, "untold");
  const page = textOf(baselinesSection({ language: "en", metrics: withheld } as unknown as Scored)!);
  expect(page).toContain("is 0.128 in macro F1. There is no interval");
  expect(page).not.toContain("NaN");
  expect(baselinesIn(record({ value: 0.1, low: 0.05, high: 0.15 }, "better"))).toBeDefined();
  expect(baselinesIn(record({ value: 0.1, low: null, high: null }, "better"))).toBeUndefined();
});

test("the linear baseline is named by what it is: ridge regression of numbers, logistic regression of classes", () => {
  const difference = { value: 0.1, low: 0.05, high: 0.15 };
  const list = (score: string) =>
    baselineList(
      {
        score,
        models: { majority: { rows: 9, [score]: 0.1 }, linear: { rows: 9, [score]: 0.4 } },
        best: "linear",
        difference,
        verdict: "better",
      },
      "en",
    );
  expect(list("r2")).toContain("mean of the training rows 0.100, ridge regression on character TF-IDF 0.400");
  expect(list("macroF1")).toContain("majority class 0.100, logistic regression on character TF-IDF 0.400");
});
