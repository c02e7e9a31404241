// Studies on a small table with real training: what a search sees, and that nothing is lost or counted twice when it is stopped, killed,
// or run in several processes.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { openDatabase } from "../../src/database/index.ts";
import { readRecipe } from "../../src/recipe/index.ts";
import { type Study, type StudyTrial, type TuneEvent, type TuneOptions, tune } from "../../src/tune/index.ts";
import { concord } from "../command-line.ts";
import { started, until } from "./servers.ts";
import { finishedIn, writeStudy } from "./tune-study.ts";

const root = mkdtempSync(join(tmpdir(), "concord-tune-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const homeOf = (name: string) => {
  const home = join(root, name);
  mkdirSync(home);
  return home;
};

async function studied(
  home: string,
  { onEvent, ...more }: Partial<TuneOptions> = {},
): Promise<{ study: Study; events: TuneEvent[] }> {
  const events: TuneEvent[] = [];
  const path = join(home, "recipe.yaml");
  const study = await tune(readRecipe(readFileSync(path, "utf8"), path), {
    home,
    folder: join(home, "study"),
    ...more,
    onEvent: (event) => {
      events.push(event);
      onEvent?.(event);
    },
  });
  return { study, events };
}
const numbers = (trials: readonly StudyTrial[]) => trials.map(({ ms: _, started: __, ended: ___, ...trial }) => trial);

test("no test row is scored before the winner is known; the winner is an ordinary run that says how many were tried", async () => {
  const home = homeOf("winner");
  writeStudy(home, ["trials: 4", "objectives: [score, size, latency, gap]"]);
  const scored = () =>
    readdirSync(join(home, "study"), { recursive: true, encoding: "utf8" }).filter((name) =>
      /(metrics\.json|predictions\.jsonl|baselines\.json|audit\/)/.test(name),
    );
  let before: string[] | undefined;
  const { study } = await studied(home, {
    onEvent: (event) => {
      if (event.kind === "winner") before = scored();
    },
  });
  expect(before).toEqual([]);
  expect(scored()).toEqual(expect.arrayContaining(["winner/metrics.json", "winner/predictions.jsonl"]));
  const { tried, macroF1 } = JSON.parse(readFileSync(join(home, "study/winner/metrics.json"), "utf8"));
  expect(tried).toMatchObject({ settings: 4, level: 0.9875 });
  expect(tried.scores.macroF1.low).toBeLessThan(macroF1.low);
  expect(tried.scores.macroF1.high).toBeLessThanOrEqual(1);
  expect(readFileSync(join(home, "study/winner/report.html"), "utf8")).toMatch(
    /chosen among 4 by their validation score/,
  );
  expect(study.best.costs).toHaveLength(4);
  expect(study.best.costs![0]).toBe(Math.min(...study.trials.map(({ costs }) => costs![0]!)));
  const [, size, latency, gap] = study.best.costs!;
  expect(size).toBeGreaterThan(10_000);
  expect(latency).toBeGreaterThan(0);
  expect(gap).toBeGreaterThanOrEqual(0);
  // the weights of the last epoch are the model: its score is the last of the curve
  for (const { curve, costs } of study.trials) expect(curve.at(-1)!.cost).toBeCloseTo(costs![0]!, 6);
  expect(readdirSync(join(home, "study")).filter((name) => name.startsWith("trial-"))).toEqual([
    `trial-000${study.best.number}`,
  ]);
});

test("a study that is stopped and resumed has the trials of one that was not, to the last bit", async () => {
  const [whole, cut] = [homeOf("whole"), homeOf("cut")];
  for (const home of [whole, cut]) writeStudy(home, ["trials: 7", "pruner: halving"], "epochs: 9");
  const { study: reference } = await studied(whole);
  const kept = reference.trials.filter(({ state }) => state === "finished").map(({ number }) => number);
  let resumed = 0;
  const watched = (onEvent: (event: TuneEvent) => void = () => {}) => ({
    resume: true,
    onEvent: (event: TuneEvent) => {
      if (event.kind === "trial" && event.state === "resumed") resumed++;
      onEvent(event);
    },
  });
  for (const number of [kept[0]!, kept.at(-1)!]) {
    const stop = new AbortController();
    const stopped = studied(cut, {
      signal: stop.signal,
      ...watched((event) => {
        if (event.kind === "epoch" && event.number === number && event.epoch === 4) stop.abort(); // in the middle of a trial
      }),
    });
    await expect(stopped).rejects.toMatchObject({ code: "E_INTERRUPTED" });
  }
  await expect(studied(cut)).rejects.toMatchObject({ code: "E_ARGUMENT" }); // without resume
  const { study } = await studied(cut, watched());
  expect(numbers(study.trials)).toEqual(numbers(reference.trials));
  expect(reference.trials.some(({ state }) => state === "pruned")).toBe(true);
  expect(resumed).toBe(2);
});

const source = fileURLToPath(new URL("../..", import.meta.url));
/** For trials in processes of their own, on a machine that has other work. */
const longMs = 400_000;
/** The command line as a process that can be killed. */
const command = (args: readonly string[]) =>
  started(process.execPath, ["--import", "tsx", "src/cli/main.ts", ...args, "--json"], { cwd: source });
const trialsIn = async (home: string) => {
  const sql = await openDatabase(join(home, "study/study.sqlite"), { operation: "test", lock: 1 });
  try {
    return await sql.all("SELECT number, state, token FROM concord_trials ORDER BY number");
  } finally {
    await sql.close();
  }
};

test.each([1, 2])(
  "a study of %d at a time that is killed with SIGKILL, twice, loses no trial and counts none twice",
  async (parallel) => {
    const home = homeOf(`killed-${parallel}`);
    const recipe = writeStudy(home, ["trials: 6", `parallel: ${parallel}`], "epochs: 30");
    const args = ["tune", recipe, "--out", join(home, "study")];
    const ended = new Set<number>();
    for (const [kill, resume] of [
      [1, false],
      [3, true],
    ] as const) {
      const running = command(resume ? [...args, "--resume"] : args);
      const isAt = new RegExp(`"epoch":([3-9]|\\d\\d),"score":[^}]*"number":${kill}\\}`);
      await until(`epoch of trial ${kill}`, async () => isAt.test(running.output()), longMs);
      await running.stop("SIGKILL");
      for (const number of finishedIn(running.output())) {
        expect(ended.has(number)).toBe(false);
        ended.add(number);
      }
    }
    const last = command([...args, "--resume"]);
    await until("the winner", async () => /"kind":"winner"/.test(last.output()), longMs);
    expect(await last.stop("SIGKILL")).not.toBe(1);
    for (const number of finishedIn(last.output())) {
      expect(ended.has(number)).toBe(false);
      ended.add(number);
    }
    const trials = await trialsIn(home);
    expect(trials.map(({ number, state }) => [number, state])).toEqual([0, 1, 2, 3, 4, 5].map((n) => [n, "finished"]));
    expect(Math.max(...trials.map(({ token }) => Number(token)))).toBeGreaterThan(1);
  },
);

test("a study that a process holds is refused to another", async () => {
  const home = homeOf("held");
  writeStudy(home, ["trials: 3"]);
  let second: Promise<unknown> | undefined;
  await studied(home, {
    onEvent: (event) => {
      if (event.kind === "epoch") second ??= studied(home, { resume: true }).catch((fault) => fault);
    },
  });
  expect(await second).toMatchObject({ code: "E_LOCKED" });
});

test("trials in processes have the numbers of trials in one process", async () => {
  const [one, two] = [homeOf("in-one"), homeOf("in-processes")];
  for (const home of [one, two]) writeStudy(home, ["trials: 4", "sampler: random"]);
  const { study: alone } = await studied(one);
  const { study: beside } = await studied(two, { parallel: 2 });
  expect(numbers(beside.trials)).toEqual(numbers(alone.trials));
});

test("a budget of time starts no further trial, and a later session has what is left of it", async () => {
  const home = homeOf("time");
  writeStudy(home, ["trials: 50"]);
  const { study } = await studied(home, { minutes: 1 / 60 });
  expect(study.trials.length).toBeGreaterThan(0);
  expect(study.trials.length).toBeLessThan(10);
  const again = await studied(home, { minutes: 1 / 60, resume: true });
  expect(again.study.trials.length).toBe(study.trials.length);
});

test("a trial that diverges counts as failed, and a study whose first three do is stopped with what is wrong", async () => {
  const home = homeOf("diverged");
  const path = writeStudy(home, ["trials: 5"]);
  const text = readFileSync(path, "utf8").replace("log: [1e-5, 1e-1]", "log: [1e30, 1e36]");
  const fault = await tune(readRecipe(text, path), { home, folder: join(home, "study") }).catch((e) => e);
  expect(fault).toMatchObject({ code: "E_DATA", facts: { problem: "no trial finished" } });
});

test("settings of `first` are tried first; several seeds of a trial are trained, and their mean counts", async () => {
  const settings = { "adapt.learningRate": 0.003, "adapt.method": "lora", "adapt.rank": 4 };
  const scoreOf = async (seeds: number, seed: number) => {
    const home = homeOf(`seeds-${seeds}-${seed}`);
    const path = writeStudy(home, ["trials: 1", `seeds: ${seeds}`, `first: [${JSON.stringify(settings)}]`]);
    const recipe = readRecipe(readFileSync(path, "utf8"), path, [`seed=${seed}`, "data.split.seed=9"]);
    const { trials } = await tune(recipe, { home, folder: join(home, "study") });
    expect(trials.map(({ point }) => point)).toEqual([settings]);
    return -trials[0]!.costs![0]!;
  };
  const singles = [await scoreOf(1, 5), await scoreOf(1, 6)];
  expect(singles[0]).not.toBe(singles[1]);
  expect(await scoreOf(2, 5)).toBeCloseTo((singles[0]! + singles[1]!) / 2, 12);
});

test("a budget of trials that is raised goes on as if it had been so from the start; a rank is there beside LoRA alone", async () => {
  const [whole, raised] = [homeOf("budget-whole"), homeOf("budget-raised")];
  for (const home of [whole, raised]) writeStudy(home, ["trials: 6"], "epochs: 1");
  const { study: reference } = await studied(whole);
  expect((await studied(raised, { trials: 2 })).study.trials).toHaveLength(2);
  const { study } = await studied(raised, { resume: true });
  expect(numbers(study.trials)).toEqual(numbers(reference.trials));
  for (const { point } of study.trials) expect("adapt.rank" in point).toBe(point["adapt.method"] === "lora");
  expect(new Set(study.trials.map(({ point }) => point["adapt.method"]))).toEqual(new Set(["full", "lora"]));
});

test("the command shows each trial, its page and its winner; in Chinese too", async () => {
  const home = homeOf("command");
  const recipe = writeStudy(home, ["trials: 2"]);
  const out = join(home, "study");
  const { code, err } = await concord(["tune", recipe, "--out", out]);
  expect(code).toBe(0);
  expect(err).toMatch(/trial 0 +running {2}adapt\.learningRate=/);
  expect(err).toMatch(/best so far/);
  expect(err).toMatch(/Best of 2 trials/);
  expect(err).toMatch(/The best 2 of 2 trials\n +trial +score +adapt\.learningRate/);
  expect(err).toMatch(/Best score so far/);
  expect(err).toContain("study.html");
  const again = await concord(["tune", recipe, "--out", out, "--lang", "zh"]);
  expect(again.code).toBe(64);
  expect(again.err).toContain("该研究已有试验");
});

test("a time that is none, and trials that are none, are refused", async () => {
  const home = homeOf("refused");
  const recipe = writeStudy(home);
  expect((await concord(["tune", recipe, "--for", "soon"])).err).toMatch(/90s, 30m or 2h/);
  expect((await concord(["tune", recipe, "--trials", "0"])).err).toMatch(/whole number ≥ 1/);
});
