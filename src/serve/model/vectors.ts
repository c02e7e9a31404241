// A model that makes vectors of texts, within its thread. Knows no request.
import { ConcordError } from "../../base/index.ts";
import { openEmbedder } from "../../runs/index.ts";
import type { EmbeddedItem, Question, ServedItem } from "./facts.ts";
import type { ModelSource } from "./source.ts";
import { textFacts } from "./text-facts.ts";
import type { ThreadWriter } from "./writer.ts";

/** @throws as `openEmbedder` */
export async function openVectors(source: ModelSource, threads: number): Promise<ThreadWriter> {
  const { embedder, recipe } = await openEmbedder(source.folder, { threads });
  const facts = textFacts(embedder.model, recipe, { answers: "vector", maxTokens: embedder.limit });
  return {
    facts,
    async results({ ask, items }: Question): Promise<EmbeddedItem[]> {
      if (ask !== "embed")
        throw new ConcordError("E_ARGUMENT", {
          operation: "predict",
          problem: "the model makes vectors of texts: it gives no labels, texts or explanations",
          expected: "POST /v1/embeddings",
        });
      const texts = items.map((item) => textOf(item, facts.longestText));
      const [vectors, tokens] = [await embedder.vectors(texts), await embedder.tokenCounts(texts)];
      return vectors.map((features, i) => ({ features, tokens: tokens[i]! }));
    },
    dispose: () => embedder.dispose(),
  };
}

function textOf({ input }: ServedItem, longest: number): string {
  const refuse = (problem: string): never => {
    throw new ConcordError("E_ARGUMENT", {
      operation: "predict",
      problem,
      expected: `a text of at most ${longest} characters`,
    });
  };
  if (!("parts" in input)) return refuse("the model reads texts, not images");
  if (input.choices) return refuse("the model does not choose among answers");
  const [text = "", ...more] = input.parts;
  if (more.length) return refuse("the model reads one text, not two");
  if (text.trim() === "") return refuse("the text is empty");
  return text.length > longest ? refuse("the input cannot be used") : text;
}
