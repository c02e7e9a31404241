// Runs beside each other: the frozen ones, and copies of them that have other rows, another task or no scores.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { concord } from "../../test/command-line.ts";
import { compareRuns } from "./compare-runs.ts";

const home = mkdtempSync(join(tmpdir(), "concord-compare-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const frozen = new URL("../../test/frozen/", import.meta.url).pathname;
const [weak, strong] = [join(home, "weak"), join(home, "strong")];
cpSync(join(frozen, "2026-11-26/run"), weak, { recursive: true });
cpSync(join(frozen, "2026-11-29/run"), strong, { recursive: true });

/** A copy of the strong run, changed. */
function copy(
  name: string,
  change: (read: (file: string) => string, write: (file: string, text: string) => void) => void,
) {
  const folder = join(home, name);
  cpSync(strong, folder, { recursive: true });
  const path = (file: string) => join(folder, file);
  change(
    (file) => readFileSync(path(file), "utf8"),
    (file, text) => writeFileSync(path(file), text),
  );
  return folder;
}
/** The first lines only. */
const shorter = (file: string, lines: number) => (read: (file: string) => string) =>
  `${read(file).trimEnd().split("\n").slice(0, lines).join("\n")}\n`;

test("scores are those of the runs, differences are paired, and recipes are told apart key by key", async () => {
  const { rows, sameRows, scores, runs, recipe } = await compareRuns([weak, strong]);
  expect([rows, sameRows, scores]).toEqual([19, true, ["macroF1", "accuracy"]]);
  const accuracy = (run: string) => JSON.parse(readFileSync(join(run, "metrics.json"), "utf8")).accuracy;
  expect(runs.map((run) => run.scores.accuracy)).toEqual(
    [accuracy(weak), accuracy(strong)].map(({ value, low, high }) => ({ value, low, high })),
  );
  expect(runs[0]!.better).toBeUndefined();
  const { difference, verdict } = runs[1]!.better!.accuracy!;
  expect(difference.value).toBeCloseTo(1 - accuracy(weak).value, 12);
  expect(difference.low).toBeGreaterThan(0);
  expect(verdict).toBe("better");
  expect((await compareRuns([strong, weak])).runs[1]!.better!.accuracy!.verdict).toBe("worse");
  expect(recipe.map(({ key }) => key)).toEqual(["data.separator"]);
});

test("a run beside its own copy differs in nothing", async () => {
  const twin = copy("twin", () => {});
  const { runs, recipe } = await compareRuns([strong, twin]);
  expect(runs[1]!.better!.accuracy).toEqual({ difference: { value: 0, low: 0, high: 0 }, verdict: "no-difference" });
  expect(recipe).toEqual([]);
  expect((await concord(["--lang", "zh", "compare", strong, twin])).out).toContain("配方没有不同之处");
});

test("of runs with other test rows those that all have are compared, and it is said", async () => {
  const fewer = copy("fewer", (read, write) => {
    for (const file of ["data/test.jsonl", "predictions.jsonl"]) write(file, shorter(file, 12)(read));
  });
  const found = await compareRuns([weak, fewer]);
  expect([found.sameRows, found.rows, found.runs.map((run) => run.testRows)]).toEqual([false, 12, [19, 12]]);
  const { out } = await concord(["--lang", "en", "compare", weak, fewer]);
  expect(out).toContain("TEST ROWS DIFFER (weak 19, fewer 12): only the 12 test rows that all runs have");
});

test("the command shows tables, writes a page in each language, and JSON", async () => {
  const page = join(home, "compare.html");
  const { out, code } = await concord(["--lang", "en", "compare", weak, strong, "--out", page]);
  expect(code).toBe(0);
  expect(out).toMatch(
    /^macro F1 +score +better than weak by\nweak +0\.\d+ \[.*\]\nstrong +1\.000 \[.*\] +\+0\.\d+ \[.*\] better\n/,
  );
  expect(readFileSync(page, "utf8")).toMatch(
    /<html lang="en">[\s\S]*<h1>Comparison of runs: weak, strong<\/h1>[\s\S]*\+0\.263 \[/,
  );
  await concord(["--lang", "zh", "compare", weak, strong, "--out", page]);
  expect(readFileSync(page, "utf8")).toMatch(/<html lang="zh-CN">[\s\S]*运行比较：weak, strong[\s\S]*更好/);
  const json = JSON.parse((await concord(["--json", "compare", weak, strong])).out);
  expect(json).toMatchObject({ kind: "comparison", rows: 19, runs: [{ name: "weak" }, { name: "strong" }] });
});

test("what cannot be compared is refused by name", async () => {
  await expect(compareRuns([strong])).rejects.toThrow(/E_ARGUMENT[\s\S]*two runs or more/);
  await expect(compareRuns([strong, strong])).rejects.toThrow(/E_ARGUMENT[\s\S]*each once/);
  const fewer = copy("torn", (read, write) => write("predictions.jsonl", shorter("predictions.jsonl", 3)(read)));
  await expect(compareRuns([strong, fewer])).rejects.toThrow(/E_DATA[\s\S]*19 predictions/);
  const others = copy("others", (read, write) =>
    write("data/test.jsonl", read("data/test.jsonl").replaceAll('"text":"', '"text":"other ')),
  );
  await expect(compareRuns([strong, others])).rejects.toThrow(/E_DATA[\s\S]*no test row in common/);
  const unscored = copy("unscored", () => {});
  rmSync(join(unscored, ".stages/evaluate.json"));
  await expect(compareRuns([strong, unscored])).rejects.toThrow(/E_DATA[\s\S]*no scores/);
  const numbers = copy("numbers", (read, write) =>
    write("recipe.yaml", read("recipe.yaml").replace("task: single-label", "task: multi-label")),
  );
  await expect(compareRuns([strong, numbers])).rejects.toThrow(/E_DATA[\s\S]*different tasks/);
  expect((await concord(["compare", weak, strong, "--out", "x.pdf"])).err).toMatch(/E_ARGUMENT[\s\S]*\.html/);
});

test("runs are listed with their best baseline, in the order that is asked for", async () => {
  const names = async (...order: string[]) =>
    (await concord(["--lang", "en", "runs", home, ...order])).out.trimEnd().split("\n").slice(1).map((line) => line.split(/ +/)[0]); // biome-ignore format: a row
  expect(await names()).toEqual([...(await names())].sort());
  const byScore = await names("--sort", "score");
  expect(byScore.at(-2)).toBe("weak"); // the run without scores is last
  expect((await concord(["--lang", "en", "runs", home, "--sort", "score"])).out).toMatch(
    /strong +single-label +\d\/\d +\w+ 1\.000 +[01]\.\d+ (linear|majority) +2026-/,
  );
  for (const [order, key] of [
    ["size", "sizeBytes"],
    ["date", "finished"],
  ] as const) {
    const { out } = await concord(["--json", "runs", home, "--sort", order]);
    const values = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)[key]);
    expect(values).toEqual([...values].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0)));
  }
  expect((await concord(["runs", home, "--sort", "age"])).err).toMatch(/E_ARGUMENT[\s\S]*name, score, date, size/);
});
