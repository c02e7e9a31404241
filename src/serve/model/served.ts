// A model that serves: what it is, whether its passport holds, its prediction sets, and its two threads. Explanations take a hundred times
// as long as answers, so they have a thread of their own, which starts with the first of them.
import { join } from "node:path";
import { attempt, ConcordError } from "../../base/index.ts";
import type { Passport } from "../../passport/index.ts";
import type { ConformalScores } from "../../robustness/index.ts";
import { auditedScores, type ExplainAnswerOptions, type ExplainedAnswer, runScores } from "../../runs/index.ts";
import { admit, type DoorFacts, type DoorOptions } from "./door.ts";
import type { AnsweredItem, ItemResult, ModelFacts, Question, ServedItem } from "./facts.ts";
import { type ModelHost, openModelHost } from "./host.ts";
import type { ModelSource } from "./source.ts";
import { rebuilt } from "./thread.ts";

export interface ServeModelOptions extends DoorOptions {
  /** Threads of the runtime. Default 2. */
  readonly threads?: number;
}

/** A model that is open and may serve. */
export interface ServedModel {
  readonly source: ModelSource;
  readonly facts: ModelFacts;
  readonly door: DoorFacts;
  /** Where it was verified. */
  readonly passport?: Passport;
  readonly page?: () => string;
  /** When it was opened, ISO 8601. */
  readonly loaded: string;
  /** Its thread of answers. */
  readonly host: ModelHost;
  /** @throws what the items' faults are: the first */
  answers(items: readonly ServedItem[]): Promise<AnsweredItem[]>;
  explain(items: readonly ServedItem[], options: ExplainAnswerOptions): Promise<ExplainedAnswer[]>;
  /** Scores for prediction sets. @throws E_DATA where the model has none */
  sets(): ConformalScores;
  close(): Promise<void>;
}

/**
 * Admits and opens a model.
 * @throws as `admit` and opening
 * @example const model = await openServedModel(await readSource("runs/disease"), { unsigned: true });
 */
export async function openServedModel(source: ModelSource, options: ServeModelOptions = {}): Promise<ServedModel> {
  const start = { source, threads: options.threads ?? 2 };
  const admitting = admit(source, options);
  const host = await openModelHost(start, admitting);
  const admitted = await admitting;
  const scores = await attempt(scoresOf(source));
  let explaining: Promise<ModelHost> | undefined;
  return {
    ...admitted,
    source,
    facts: host.facts,
    loaded: new Date().toISOString(),
    host,
    answers: async (items) => valuesOf(await asked<AnsweredItem>(host, { ask: "answers", items })),
    async explain(items, asking) {
      explaining ??= openModelHost(start).catch((error: unknown) => {
        explaining = undefined;
        throw error;
      });
      return valuesOf(await asked<ExplainedAnswer>(await explaining, { ask: "explain", items, options: asking }));
    },
    sets() {
      if (scores.ok) return scores.value;
      throw scores.error;
    },
    async close() {
      await Promise.all([host.close(), explaining?.then((other) => other.close())]);
    },
  };
}

const asked = async <T>(host: ModelHost, question: Question): Promise<readonly ItemResult<T>[]> =>
  (await host.ask(question)).results as readonly ItemResult<T>[];

/** @throws the first fault */
export function valuesOf<T>(results: readonly ItemResult<T>[]): T[] {
  return results.map((one) => {
    if ("value" in one) return one.value;
    throw rebuilt(one.fault);
  });
}

async function scoresOf({ kind, path, compressed }: ModelSource): Promise<ConformalScores> {
  if (compressed)
    throw new ConcordError("E_DATA", {
      operation: "prediction sets",
      problem: "they were calibrated for another model",
      got: "a compressed model",
      hint: "serve the model before compression: --uncompressed",
    });
  return kind === "run"
    ? await runScores(path)
    : await auditedScores(kind === "release" ? join(path, "evidence") : path);
}
