// concord compress on runs of every task and kind of data: the folder answers as its audit says, and what cannot be measured is named.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { artifacts, compressionRecord } from "../../src/artifacts/index.ts";
import type { MixedPrecision } from "../../src/compress/mixed-precision.ts";
import type { Search } from "../../src/compress/search.ts";
import type { QuantiseSettings } from "../../src/recipe/index.ts";
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
  "multi-label": ["sets.task"],
  entities: ["sets.task"],
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

  test("what is served has the compressed model's prediction sets, or says why not", async () => {
    const served = await openServedModel(await readSource(run), { unsigned: true, threads: 1 });
    try {
      expect(served.source.compressed).toBe(true);
      if (leftOut[name]?.includes("sets.task")) expect(() => served.sets()).toThrow(/this task has none/);
      else expect(served.sets()).toEqual(await runScores(join(run, "compressed")));
    } finally {
      await served.close();
    }
  });
});

test.each([
  ["private", ["private", "private", "private"]],
  ["gpt2", ["model"]], // its blocks are not known to pruning
])("a search after a run of %s says what it left out, and why", async (name, reasons) => {
  const run = join(home, name); // made above
  await compressRun(run, { settings: { target: { size: 0.9 }, resamples: 20, explained: 0 } });
  const { search } = (await artifacts.compression.read(run)) as unknown as { search: Search };
  expect(search.left!.map(({ why }) => why)).toEqual(reasons);
});

describe("a run with one label a row", () => {
  const run = join(home, "single-label"); // made above

  test.each([
    ["int8", "model_quantized.onnx"],
    ["int8-weights", "model_q8.onnx"],
    ["int4", "model_q4.onnx"],
    ["fp16", "model_fp16.onnx"],
  ])("%s writes its file alone, and is smaller", async (to, file) => {
    const settings = { steps: [{ quantise: to }], resamples: 20, explained: 0 };
    const { folder, values } = await compressRun(run, { settings });
    expect(readdirSync(join(folder, "onnx"))).toEqual([file]);
    expect(existsSync(join(folder, "model.safetensors"))).toBe(false);
    const [before, after] = ["before", "after"].map((side) => values[`compression.size.bytes.${side}`]!.value);
    expect(after!).toBeLessThan(0.7 * before!);
  });

  test("its compressed folder, served by itself, has the same prediction sets", async () => {
    const folder = join(run, "compressed");
    const served = await openServedModel(await readSource(folder), { unsigned: true, threads: 1 });
    try {
      expect([served.source.kind, served.source.compressed]).toEqual(["folder", false]);
      expect(served.sets()).toEqual(await runScores(folder));
    } finally {
      await served.close();
    }
  });

  test("without candidates ways that train are tried too, as many as the minutes allow", async () => {
    const settings = { target: { size: 0.6, drop: 0.5 }, resamples: 20, explained: 0 };
    const searchOf = async (more: object) => {
      await compressRun(run, { settings: { ...settings, ...more } });
      return ((await artifacts.compression.read(run)) as unknown as { search: Search }).search;
    };
    const found = await searchOf({});
    expect(found.variants.map(({ name }) => name)).toEqual(["prune", "distil"]);
    expect(found.candidates.map(({ name }) => name)).toContain("int8, static, trained");
    expect(found.left).toEqual([]);
    const none = await searchOf({ minutes: 0 });
    expect([none.variants, none.left!.map(({ why }) => why)]).toEqual([[], ["time", "time", "time"]]);
    expect(readFileSync(join(run, "report.html"), "utf8")).toContain("Not tried: prune; distil; int8, static, trained");
    expect(await searchOf({ candidates: [] })).not.toHaveProperty("left");
  });

  test("a target: the candidate that is taken reaches it, and those beside the front are beaten in all three", async () => {
    const { folder } = await compressRun(run, {
      settings: { target: { size: 0.55, drop: 0.5 }, minutes: 0, resamples: 20, explained: 0 },
    });
    const { search } = (await artifacts.compression.read(run)) as unknown as { search: Search };
    expect(search).toMatchObject({ target: { size: 0.55, drop: 0.5 }, score: "macroF1", variants: [] });
    const taken = search.candidates.filter(({ chosen }) => chosen);
    expect(taken).toHaveLength(1);
    expect(taken[0]!.size).toBeLessThanOrEqual(0.55);
    expect(taken[0]!.drop).toBeLessThanOrEqual(0.5);
    for (const one of search.candidates.filter(({ pareto }) => !pareto))
      expect(
        search.candidates.some(
          (o) => o.size <= one.size && o.latency <= one.latency && o.drop <= one.drop && o !== one,
        ),
      ).toBe(true);
    expect((await compressionRecord.read(folder)).steps.map(({ step }) => step)).toEqual(["quantise"]);
    expect(readFileSync(join(run, "report.html"), "utf8")).toContain("Size and loss of each candidate");
  });
});

