// Answers that the model writes to a batch of prompts while it trains, with what each is worth against the others of its group. Tokens
// only: who judges them is given. Answers are a function of (seed, step, prompt, place in the group) and the weights.
import { ConcordError, type HostArray, type Random } from "../base/index.ts";
import { openBareDecoder, write } from "../generate/index.ts";
import { batchingOf } from "../modalities/index.ts";
import type { Model } from "../models/index.ts";
import { type AdapterLayout, mergeAdapter } from "../nn/index.ts";
import type { Executable, Runtime } from "../runtime/index.ts";
import { type Example, ignoredLabel } from "./example.ts";
import type { FrozenForm } from "./frozen.ts";
import type { Objective } from "./objectives/objective.ts";
import { answerTokens } from "./objectives/rivals.ts";
import { targetFeeds } from "./objectives/targets.ts";
import { type ProgramOptions, tokenProgram } from "./program.ts";
import type { TrainedParameters } from "./trained-parameters.ts";
import type { TrainerOptions } from "./trainer-options.ts";

/** How answers are drawn and learned from. Plain data, part of a job. */
export interface RolloutPlan {
  /** Answers to each prompt, at least 2: each is judged against the others. */
  readonly group: number;
  /** Most tokens of an answer. */
  readonly maxTokens: number;
  /** Divides the logits, above 0; the objective's must be the same. */
  readonly temperature: number;
  /** As in generation. Default all tokens. */
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  /** Tokens that end an answer. */
  readonly ends: readonly number[];
  /** Updates by each batch of answers. Default 1. */
  readonly updates?: number;
  /** What an answer's reward is compared with: `group` (default) the mean of its group over its deviation; `others` the mean of the others. */
  readonly advantage?: "group" | "others";
}

/** An answer that is to be judged. */
export interface DrawnAnswer {
  /** Number of its prompt among the job's examples: their `given.row`. */
  readonly row: number;
  /** Without the token that ended it. */
  readonly tokens: readonly number[];
  /** Whether the model ended it; else it ran out of tokens. */
  readonly ended: boolean;
}

/** Rewards of answers, one each. */
export type Judge = (answers: readonly DrawnAnswer[]) => Promise<ArrayLike<number>> | ArrayLike<number>;

/** What a batch of answers came to: means over answers. */
export interface RolloutReport {
  readonly reward: number;
  /** Tokens of an answer. */
  readonly length: number;
  /** Divergence from the start in nats, summed over an answer's tokens; 0 where the objective does not ask. */
  readonly divergence: number;
  /** Share of answers that the model ended. */
  readonly ended: number;
}

export interface Rollouts {
  /** Prompts of a batch with their answers, as examples. @throws E_DATA for a reward that is not finite */
  answer(batch: readonly Example[], rng: Random): Promise<{ examples: Example[]; report: RolloutReport }>;
  dispose(): Promise<void>;
}

interface RolloutSetup {
  readonly model: Model;
  readonly runtime: Runtime;
  readonly threads?: number;
  readonly adapter?: AdapterLayout;
  readonly parameters: TrainedParameters;
  readonly programOptions: ProgramOptions;
  readonly plan: RolloutPlan;
  readonly judge: Judge;
  /** Whether log-probabilities at the start are wanted. */
  readonly reference: boolean;
}

/** Texts that are written at once. */
const atOnce = 64;

