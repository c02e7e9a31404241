// The parts of an audit that look at answers in texts: the model opened for them, and what changed questions cost.
import { random } from "../base/index.ts";
import { rowsOfTexts } from "../data/index.ts";
import { answerScore } from "../eval/index.ts";
import { textPerturbations } from "../modalities/index.ts";
import { isTextProcessor } from "../modalities/node/index.ts";
import { textQuoter } from "../predict/index.ts";
import type { AuditSettings } from "../recipe/index.ts";
import { measureChanges, type ShiftReport } from "../robustness/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { wordless } from "../stages/index.ts";
import { drawn, type ModelAuditContext } from "./define-audit.ts";

type Question = readonly [question: string, text: string];

/**
 * What typos and synonyms in questions cost. The texts stay as they are: they hold the answers.
 * @returns undefined without test rows
 */
export async function changedQuestions(
  { recipe, model, weights, processor, rows }: ModelAuditContext,
  settings: Exclude<AuditSettings["robustness"], false>,
): Promise<ShiftReport | undefined> {
  if (!isTextProcessor(processor)) throw wordless(recipe);
  if (rows.test.length === 0) return undefined;
  const rng = random(recipe.seed).split("robustness");
  const asked = drawn(rowsOfTexts(rows.test), settings.rows, rng.split("rows")).map(
    ({ text, pair = "", answers = [] }) => ({
      input: [text, pair] as Question,
      truth: answers.map((answer) => answer.text),
    }),
  );
  const shifts = (["typos", "synonyms"] as const).flatMap((kind) =>
    settings[kind].map((rate) => ({
      kind,
      rate,
      change(input: Question, share: number, own: typeof rng): Question {
        const [question, text] = input;
        const changed = String(textPerturbations[kind].change(question, share, own));
        return changed === question ? input : [changed, text];
      },
    })),
  );
  const options = { maxLength: recipe.model.maxLength, threads: recipe.adapt.threads, ...recipe.adapt.quoting };
  const quoter = await textQuoter(model, weights, processor.tokenizer, cpuRuntime, options);
  try {
    const answers = async (inputs: readonly Question[]) => (await quoter.quotes(inputs)).map(([best]) => best!.text);
    return await measureChanges(
      asked,
      {
        measure: "answerF1",
        better: 1,
        answers,
        score: (answer, truth: readonly string[]) => answerScore(answer, truth).f1,
        differ: (before, after) => 1 - answerScore(after, before === "" ? [] : [before]).exact,
      },
      { shifts, resamples: recipe.evaluate.resamples, rng: rng.split("shifts") },
    );
  } finally {
    await quoter.dispose();
  }
}
