// concord compress on runs of every task and kind of data: the folder answers as its audit says, and what cannot be measured is named.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { artifacts, compressionRecord } from "../../src/artifacts/index.ts";
import { compressRun } from "../../src/runs/compress-run.ts";
import { evaluateRun } from "../../src/runs/evaluate-run.ts";
import { runScores } from "../../src/runs/index.ts";
import { openServedModel } from "../../src/serve/model/served.ts";
import { readSource } from "../../src/serve/model/source.ts";
import { type CompressCase, compressCase, compressCases } from "./compress-runs.ts";

const home = mkdtempSync(join(tmpdir(), "concord-compress-tasks-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** What an audit of a task leaves out. */
const leftOut: Partial<Record<CompressCase, string[]>> = {
  "multi-label": ["ece", "sets.task"],
  entities: ["ece", "membership.words", "sets.task"],
  images: ["faithfulness.reads"],
};
const mainScore: Partial<Record<CompressCase, string>> = { regression: "mae", entities: "f1" };

describe.each(Object.keys(compressCases) as CompressCase[])("%s", (name) => {
  let run: string;
  beforeAll(async () => {
    run = await compressCase(name, home);
  });

  test("int8 and int4 answer as their audit says, and nothing is missing without a word", async () => {
    for (const to of ["int4", "int8"]) {
      const { folder, values } = await compressRun(run, {
        settings: { steps: [{ quantise: to }], resamples: 20, explained: 5 },
      });
      const { unmeasured } = await artifacts.compression.read(run);
      expect(unmeasured).toEqual((leftOut[name] ?? []).map((key) => `compress.unmeasured.${key}`));
      const score = mainScore[name] ?? "macroF1";
      const { summary } = await evaluateRun(folder);
      expect((summary[score] as { value: number }).value).toBeCloseTo(values[`compression.${score}.after`]!.value, 10);
      const changed = name === "regression" ? 0 : values["compression.flips.share"]!.value;
      expect(changed, to).toBeLessThan(0.1);
      expect(Math.abs(values[`compression.${score}.change`]!.value)).toBeLessThan(name === "regression" ? 1 : 0.06);
      expect(values["compression.size.bytes.after"]!.value).toBe((await compressionRecord.read(folder)).size.after);
    }
  });

  test("the calibration error and faithfulness of 16-bit weights are those of the model before", async () => {
    const { values } = await compressRun(run, {
      settings: { steps: [{ quantise: "fp16" }], resamples: 20, explained: 5 },
    });
    const parts = Object.keys(values).filter((one) =>
      /^compression\.(ece|faithfulness\.\w+|sets\.\w+)\.change$/.test(one),
    );
    const most = name === "regression" ? 0.05 : 0.005;
    for (const part of parts) expect(Math.abs(values[part]!.value), part).toBeLessThan(most);
  });

  test("a target is searched, and what is served has the compressed model's prediction sets or says why not", async () => {
    await compressRun(run, { settings: { target: { size: 0.7, drop: 2 }, resamples: 20, explained: 0 } });
    const served = await openServedModel(await readSource(run), { unsigned: true, threads: 1 });
    try {
      expect(served.source.compressed).toBe(true);
      if (leftOut[name]?.includes("sets.task")) expect(() => served.sets()).toThrow(/this task has none/);
      else expect(served.sets()).toEqual(await runScores(join(run, "compressed")));
    } finally {
      await served.close();
    }
    expect(readFileSync(join(run, "report.html"), "utf8")).toContain("Size and loss of each candidate");
  });
});
