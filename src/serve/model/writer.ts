// A model that writes, within its thread: continuations that are asked for piece by piece. Those that are open share each step of the model,
// so that the others' tokens are there when they ask. Knows no request.
import { ConcordError } from "../../base/index.ts";
import type { Generator, Piece } from "../../generate/index.ts";
import { openGenerator } from "../../runs/index.ts";
import type { ModelFacts, Question, WriteAsk, WrittenPart } from "./facts.ts";
import type { ModelSource } from "./source.ts";
import { textFacts } from "./text-facts.ts";

/** What the thread does for a model that writes. */
export interface ThreadWriter {
  readonly facts: ModelFacts;
  /** @throws E_ARGUMENT for other questions than `write`; as the generator */
  results(question: Question): Promise<unknown[]>;
  dispose(): Promise<void>;
}

/** Tokens that are given at once; then another continuation may ask. */
const turn = 8;

/** @throws as `openGenerator` */
export async function openWriter(source: ModelSource, threads: number): Promise<ThreadWriter> {
  const { generator, adapted, recipe } = await openGenerator(source.folder, { threads, adapters: source.adapters });
  const writing = new Map<string, AsyncGenerator<Piece>>();
  return {
    facts: textFacts(generator.model, recipe, {
      answers: "text",
      maxTokens: generator.limit,
      generation: generator.defaults,
    }),
    async results(question) {
      if (question.ask === "write")
        return [await partOf(question.write, adapted.get(question.write.adapter ?? "") ?? generator, writing)];
      throw new ConcordError("E_ARGUMENT", {
        operation: "predict",
        problem: "the model writes texts: it gives no labels, vectors or explanations",
        expected: "POST /v1/completions or /v1/chat/completions",
      });
    },
    async dispose() {
      await generator.dispose();
      for (const other of adapted.values()) await other.dispose();
    },
  };
}

async function partOf(
  { id, begin, stop }: WriteAsk,
  generator: Generator,
  writing: Map<string, AsyncGenerator<Piece>>,
): Promise<WrittenPart> {
  if (begin) writing.set(id, generator.stream(begin.prompt, begin.options));
  const stream = writing.get(id);
  if (!stream)
    throw new ConcordError("E_SERVER", {
      operation: "serve",
      problem: "the model's thread ended while it wrote",
      hint: "try again",
      details: { status: 503, retryAfterSeconds: 1 },
    });
  if (stop) {
    writing.delete(id);
    await stream.return(undefined);
    return { text: "" };
  }
  let text = "";
  for (let count = 0; count < turn; count++) {
    const { value, done } = await stream.next().catch((error: unknown) => {
      writing.delete(id);
      throw error;
    });
    if (done) break;
    text += value.text;
    if (!value.end) continue;
    writing.delete(id);
    const { finish, tokens, promptTokens } = value.end;
    return { text, end: { finish, tokens: tokens.length, promptTokens } };
  }
  return { text };
}
