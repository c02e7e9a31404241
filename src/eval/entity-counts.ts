// Entities found, predicted and true, by text and type. Pure.
import type { EntitySpan } from "../data/index.ts";

type Texts = readonly (readonly EntitySpan[])[];

/** Counts of one text for each type. */
export interface EntityHits {
  /** [C] Predicted with the same borders and type as a true one. */
  readonly hits: Float64Array;
  readonly predicted: Float64Array;
  readonly actual: Float64Array;
}

/** @param types of the C counts; entities of other types are not counted */
export function entityHits(types: readonly string[], truth: Texts, predicted: Texts): EntityHits[] {
  const index = new Map(types.map((type, i) => [type, i]));
  const zeros = () => new Float64Array(types.length);
  return truth.map((spans, row) => {
    const counts = { hits: zeros(), predicted: zeros(), actual: zeros() };
    const keys = new Set(spans.map(keyOf));
    for (const { type } of spans) if (index.has(type)) counts.actual[index.get(type)!]!++;
    for (const span of predicted[row]!) {
      const at = index.get(span.type);
      if (at === undefined) continue;
      counts.predicted[at]!++;
      if (keys.has(keyOf(span))) counts.hits[at]!++;
    }
    return counts;
  });
}

const keyOf = ({ start, end, type }: EntitySpan) => `${start} ${end} ${type}`;

/** Micro F1 of all entities, 0 where nothing is right. */
export function entityF1(truth: Texts, predicted: Texts): number {
  const types = [...new Set([...truth, ...predicted].flatMap((spans) => spans.map((s) => s.type)))];
  return f1Of(entityHits(types, truth, predicted));
}

/** Micro F1 of some texts: 2 hits / (predicted + actual), 0 for 0/0. */
export function f1Of(texts: Iterable<EntityHits>): number {
  let [hits, all] = [0, 0];
  for (const text of texts)
    for (let k = 0; k < text.hits.length; k++) {
      hits += text.hits[k]!;
      all += text.predicted[k]! + text.actual[k]!;
    }
  return all === 0 ? 0 : (2 * hits) / all;
}
