// The comparison of shown and printed output lets pass what differs from run to run, and nothing else.
import { expect, test } from "vitest";
import { firstDifference } from "./compare-output.ts";

test("times, digests and the last digits of scores may differ; words, counts and missing lines may not", () => {
  expect(firstDifference("prepare done in 0.1 s", "prepare done in 2.4 s")).toBeUndefined();
  expect(firstDifference("accuracy 0.938 [0.860, 0.979]", "accuracy 0.925 [0.86, 0.98]")).toBeUndefined();
  expect(firstDifference("accuracy 0.938", "accuracy 0.738")).toBe("accuracy 0.938");
  expect(firstDifference("400 rows read", "399 rows read")).toBe("400 rows read");
  expect(firstDifference("ham  0.98", "spam  0.98")).toBe("ham  0.98");
  expect(firstDifference("a\nb", "a")).toBe("b");
  expect(firstDifference("a", "a\nb")).toContain("b");
});

test("… stands for any lines, or any part of a line", () => {
  expect(firstDifference("a\n…\nd", "a\nb\nc\nd")).toBeUndefined();
  expect(firstDifference("a\n…", "a\nb")).toBeUndefined();
  expect(firstDifference("a\n…\nx", "a\nb")).toBe("x");
  expect(firstDifference("signed by … today", "signed by me today")).toBeUndefined();
  expect(firstDifference("signed by … today", "signed by me")).toBe("signed by … today");
});