describe("a run whose answers are numbers", () => {
  const run = join(home, "regression"); // made above
  const compressed = async (settings: Readonly<Record<string, unknown>>) => {
    const { folder, values } = await compressRun(run, { settings: { ...settings, resamples: 20, explained: 0 } });
    return { record: await compressionRecord.read(folder), values, found: await artifacts.compression.read(run) };
  };

  test("mixed precision keeps the most sensitive matrices in eight bits, as few as the accepted loss needs", async () => {
    const [plain, mixed] = [
      await compressed({ steps: [{ quantise: "int4" }] }),
      await compressed({ steps: [{ quantise: { to: "int4", sensitivity: { drop: 0.001 } } }] }),
    ];
    const [step] = mixed.record.steps as unknown as { settings: QuantiseSettings; mixed: MixedPrecision }[];
    const { kept, sensitivities, tried, score } = step!.mixed;
    expect(score).toBe("mae");
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(sensitivities.length);
    expect(step!.settings.eightBits).toEqual(kept);
    expect(sensitivities.slice(0, kept.length).map(({ name }) => name)).toEqual(kept);
    expect(tried.find((one) => one.kept === 0)!.drop).toBeGreaterThan(0.001);
    expect(tried.find((one) => one.kept === kept.length)!.drop).toBeLessThanOrEqual(0.001);
    expect(tried.find((one) => one.kept === kept.length - 1)!.drop).toBeGreaterThan(0.001);
    expect(mixed.record.size.after).toBeGreaterThan(plain.record.size.after);
    expect(readFileSync(join(run, "report.html"), "utf8")).toContain(`the ${kept.length} most sensitive matrices`);
  });

  test("where the accepted loss is kept as it is, no matrix is measured", async () => {
    const plain = await compressed({ steps: [{ quantise: { to: "int8", sensitivity: { drop: 1 } } }] });
    expect((plain.record.steps[0] as unknown as { mixed: MixedPrecision }).mixed).toMatchObject({
      kept: [],
      sensitivities: [],
    });
  });

  test("lists of steps are trained once each, and tried with every way to store their weights", async () => {
    const candidates = [[{ distil: { layers: 1, epochs: 1 } }], [{ prune: { width: 0.5 } }]];
    const { record, found } = await compressed({ target: { size: 0.45, drop: 1 }, candidates });
    const { search } = found as unknown as { search: Search };
    expect(search.variants.map(({ name }) => name)).toEqual(["distil", "prune"]);
    const ways = ["float32", "fp16", "int8-weights", "int8, row", "int4", "int4, asymmetric", "int8, static"];
    for (const variant of search.variants)
      for (const way of ways) expect(search.candidates.map(({ name }) => name)).toContain(`${variant.name}, ${way}`);
    const taken = search.candidates.find(({ chosen }) => chosen)!;
    expect(taken.size).toBeLessThanOrEqual(0.45);
    expect(record.steps.map(({ step }) => step)).toEqual(
      taken.name.startsWith("prune") ? ["prune", "quantise"] : ["quantise"],
    );
    expect(readFileSync(join(run, "report.html"), "utf8")).toMatch(/prune: [^<]*width 0\.5/);
  });
});
