// Measures of entity recognition by group: exact entities found, by all types and by each, texts being redrawn whole. Knows no
// scheme of tags: entities are given by their borders.
import type { EntitySpan } from "../../data/index.ts";
import type { Panel } from "./panel.ts";

/** [start, end, type] as one key. */
const keyOf = ({ start, end, type }: EntitySpan) => `${start} ${end} ${type}`;

/**
 * Precision, recall and F1 of all entities together (seqeval's micro average, strict in borders and type), then of each type. A
 * group without any entity has none of them.
 * @param truth entities of each text [N] @param predicted entities of each text [N]
 */
export function entityPanel(
  truth: readonly (readonly EntitySpan[])[],
  predicted: readonly (readonly EntitySpan[])[],
  types: readonly string[],
): Panel {
  const at = new Map(types.map((type, k) => [type, k]));
  const width = 3 * types.length;
  const kinds = new Map<string, number>();
  const counts: Float64Array[] = [];
  // texts with the same counts are of one kind: how many there are of each is all that a redraw changes
  const kindOf = Int32Array.from(truth, (own, row) => {
    const found = countsOf(own, predicted[row]!, at, width);
    const key = found.join(" ");
    const known = kinds.get(key);
    if (known !== undefined) return known;
    kinds.set(key, counts.length);
    return counts.push(found) - 1;
  });
  return {
    kindOf,
    kindCount: counts.length,
    measures: ["f1", "precision", "recall", ...types.flatMap((type) => [`${type}.f1`, `${type}.recall`])],
    evaluate(own, _all, out) {
      const sums = new Float64Array(width);
      for (let kind = 0; kind < own.length; kind++)
        if (own[kind]) for (let k = 0; k < width; k++) sums[k]! += own[kind]! * counts[kind]![k]!;
      const [hits, said, actual] = [0, 1, 2].map((part) => sums.reduce((n, x, k) => (k % 3 === part ? n + x : n), 0));
      out.set([(2 * hits!) / (said! + actual!), hits! / said!, hits! / actual!]);
      for (let k = 0; k < types.length; k++) {
        const [h, s, a] = [sums[3 * k]!, sums[3 * k + 1]!, sums[3 * k + 2]!];
        out.set([(2 * h) / (s + a), h / a], 3 + 2 * k);
      }
    },
  };
}

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