/** Compiles what draws answers and what looks at them; the weights of now are the start. @throws E_CONFIG for a plan out of range */
async function openRollouts(setup: RolloutSetup): Promise<Rollouts> {
  const { model, runtime, threads, plan, parameters, programOptions } = setup;
  checkPlan(plan);
  const start = Object.fromEntries(
    parameters.trained.map((name) => [name, { ...parameters.fed[name]!, data: parameters.fed[name]!.data.slice() }]),
  );
  const decoder = await openBareDecoder(model, runtime, { threads });
  const tokens = await runtime
    .compile(tokenProgram(model, programOptions, plan.temperature), { threads, bind: parameters.bind })
    .catch(async (error: unknown) => {
      await decoder.dispose();
      throw error;
    });
  return {
    async answer(batch, rng) {
      const weights = parameters.all();
      const merged = setup.adapter ? mergeAdapter(setup.adapter, (name) => weights.get(name)) : [];
      const writer = decoder.with(new Map<string, HostArray>([...weights, ...merged]));
      const prompts = batch.flatMap((prompt) => Array.from({ length: plan.group }, () => prompt));
      const drawn = await drawAnswers(writer, prompts, plan, rng);
      const rewards = checkedRewards(await setup.judge(drawn.map(({ answer }) => answer)), drawn.length);
      const advantages = advantagesOf(rewards, plan);
      const plain = drawn.map(({ example }) => example);
      const old = await tokenLogs(tokens, model, parameters.fed, plain);
      const held = setup.reference ? await tokenLogs(tokens, model, { ...parameters.fed, ...start }, plain) : undefined;
      const examples = plain.map(
        (example, i): Example => ({
          ...example,
          given: { advantage: Float32Array.of(advantages[i]!), old: old[i]!, ...(held && { reference: held[i]! }) },
        }),
      );
      return { examples, report: reportOf(drawn, rewards, old, held) };
    },
    async dispose() {
      await decoder.dispose();
      await tokens.dispose();
    },
  };
}

interface Drawn {
  readonly answer: DrawnAnswer;
  readonly example: Example;
}

/** Writes an answer to each prompt. */
async function drawAnswers(
  decoder: Parameters<typeof write>[0],
  prompts: readonly Example[],
  plan: RolloutPlan,
  rng: Random,
): Promise<Drawn[]> {
  const { maxTokens, temperature, topK = 0, topP = 1, minP = 0 } = plan;
  const off = { repetitionPenalty: 1, noRepeatNgram: 0, beams: 1, lengthPenalty: 1, stop: [], seed: 0 };
  const generation = { ...off, maxTokens, temperature, topK, topP, minP, overflow: "refuse" } as const;
  const ends = new Set(plan.ends);
  const ids = prompts.map((prompt) => [...(prompt as { ids: Int32Array }).ids]);
  const written = prompts.map((): number[] => []);
  for (let from = 0; from < prompts.length; from += atOnce) {
    const options = {
      generation,
      ends: (_: number, token: number) => ends.has(token),
      random: (row: number) => rng.split(from + row),
    };
    for await (const { row, token } of write(decoder, ids.slice(from, from + atOnce), options))
      if (token !== undefined) written[from + row]!.push(token);
  }
  return prompts.map((prompt, i) => {
    const tokens = written[i]!;
    const ended = ends.has(tokens.at(-1) ?? -1);
    const label = Int32Array.from([...ids[i]!.map(() => ignoredLabel), ...tokens]);
    return {
      answer: { row: prompt.given?.row?.[0] ?? i, tokens: ended ? tokens.slice(0, -1) : tokens, ended },
      example: { ids: Int32Array.from([...ids[i]!, ...tokens]), label },
    };
  });
}

function checkedRewards(rewards: ArrayLike<number>, count: number): Float64Array {
  const found = Float64Array.from(rewards);
  const broken = found.findIndex((reward) => !Number.isFinite(reward));
  if (found.length === count && broken === -1) return found;
  throw new ConcordError("E_DATA", {
    operation: "rewards",
    problem: "a reward is not a finite number",
    expected: `${count} finite numbers`,
    got: found.length === count ? `${found[broken]} for answer ${broken + 1}` : `${found.length} numbers`,
    hint: "a reward gives a number for every answer, also for one that is empty or makes no sense",
  });
}

/** What each reward is worth against its group. */
export function advantagesOf(
  rewards: ArrayLike<number>,
  { group, advantage = "group" }: Pick<RolloutPlan, "group" | "advantage">,
): Float64Array {
  const out = new Float64Array(rewards.length);
  for (let from = 0; from < rewards.length; from += group) {
    const own = Array.from({ length: group }, (_, k) => rewards[from + k]!);
    const mean = own.reduce((a, b) => a + b, 0) / group;
    const deviation = Math.sqrt(own.reduce((sum, r) => sum + (r - mean) ** 2, 0) / (group - 1));
    for (const [k, reward] of own.entries())
      out[from + k] =
        advantage === "group" ? (reward - mean) / (deviation + 1e-4) : ((reward - mean) * group) / (group - 1);
  }
  return out;
}

