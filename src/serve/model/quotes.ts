// A model that finds answers in texts, within its thread. Knows no request.
import { ConcordError } from "../../base/index.ts";
import type { QuestionInput } from "../../data/index.ts";
import { openQuoter } from "../../runs/index.ts";
import type { AnsweredItem, Question, ServedItem } from "./facts.ts";
import { recipeOf } from "./open.ts";
import type { ModelSource } from "./source.ts";
import { textFacts } from "./text-facts.ts";
import type { ThreadWriter } from "./writer.ts";

/** Answers that are kept of each question, likeliest first: a request gives as many of them as it asks for. */
export const mostQuotes = 20;

/** @throws as `openQuoter` */
export async function openQuotes(source: ModelSource, threads: number): Promise<ThreadWriter> {
  const { quoter, recipe } = await openQuoter(source.folder, { threads, settings: await recipeOf(source) });
  const offsets = recipe?.data.offsets ?? "code-points";
  const facts = textFacts(quoter.model, recipe, { answers: "quotes", pair: true, offsets });
  return {
    facts,
    async results({ ask, items }: Question): Promise<AnsweredItem[]> {
      if (ask !== "answers")
        throw new ConcordError("E_ARGUMENT", {
          operation: "predict",
          problem: "the model finds answers in texts: it gives no labels, vectors, texts of its own or explanations",
          expected: "POST /predict, or /models/NAME",
        });
      const inputs = items.map((item) => inputOf(item, facts.longestText));
      return (await quoter.quotes(inputs, mostQuotes)).map((quotes) => ({ quotes }));
    },
    dispose: () => quoter.dispose(),
  };
}

function inputOf({ input }: ServedItem, longest: number): QuestionInput {
  const refuse = (problem: string, expected: string): never => {
    throw new ConcordError("E_ARGUMENT", { operation: "predict", problem, expected });
  };
  const parts = "parts" in input ? input.parts : [];
  if (parts.length !== 2 || ("parts" in input && input.choices))
    return refuse("the model reads a question and a text", "text: the question; pair: the text with its answer");
  const [question, context] = parts as [string, string];
  const usable = question.trim() !== "" && context.trim() !== "" && question.length + context.length <= longest;
  return usable ? [question, context] : refuse("the input cannot be used", `texts of 1 to ${longest} characters`);
}
