import { expect, test } from "vitest";
import { random } from "../base/index.ts";
import { auditFairness } from "./audit-groups.ts";
import { entityMeasures } from "./entity-panel.ts";

const span = (start: number, type = "drug") => ({ start, end: start + 3, type });

test("only entities with the same borders and type are right; types are counted by themselves", () => {
  const truth = [[span(0), span(5, "place")], [span(2)], []];
  const predicted = [[span(0), span(5)], [span(3)], [span(9, "place")]];
  const measures = entityMeasures(truth, predicted, ["drug", "place"]);
  const grouping = { names: ["all"], groupOf: Int32Array.of(0, 0, 0), rows: [3] };
  const known = measures.know(grouping, [0], { seed: "", resamples: 1 });
  const found = Object.fromEntries(measures.names.map((name, m) => [name, known.all(m).value]));
  expect(found).toEqual({
    f1: 2 / 7, // one right of four predicted and three true
    precision: 1 / 4,
    recall: 1 / 3,
    "drug.f1": 2 / 5,
    "drug.recall": 1 / 2,
    "place.f1": 0,
    "place.recall": 0,
  });
});

test("a group whose entities are missed more often is called; with equal misses none is", () => {
  const audit = (missed: (isle: boolean) => number) => {
    const rng = random(2);
    const region = Array.from({ length: 600 }, () => (rng.int(4) ? "main" : "isle"));
    const truth = region.map(() => [span(0), span(8)]);
    const predicted = region.map((r) => [span(0), span(8)].filter(() => rng.float() >= missed(r === "isle")));
    return auditFairness({ kind: "entities", names: ["drug"], truth, predicted }, { region });
  };
  const [gap] = audit((isle) => (isle ? 0.4 : 0.1)).called;
  expect(gap).toMatchObject({ group: "isle", measure: "f1" });
  expect(gap!.low).toBeLessThan(gap!.value);
  expect(audit(() => 0.2).called).toEqual([]);
});
