// Masks depend on seed, step and sizes only: whatever was drawn before must not show.
import { expect, test } from "vitest";
import { hostArray } from "../base/index.ts";
import { dropoutMasks } from "./dropout-masks.ts";
import type { TrainingProgram } from "./program.ts";

const program: Pick<TrainingProgram, "dropoutSites"> = {
  dropoutSites: [{ name: "dropout.0", shape: ["T", 64], rate: 0.1 }],
};
const feeds = (rows: number) => ({ ids: hostArray("int32", [rows]), "slots.1": hostArray("int32", [1, 1, rows]) });

test("a step's masks are the same after a step that needed a larger pool", () => {
  const fresh = dropoutMasks(program as TrainingProgram, 3)(feeds(100), "7.0")["dropout.0"]!;
  const masks = dropoutMasks(program as TrainingProgram, 3);
  expect(masks(feeds(60_000), "6.0")["dropout.0"]!.data.length).toBeGreaterThan(2 ** 21);
  expect(masks(feeds(100), "7.0")["dropout.0"]!.data).toEqual(fresh.data);
  expect(masks(feeds(100), "8.0")["dropout.0"]!.data).not.toEqual(fresh.data);
});
