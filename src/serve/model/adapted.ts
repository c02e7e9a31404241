// A served model as one of its adapters answers: the same thread and queue, every item marked with the adapter's name.
import { ConcordError } from "../../base/index.ts";
import { refused } from "../http/errors.ts";
import type { ServedItem } from "./facts.ts";
import type { ServedModel } from "./served.ts";

/** Name of a model and, behind a colon, of one of its adapters. @example adapterIn("tickets:clinic-a") // ["tickets", "clinic-a"] */
export function adapterIn(name: string): readonly [model: string, adapter: string] | undefined {
  const at = name.lastIndexOf(":");
  return at > 0 ? [name.slice(0, at), name.slice(at + 1)] : undefined;
}

/**
 * The model as an adapter has it. Prediction sets and explanations are the base's own, so that an adapter has none.
 * @throws E_ARGUMENT with status 404 for an adapter that the model has not
 */
export function adaptedServed(model: ServedModel, adapter: string): ServedModel {
  const names = Object.keys(model.source.adapters ?? {});
  if (!names.includes(adapter))
    throw refused(404, {
      operation: "serve",
      problem: "the model has no adapter of this name",
      expected: names.map((name) => `${model.source.name}:${name}`).join(", ") || "a model without an adapter",
      got: adapter.slice(0, 80),
      path: "body.model",
    });
  const marked = (items: readonly ServedItem[]) => items.map((item) => ({ ...item, adapter }));
  const baseOnly = (operation: string) =>
    new ConcordError("E_DATA", {
      operation,
      problem: "the audit of the base says nothing of its adapters",
      expected: `the model ${model.source.name} itself, or a server of the adapter's own run`,
    });
  const { temperature: _, temperatures: _t, ...facts } = model.facts; // it was fitted to the base
  return {
    ...model,
    facts,
    get waiting() {
      return model.waiting;
    },
    get waitMs() {
      return model.waitMs;
    },
    answers: (items, call) => model.answers(marked(items), call),
    logits: (items, call) => model.logits(marked(items), call),
    embed: (items, call) => model.embed(marked(items), call),
    tokens: (items, call) => model.tokens(marked(items), call),
    write: (prompt, options, signal) => model.write(prompt, options, signal, adapter),
    explain: () => Promise.reject(baseOnly("explain")),
    sets: () => {
      throw baseOnly("prediction sets");
    },
  };
}
