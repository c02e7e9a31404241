// Which of several answers to a prompt: a model that scores one choice at a time, and a softmax over a prompt's choices. Knows no file;
// the runtime and the tokenizer are given.
import { ConcordError, type HostArray } from "../base/index.ts";
import { cleanText } from "../data/index.ts";
import { headFactsOf, type Model } from "../models/index.ts";
import type { Runtime } from "../runtime/index.ts";
import type { Tokenizer } from "../tokenizer-files/index.ts";
import { compiledForAnswers } from "./predictor.ts";
import { softmax } from "./temperature.ts";
import { inBatches, type TextPredictorOptions } from "./text-predictor.ts";

/** A prompt and what it may be answered with. */
export interface ChoiceInput {
  readonly prompt: string;
  /** Two or more. */
  readonly choices: readonly string[];
}

/** What a model chose. */
export interface Choice {
  /** Number of the likeliest choice, from 0. */
  readonly choice: number;
  /** Of each choice; they add up to 1. */
  readonly probabilities: readonly number[];
  /** The model's own score of each choice. */
  readonly logits: readonly number[];
}

/** What a model reads for each choice: the prompt and the choice, cleaned. */
export const choicePairs = ({ prompt, choices }: ChoiceInput): (readonly [string, string])[] =>
  choices.map((choice) => [cleanText(prompt), cleanText(choice)]);

/** A model that chooses. Call `dispose` when done. */
export interface Chooser {
  readonly model: Model;
  /** Longest input in tokens; the rest is cut off. */
  readonly limit: number;
  /** @throws E_ARGUMENT for a prompt with fewer than two choices */
  choose(inputs: readonly ChoiceInput[]): Promise<Choice[]>;
  dispose(): Promise<void>;
}

/**
 * Makes a chooser from a model in memory. Texts are cleaned and cut as those of other predictors.
 * @param options `maxLength` in tokens: default the model's; `batchSize`: choices in one run, default 32; `threads`
 * @throws E_MODEL for a model that does not score choices
 * @example
 * const chooser = await textChooser(model, weights, tokenizer, cpuRuntime);
 * const [{ choice }] = await chooser.choose([{ prompt: "The sky is", choices: ["blue", "a table"] }]);
 */
export async function textChooser(
  model: Model,
  weights: ReadonlyMap<string, HostArray>,
  tokenizer: Tokenizer,
  runtime: Runtime,
  { maxLength, batchSize = 32, threads }: TextPredictorOptions = {},
): Promise<Chooser> {
  if (headFactsOf(model.task).of !== "choices" || !model.tokens)
    throw new ConcordError("E_MODEL", {
      operation: "predict",
      problem: "the model does not choose among answers",
      expected: "a folder of a ForMultipleChoice class",
      got: model.architecture,
    });
  const executable = await compiledForAnswers(model, weights, runtime, { threads });
  const limit = Math.min(maxLength ?? Number.POSITIVE_INFINITY, model.tokens.maxLength);
  return {
    model,
    limit,
    async choose(inputs) {
      for (const { prompt, choices } of inputs)
        if (choices.length < 2)
          throw new ConcordError("E_ARGUMENT", {
            operation: "predict",
            problem: "a prompt has nothing to choose from",
            expected: "two choices or more",
            got: JSON.stringify(choices),
            path: prompt.slice(0, 60),
          });
      const encodings = await tokenizer.encodeBatch(inputs.flatMap(choicePairs), { truncation: { maxLength: limit } });
      const rows = await inBatches(executable, model, encodings, { batchSize, outputs: ["logits"], ran: () => {} });
      const scores = rows.map(([row]) => row![0]!);
      let next = 0;
      return inputs.map(({ choices }) => {
        const logits = scores.slice(next, next + choices.length);
        next += choices.length;
        return { choice: logits.indexOf(Math.max(...logits)), probabilities: softmax(logits), logits };
      });
    },
    dispose: () => executable.dispose(),
  };
}
