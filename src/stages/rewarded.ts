// A model that learns from rewards of its own answers: its prompts, who judges its answers in training, and what its answers earn.
import { from } from "../artifacts/index.ts";
import { type Row, rowsOfTexts, type TextRow } from "../data/index.ts";
import { chatTemplate, type Prompt, promptTokens, textGenerator } from "../generate/index.ts";
import { type Recipe, type RecipeReward, rolloutsOf } from "../recipe/index.ts";
import { exactAnswer, judged, lengthBetween, matchingPattern, type Reward, validJson } from "../rewards/index.ts";
import { endpointReward } from "../rewards/node/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import type { Tokenizer } from "../tokenizer-files/index.ts";
import type { Example, Judge, RolloutPlan } from "../train/index.ts";
import { checkLengths } from "./answer-lengths.ts";
import { openRewardModel } from "./reward-model.ts";
import type { Writer } from "./written-texts.ts";

/** What a row asks: by the tokenizer's chat template where it has one, else the text itself. */
const promptOf = (tokenizer: Tokenizer, { text }: TextRow): Prompt =>
  chatTemplate(tokenizer) ? [{ role: "user", content: text }] : text;

/** Prompts as examples, which know their row. @throws E_DATA for one that leaves no room for an answer */
export async function promptExamples(
  { model: { maxLength } }: Recipe,
  tokenizer: Tokenizer,
  rows: readonly TextRow[],
): Promise<Example[]> {
  const ids = await promptTokens(
    tokenizer,
    rows.map((row) => promptOf(tokenizer, row)),
  );
  checkLengths(
    ids.map(({ length }) => length),
    maxLength - 1,
    rows,
  );
  return ids.map((prompt, row) => ({ ids: Int32Array.from(prompt), given: { row: Float32Array.of(row) } }));
}

/** How a recipe's answers are drawn. @throws E_TOKENIZER where no token ends a text */
export function rolloutPlan(recipe: Recipe, { model, tokenizer }: Pick<Writer, "model" | "tokenizer">): RolloutPlan {
  const { group, maxTokens, temperature, topK, topP, minP, updates } = rolloutsOf(recipe);
  const named = [model.config.eos_token_id].flat().filter((id) => typeof id === "number");
  const own = tokenizer.special.eos ?? tokenizer.special.sep;
  const advantage = recipe.adapt.objective === "grpo" ? "group" : "others";
  const ends = [...new Set([...named, ...(own ? [own.id] : [])])];
  return { group, maxTokens, temperature, topK, topP, minP, updates, advantage, ends };
}

/** The rewards of a recipe, ready to judge. Call `dispose` when done. */
export interface OpenRewards {
  readonly rewards: readonly Reward[];
  dispose(): Promise<void>;
}

/** @throws E_ARGUMENT for a pattern or schema that is not covered; E_IO, E_MODEL for a reward model */
export async function openRewards(recipe: Recipe, home: string): Promise<OpenRewards> {
  const closing: (() => Promise<void>)[] = [];
  const openOne = async (given: RecipeReward): Promise<Reward> => {
    const { kind, weight } = given;
    if (kind === "exact") return exactAnswer(weight);
    if (kind === "pattern") return matchingPattern(weight, given.pattern);
    if (kind === "schema") return validJson(weight, given.schema);
    if (kind === "length") return lengthBetween(weight, given);
    if (kind === "endpoint") return endpointReward(weight, given.url, given);
    const model = await openRewardModel(from(home, given.from), weight);
    closing.push(model.dispose);
    return model.reward;
  };
  const rewards: Reward[] = [];
  for (const given of recipe.adapt.rewards ?? []) rewards.push(await openOne(given));
  return { rewards, dispose: async () => void (await Promise.all(closing.map((close) => close()))) };
}

/** Judges answers of a training job by the rows that its prompts came from. */
export const judgeOf =
  (rewards: readonly Reward[], tokenizer: Tokenizer, rows: readonly TextRow[]): Judge =>
  async (answers) => {
    const texts = await Promise.all(answers.map(({ tokens }) => tokenizer.decode(tokens, { skipSpecialTokens: true })));
    return await judged(
      rewards,
      answers.map(({ row }, i) => ({ prompt: rows[row]!.text, answer: texts[i]!, expected: rows[row]!.pair })),
    );
  };

/** Rewards of a model's likeliest answers to rows. */
export async function earnedRewards(
  recipe: Recipe,
  home: string,
  { model, weights, tokenizer }: Writer,
  given: readonly Row[],
): Promise<number[]> {
  const rows = rowsOfTexts(given);
  const { rewards, dispose } = await openRewards(recipe, home);
  const generator = await textGenerator(model, weights, tokenizer, cpuRuntime, { threads: recipe.adapt.threads });
  try {
    const { maxTokens } = rolloutsOf(recipe);
    const prompts = rows.map((row) => promptOf(tokenizer, row));
    const written = await generator.continuations(prompts, { maxTokens, batchSize: 32 });
    const answers = rows.map(({ text, pair }, i) => ({ prompt: text, answer: written[i]!.text, expected: pair }));
    return [...(await judged(rewards, answers))];
  } finally {
    await generator.dispose();
    await dispose();
  }
}
