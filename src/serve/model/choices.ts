// A model that chooses among answers, within its thread. Knows no request.
import { ConcordError } from "../../base/index.ts";
import { choiceName } from "../../data/index.ts";
import type { Choice, ChoiceInput } from "../../predict/index.ts";
import { openChooser } from "../../runs/index.ts";
import { choiceInput } from "../../stages/index.ts";
import type { AnsweredItem, ModelFacts, Question, ServedItem } from "./facts.ts";
import type { ModelSource } from "./source.ts";
import { textFacts } from "./text-facts.ts";
import type { ThreadWriter } from "./writer.ts";

/** @throws as `openChooser` */
export async function openChoices(source: ModelSource, threads: number): Promise<ThreadWriter> {
  const { chooser, recipe } = await openChooser(source.folder, { threads });
  const facts = textFacts(chooser.model, recipe, {
    answers: "choice",
    pair: recipe?.data.pair !== undefined,
    maxTokens: chooser.limit,
  });
  return {
    facts,
    async results({ ask, items }: Question): Promise<AnsweredItem[]> {
      if (ask !== "answers")
        throw refusal("the model chooses among answers: it gives no texts, vectors or explanations", "POST /predict");
      return (await chooser.choose(items.map((item) => inputOf(item, facts)))).map(answered);
    },
    dispose: () => chooser.dispose(),
  };
}

const refusal = (problem: string, expected: string) =>
  new ConcordError("E_ARGUMENT", { operation: "predict", problem, expected });

function inputOf({ input }: ServedItem, { pair: paired, longestText }: ModelFacts): ChoiceInput {
  if (!("parts" in input)) throw refusal("the model reads texts, not images", "text, choices");
  const { parts, choices = [] } = input;
  if (choices.length < 2)
    throw refusal("the model chooses among answers, and the question has none", "text, and choices: two or more");
  if (parts.length !== (paired ? 2 : 1))
    throw refusal(
      paired ? "the model reads two texts" : "the model reads one text, not two",
      paired ? "text, pair, choices" : "text, choices",
    );
  const texts = [...parts, ...choices];
  if (texts.some((text) => text.trim() === "" || text.length > longestText))
    throw refusal("a text is empty or too long", `texts of at most ${longestText} characters`);
  const [text = "", pair] = parts;
  return choiceInput({ text, pair, choices });
}

/** Choices go by their letters. */
const answered = ({ choice, probabilities }: Choice): AnsweredItem => ({
  answer: {
    kind: "label",
    label: choiceName(choice),
    ranked: probabilities
      .map((probability, k) => ({ label: choiceName(k), probability }))
      .sort((a, b) => b.probability - a.probability),
  },
});
