// Measures of entity recognition by group: exact entities found, by all types and by each, texts being redrawn whole. Knows no
// scheme of tags: entities are given by their borders.
import type { EntitySpan } from "../data/index.ts";
import { type Measures, type ShareMeasure, shareMeasures } from "./measures.ts";

/** [start, end, type] as one key. */
const keyOf = ({ start, end, type }: EntitySpan) => `${start} ${end} ${type}`;

/**
 * Precision, recall and F1 of all entities together (seqeval's micro average, strict in borders and type), then of each type. A
 * group without any entity has none of them.
 * @param truth entities of each text [N] @param predicted entities of each text [N]
 */
export function entityMeasures(
  truth: readonly (readonly EntitySpan[])[],
  predicted: readonly (readonly EntitySpan[])[],
  types: readonly string[],
): Measures {
  const at = new Map(types.map((type, k) => [type, k]));
  const kinds = new Map<string, number>();
  const counts: Float64Array[] = [];
  // texts with the same counts are of one kind
  const kindOf = Int32Array.from(truth, (spans, row) => {
    const found = countsOf(spans, predicted[row]!, at, 3 * types.length);
    const key = found.join(" ");
    const known = kinds.get(key);
    if (known !== undefined) return known;
    kinds.set(key, counts.length);
    return counts.push(found) - 1;
  });
  const [right, predictedCount, actual] = [0, 1, 2].map((part) => (kind: number, k?: number) => {
    if (k !== undefined) return counts[kind]![3 * k + part]!;
    return counts[kind]!.reduce((n, x, i) => (i % 3 === part ? n + x : n), 0);
  }) as [Count, Count, Count];
  const of = (prefix: string, k?: number) => {
    const hits = (kind: number) => right(kind, k);
    const f1: ShareMeasure = {
      name: `${prefix}f1`,
      hits,
      cases: (kind) => predictedCount(kind, k) + actual(kind, k) - hits(kind),
      transform: (share) => (2 * share) / (1 + share),
    };
    const precision: ShareMeasure = { name: `${prefix}precision`, hits, cases: (kind) => predictedCount(kind, k) };
    const recall: ShareMeasure = { name: `${prefix}recall`, hits, cases: (kind) => actual(kind, k) };
    return k === undefined ? [f1, precision, recall] : [f1, recall];
  };
  const shares = [...of(""), ...types.flatMap((type, k) => of(`${type}.`, k))];
  return shareMeasures(kindOf, counts.length, shares);
}

/** Entities of a text: of one type, or of all. */
type Count = (kind: number, k?: number) => number;

/** Of each type: right ones, predicted ones, true ones. */
function countsOf(
  truth: readonly EntitySpan[],
  predicted: readonly EntitySpan[],
  at: ReadonlyMap<string, number>,
  width: number,
): Float64Array {
  const out = new Float64Array(width);
  const keys = new Set(truth.map(keyOf));
  for (const { type } of truth) if (at.has(type)) out[3 * at.get(type)! + 2]!++;
  for (const span of predicted) {
    const k = at.get(span.type);
    if (k === undefined) continue;
    out[3 * k + 1]!++;
    if (keys.has(keyOf(span))) out[3 * k]!++;
  }
  return out;
}
