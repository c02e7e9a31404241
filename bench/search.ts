// Samplers beside Optuna's TPE at equal trials: Branin, Hartmann-6 and a mixed space with conditions, 30 seeds. Regret: least cost − the best that there is.
// CONCORD_OPTUNA_PYTHON names a Python with optuna; without it only our own rows are printed.
import { spawnSync } from "node:child_process";
import {
  checkedSpace,
  gaussianProcessSampler,
  type Parameter,
  type Point,
  randomSampler,
  type Sampler,
  type Space,
  suggest,
  type Trial,
  tpeSampler,
} from "../src/search/index.ts";
import { median } from "./peers.ts";

/** Other seeds than those on which the estimator's bandwidth was chosen (0 … 29). */
const seeds = Array.from({ length: 30 }, (_, i) => 100 + i);

const number = (name: string, low: number, high: number, log = false): Parameter => ({
  name,
  range: { kind: "number", low, high, log },
});
const integer = (name: string, low: number, high: number, log: boolean, method: string): Parameter => ({
  name,
  range: { kind: "integer", low, high, log },
  when: [{ parameter: "method", values: [method] }],
});

/** Hartmann's constants (Dixon & Szegő 1978). */
const hartmann = {
  a: [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
  ],
  p: [
    [1312, 1696, 5569, 124, 8283, 5886],
    [2329, 4135, 8307, 3736, 1004, 9991],
    [2348, 1451, 3522, 2883, 3047, 6650],
    [4047, 8828, 8732, 5743, 1091, 381],
  ],
  weights: [1, 1.2, 3, 3.2],
};

interface Problem {
  readonly space: Space;
  readonly trials: number;
  readonly least: number;
  cost(x: Readonly<Record<string, number>>, point: Point): number;
}

const problems: Record<string, Problem> = {
  branin: {
    space: checkedSpace([number("x", -5, 10), number("y", 0, 15)]),
    trials: 60,
    least: 0.39788735772973816,
    cost: ({ x = 0, y = 0 }) =>
      (y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6) ** 2 +
      10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) +
      10,
  },
  hartmann: {
    space: checkedSpace(Array.from({ length: 6 }, (_, i) => number(`x${i}`, 0, 1))),
    trials: 100,
    least: -3.32236801141551,
    cost: (x) => {
      const distance = (i: number) =>
        hartmann.a[i]!.reduce((sum, a, j) => sum + a * (x[`x${j}`]! - hartmann.p[i]![j]! * 1e-4) ** 2, 0);
      return -hartmann.weights.reduce((sum, weight, i) => sum + weight * Math.exp(-distance(i)), 0);
    },
  },
  mixed: {
    space: checkedSpace([
      { name: "method", range: { kind: "choice", values: ["full", "lora", "head"] } },
      number("rate", 1e-6, 1e-1, true),
      number("dropout", 0, 0.5),
      integer("rank", 1, 64, true, "lora"),
      integer("layers", 0, 12, false, "full"),
    ]),
    trials: 60,
    least: 0,
    cost: ({ rate = 1, dropout = 0, rank = 1, layers = 0 }, { method }) => {
      const [log, dropped] = [Math.log10(rate), 2 * (dropout - 0.15) ** 2];
      if (method === "full") return dropped + 0.1 + 0.3 * (log + 4.5) ** 2 + 0.01 * (layers - 9) ** 2;
      if (method === "lora") return dropped + 0.3 * (log + 3) ** 2 + 0.15 * (Math.log2(rank) - 4) ** 2;
      return dropped + 0.4 + 0.2 * (log + 2) ** 2;
    },
  },
};

/** The least cost of a search. */
function leastOf({ space, trials, cost }: Problem, sampler: Sampler, seed: number): number {
  const history: Trial[] = [];
  for (let at = 0; at < trials; at++) {
    const point = suggest({ space, sampler, seed }, history)!;
    const costs = [cost(point as Record<string, number>, point)];
    history.push({ number: at, point, state: "finished", costs, curve: [] });
  }
  return Math.min(...history.map(({ costs }) => costs![0]!));
}

export async function searchBench(): Promise<Record<string, string | number>[]> {
  const optuna = optunaLeast();
  const ours = { random: randomSampler(), TPE: tpeSampler(), "Gaussian process": gaussianProcessSampler() };
  return Object.entries(problems).flatMap(([name, problem]) => {
    const row = (what: string, least: readonly number[], ms?: number) => {
      const regrets = least.map((cost) => cost - problem.least);
      const mean = regrets.reduce((a, b) => a + b, 0) / regrets.length;
      const spread = Math.sqrt(regrets.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (regrets.length - 1));
      return {
        problem: name,
        trials: problem.trials,
        what,
        "mean regret": rounded(mean),
        "median regret": rounded(median(regrets)),
        "spread (sd)": rounded(spread),
        ...(ms !== undefined && { "ms a suggestion": Math.round(ms * 10) / 10 }),
      };
    };
    const own = Object.entries(ours).map(([what, sampler]) => {
      const start = performance.now();
      const least = seeds.map((seed) => leastOf(problem, sampler, seed));
      return row(`Concord ${what}`, least, (performance.now() - start) / seeds.length / problem.trials);
    });
    return optuna ? [...own, row(`Optuna ${optuna.optuna} TPE`, optuna[name]!.tpe)] : own;
  });
}

const rounded = (x: number): number => Number(x.toPrecision(3));

type OptunaLeast = { readonly optuna: string } & Readonly<Record<string, { readonly tpe: readonly number[] }>>;

function optunaLeast(): OptunaLeast | undefined {
  const python = process.env.CONCORD_OPTUNA_PYTHON;
  if (!python) return undefined;
  const trials = Object.fromEntries(Object.entries(problems).map(([name, problem]) => [name, problem.trials]));
  const input = JSON.stringify({ hartmann, trials, seeds });
  const done = spawnSync(python, ["bench/search_optuna.py"], { input, encoding: "utf8", maxBuffer: 2 ** 24 });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout) as OptunaLeast;
}