/** ln of the probability of each labelled token, example by example. */
async function tokenLogs(
  executable: Executable,
  model: Model,
  fed: Readonly<Record<string, HostArray>>,
  examples: readonly Example[],
): Promise<Float32Array[]> {
  const out: Float32Array[] = [];
  for (let from = 0; from < examples.length; from += atOnce) {
    const part = examples.slice(from, from + atOnce);
    const { labels, "logits.rows": rows } = targetFeeds(model, part, { divisor: 1 });
    const feeds = { ...batchingOf(model).feeds(model, part), labels: labels!, "logits.rows": rows! };
    const logs = (await executable.run({ ...fed, ...feeds })).logs!.data as Float32Array;
    let at = 0;
    for (const example of part) {
      const count = answerTokens(example);
      out.push(logs.slice(at, at + count));
      at += count;
    }
  }
  return out;
}

function reportOf(
  drawn: readonly Drawn[],
  rewards: Float64Array,
  old: readonly Float32Array[],
  held: readonly Float32Array[] | undefined,
): RolloutReport {
  const mean = (of: (at: number) => number) => drawn.reduce((sum, _, i) => sum + of(i), 0) / drawn.length;
  const apart = (i: number) =>
    old[i]!.reduce((sum, now, t) => sum + Math.expm1(held![i]![t]! - now) - held![i]![t]! + now, 0);
  return {
    reward: mean((i) => rewards[i]!),
    length: mean((i) => old[i]!.length),
    divergence: held ? mean(apart) : 0,
    ended: mean((i) => Number(drawn[i]!.answer.ended)),
  };
}

/** What a trainer gives: {@link RolloutSetup} where its job has a plan. */
type TrainerParts = Omit<RolloutSetup, "plan" | "judge" | "reference"> & {
  readonly rollouts?: RolloutPlan;
  readonly judge?: Judge;
  readonly frozen?: FrozenForm;
  readonly options?: Partial<TrainerOptions>;
  readonly objective: Objective;
};

/** What answers prompts, where the setup has a plan. @throws E_CONFIG where nobody judges, or what is drawn is not what is trained */
export async function rolloutsOf(setup: TrainerParts): Promise<Rollouts | undefined> {
  const { rollouts: plan, judge, frozen, options, objective } = setup;
  if (!plan) return undefined;
  const bad = (problem: string, expected: string, got: string): never => {
    throw new ConcordError("E_CONFIG", { operation: "training options", problem, expected, got, path: "rollouts" });
  };
  if (frozen !== undefined && frozen !== "float32")
    bad("answers are drawn from float32 weights", "base float32", frozen);
  if (options?.privacy) bad("answers are not drawn privately", "no privacy", "privacy");
  if (options?.dropout !== false) bad("answers are drawn without dropout, and learned so", "dropout false", "dropout");
  if (setup.adapter && !setup.adapter.kind.merge)
    bad(
      "answers are drawn from merged weights",
      "an adapter that can be merged, such as lora",
      setup.adapter.options.kind,
    );
  if (!judge) return bad("nobody judges the answers", "a judge", "none");
  return await openRollouts({ ...setup, plan, judge, reference: "reference" in objective.inputs(setup.model) });
}

function checkPlan({ group, maxTokens, temperature, ends, updates = 1 }: RolloutPlan): void {
  const isWhole = (value: number, least: number) => Number.isInteger(value) && value >= least;
  const faults: readonly (readonly [name: string, fits: boolean, expected: string, got: number])[] = [
    ["group", isWhole(group, 2), "a whole number from 2", group],
    ["maxTokens", isWhole(maxTokens, 1), "a whole number from 1", maxTokens],
    ["updates", isWhole(updates, 1), "a whole number from 1", updates],
    ["temperature", temperature > 0 && temperature <= 100, "a number above 0 and up to 100", temperature],
    ["ends", ends.length > 0, "at least one token that ends an answer", ends.length],
  ];
  for (const [name, fits, expected, got] of faults)
    if (!fits)
      throw new ConcordError("E_CONFIG", {
        operation: "training options",
        problem: `rollouts.${name} is wrong`,
        expected,
        got: String(got),
        path: `rollouts.${name}`,
      });
}
