// Numbers where nothing is: a mitigation that changes no gap, an attack on a model that leaks nothing, cohorts that err alike, sets that hold
// what they promise. Bounds are those of issue 15. npm run slow -- changes
import { expect, test } from "vitest";
import { membershipReport } from "../../src/attacks/index.ts";
import { type Random, random } from "../../src/base/index.ts";
import { shareInterval } from "../../src/eval/index.ts";
import { compareAnswers } from "../../src/fairness/index.ts";
import { cohortsOf, findSlices } from "../../src/robustness/index.ts";

/** Three standard errors above a share, 5 % by default, in so many runs. */
const most = (runs: number, share = 0.05) => share + 3 * Math.sqrt((share * (1 - share)) / runs);

/** One draw of groups of patients, and how their rows were answered before and after: half of the rows are easy. */
function changed(
  [groups, rows, each]: readonly [number, number, number],
  rng: Random,
  gaps: readonly [number, number] = [0, 0],
) {
  const [was, is, group, patient]: string[][] = [[], [], [], []];
  for (let i = 0; i < groups * rows; i++) {
    const own = Math.floor(i / rows);
    const easy = rng.float() < 0.5;
    const said = (gap: number) => ((easy || rng.float() < 0.5) && !(own === 0 && rng.float() < gap / 0.75) ? "y" : "n");
    const again = i % each !== 0 && rng.float() < 0.7;
    was!.push(again ? was!.at(-1)! : said(gaps[0]));
    is!.push(again ? is!.at(-1)! : said(gaps[1]));
    group!.push(`g${own}`);
    patient!.push(`${Math.floor(i / each)}`);
  }
  const options = { resamples: 1, seed: rng.int(2 ** 30), clusters: each > 1 ? patient : undefined };
  return compareAnswers(Array<string>(was!.length).fill("y"), was!, is!, { group: group! }, options).gaps[0]!;
}

test.each([
  [2, 200, 1],
  [4, 440, 1],
  [5, 1000, 1],
  [10, 100, 1],
  [10, 30, 1],
  [20, 20, 1],
  [4, 200, 5],
  [2, 600, 3],
] as const)("%i groups of %i rows, %i a patient, no gap before or after: no change is seen", (...setting) => {
  const rng = random(`change ${setting.join(" ")}`);
  const runs = 2000;
  let [better, behind, change, before] = [0, 0, 0, 0];
  for (let run = 0; run < runs; run++) {
    const gap = changed(setting, rng);
    if (gap.change.high < 0) better++;
    if (gap.before.low > 0) behind++;
    change += gap.change.value / runs;
    before += gap.before.value / runs;
  }
  expect(better / runs).toBeLessThanOrEqual(most(runs, 0.025));
  expect(behind / runs).toBeLessThanOrEqual(most(runs, 0.025));
  expect(Math.abs(change)).toBeLessThan(0.015);
  expect(Math.abs(before)).toBeLessThan(0.015);
});

test.each([
  [[4, 440, 1], [0.1, 0], 0.85],
  [[10, 100, 1], [0.3, 0.1], 0.8],
  [[2, 200, 1], [0.15, 0], 0.6],
] as const)(
  "%j groups, rows, rows a patient, and a gap that falls as %j: the change is seen",
  (setting, gaps, least) => {
    const rng = random(`fall ${setting.join(" ")}`);
    const runs = 500;
    let seen = 0;
    for (let run = 0; run < runs; run++) if (changed(setting, rng, gaps).change.high < 0) seen++;
    expect(seen / runs).toBeGreaterThanOrEqual(least);
  },
);

