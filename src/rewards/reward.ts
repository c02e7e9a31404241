// What a reward is: numbers for answers to prompts, and several of them together. Knows no model and no network.
import { ConcordError } from "../base/index.ts";

/** An answer to be judged. */
export interface JudgedAnswer {
  readonly prompt: string;
  readonly answer: string;
  /** What should have been answered, where the data says. */
  readonly expected?: string;
}

/** A reward by its name: a number for each answer, in their order. */
export interface Reward {
  readonly name: string;
  /** Factor on it where rewards are added up. */
  readonly weight: number;
  of(answers: readonly JudgedAnswer[]): Promise<ArrayLike<number>> | ArrayLike<number>;
}

/** Longest piece of an answer in an error. */
const shown = 80;

/**
 * The weighted sum of several rewards of each answer.
 * @throws E_DATA naming the reward and the answer where one gives no finite number, or not as many as there are answers
 * @example await judged([exactAnswer(1), lengthBetween(1, { least: 1, most: 20 })], [{ prompt: "2+2=", answer: "4", expected: "4" }]) // [2]
 */
export async function judged(rewards: readonly Reward[], answers: readonly JudgedAnswer[]): Promise<Float64Array> {
  const total = new Float64Array(answers.length);
  for (const { name, weight, of } of rewards) {
    const found = await of(answers);
    const broken = found.length === answers.length ? answers.findIndex((_, i) => !Number.isFinite(found[i])) : 0;
    if (broken >= 0 && (found.length !== answers.length || answers.length > 0))
      throw new ConcordError("E_DATA", {
        operation: "rewards",
        problem: `the reward ${name} gave no finite number`,
        expected: `${answers.length} finite numbers`,
        got:
          found.length === answers.length
            ? `${found[broken]} for ${JSON.stringify(answers[broken]!.answer.slice(0, shown))}`
            : `${found.length} numbers`,
        hint: "a reward gives a number for every answer, also for one that is empty or makes no sense",
      });
    for (let i = 0; i < total.length; i++) total[i]! += weight * found[i]!;
  }
  return total;
}