test.each([
  [1, 400, 0],
  [2, 200, 0.5],
  [5, 100, 0.5],
  [10, 50, 0.5],
  [10, 50, 0.9],
  [10, 15, 0.9],
])(
  "%i rows of %i patients a side, alike %f, no leak: the area is 0.5 and ε has no bound in 95 percent",
  (each, patients, alike) => {
    const rng = random(`leak ${each} ${patients} ${alike}`);
    const runs = 600;
    let [missed, bounded] = [0, 0];
    for (let run = 0; run < runs; run++) {
      const side = (name: string) => {
        const scores: number[] = [];
        const units: string[] = [];
        for (let p = 0; p < patients; p++) {
          const own = rng.normal() * Math.sqrt(alike);
          for (let i = 0; i < each; i++) {
            scores.push(own + rng.normal() * Math.sqrt(1 - alike));
            units.push(`${name} ${p}`);
          }
        }
        return { scores, units };
      };
      const [members, others] = [side("in"), side("out")];
      const { auc, epsilonLower } = membershipReport({
        members: members.scores,
        others: others.scores,
        memberUnits: members.units,
        otherUnits: others.units,
      });
      if (auc.low > 0.5 || auc.high < 0.5) missed++;
      if (epsilonLower > 0) bounded++;
    }
    expect(missed / runs).toBeLessThanOrEqual(most(runs));
    expect(bounded / runs).toBeLessThanOrEqual(most(runs));
  },
);

test.each([1, 3, 8])(
  "cohorts that err alike, %i rows a patient: none is reported in 95 percent of searches",
  (each) => {
    const rng = random(`cohorts ${each}`);
    const runs = 200;
    const words = Array.from({ length: 60 }, (_, k) => `w${k}`);
    let reported = 0;
    for (let run = 0; run < runs; run++) {
      const rows = [];
      const [errors, units]: [number[], number[]] = [[], []];
      for (let p = 0; p < 800 / each; p++) {
        const wrong = Number(rng.float() < 0.25);
        const attributes = { sex: "fm"[rng.int(2)]!, region: "abcd"[rng.int(4)]! };
        const said = Array.from({ length: 6 }, () => words[rng.int(words.length)]!);
        for (let i = 0; i < each; i++) {
          errors.push(wrong);
          units.push(p);
          rows.push({ text: "", attributes, words: said });
        }
      }
      if (findSlices(errors, cohortsOf(rows, 10), { units: each > 1 ? units : undefined }).slices.length) reported++;
    }
    expect(reported / runs).toBeLessThanOrEqual(most(runs));
  },
);

test("a cohort of patients that errs much more is found", () => {
  const rng = random("planted cohort");
  let found = 0;
  for (let run = 0; run < 50; run++) {
    const rows = [];
    const [errors, units]: [number[], number[]] = [[], []];
    for (let p = 0; p < 300; p++) {
      const region = "abcd"[rng.int(4)]!;
      const wrong = Number(rng.float() < (region === "a" ? 0.5 : 0.15));
      for (let i = 0; i < 3; i++) {
        errors.push(wrong);
        units.push(p);
        rows.push({ text: "", attributes: { region }, words: [] });
      }
    }
    const { slices } = findSlices(errors, cohortsOf(rows, 10), { units });
    if (slices.some((s) => s.name === "region = a")) found++;
  }
  expect(found / 50).toBeGreaterThan(0.9);
});

test("sets of 80 patients by 10 rows: the interval of their coverage holds it", () => {
  const rng = random("coverage");
  const runs = 600;
  let held = 0;
  for (let run = 0; run < runs; run++) {
    const hits: number[] = [];
    const patients: number[] = [];
    for (let p = 0; p < 80; p++) {
      const own = 1 - 0.1 * 2 * rng.float() ** 1; // a patient's own coverage, 0.9 on average
      const sick = rng.float() < 0.15;
      for (let i = 0; i < 10; i++) {
        hits.push(Number(rng.float() < (sick ? 0.5 : own + (0.06 * 0.15) / 0.85)));
        patients.push(p);
      }
    }
    const truth = 0.15 * 0.5 + 0.85 * (0.9 + (0.06 * 0.15) / 0.85);
    const { low, high } = shareInterval(hits, patients);
    if (low <= truth && truth <= high) held++;
  }
  expect(held / runs).toBeGreaterThanOrEqual(0.93 - 3 * Math.sqrt((0.93 * 0.07) / runs));
});
