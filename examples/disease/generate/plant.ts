// Rows that an audit should find: near-duplicates and private details, planted in rows that are written down.
import { type Random, shuffle } from "../../../src/base/index.ts";
import { nearDuplicates } from "../../../src/data/index.ts";
import { pick } from "./draw.ts";
import type { Message } from "./generate.ts";
import { withPrivateDetail } from "./private.ts";

export type Planted =
  | { readonly kind: "label-noise"; readonly id: string; readonly truth: string; readonly label: string }
  | { readonly kind: "near-duplicate"; readonly id: string; readonly of: string }
  | { readonly kind: "name" | "phone" | "id" | "email"; readonly id: string; readonly value: string };

/** Near-duplicates by part. */
export const nearCounts = { train: 100, dev: 10, test: 30 } as const;

const forwarded = {
  en: ["Sent again, see below. ", "Once more: ", "Fwd: "],
  zh: ["再发一次：", "重发：", "转发："],
} as const;

/** Some rows take over the text of another patient's row of the same part and disease, sent again in slightly other words. */
export function plantNearDuplicates(
  messages: readonly Message[],
  rng: Random,
): { messages: Message[]; planted: Planted[] } {
  const out = [...messages];
  const planted: Planted[] = [];
  for (const [part, count] of Object.entries(nearCounts)) {
    const used = new Set<number>();
    const rows = shuffle(
      out.flatMap((m, i) => (m.part === part && m.patient.region !== "islands" ? [i] : [])),
      rng,
    );
    let left: number = count;
    for (const row of rows) {
      if (left === 0) break;
      const own = out[row]!;
      if (used.has(row)) continue;
      const source = rows.find((r) => !used.has(r) && r !== row && isLike(out[r]!, own) && out[r]!.text.length > 40);
      if (source === undefined) continue;
      const from = out[source]!;
      const text = `${pick(forwarded[own.patient.language], rng)}${from.text}`;
      if (nearDuplicates([from.text, text]).rootOf(1) !== 0) continue;
      for (const r of [row, source]) used.add(r);
      out[row] = { ...own, text, ambiguous: from.ambiguous };
      planted.push({ kind: "near-duplicate", id: own.id, of: from.id });
      left--;
    }
  }
  return { messages: out, planted };
}

const isLike = (a: Message, b: Message) =>
  a.truth === b.truth && a.patient.language === b.patient.language && a.patient.id !== b.patient.id;

/** Adds a private detail to some training or unlabelled messages, `without` those of the given ids. */
export function plantPrivateDetails(
  messages: readonly Message[],
  count: number,
  rng: Random,
  without: ReadonlySet<string> = new Set(),
): { messages: Message[]; planted: Planted[] } {
  const rows = messages.flatMap((m, i) =>
    (m.part === "train" || m.part === "unlabelled") && !without.has(m.id) ? [i] : [],
  );
  const chosen = new Set(shuffle(rows, rng).slice(0, count));
  const planted: Planted[] = [];
  const out = messages.map((m, i) => {
    if (!chosen.has(i)) return m;
    const { text, detail } = withPrivateDetail(m.text, m.patient.language, rng);
    planted.push({ ...detail, kind: detail.kind, id: m.id } satisfies Planted);
    return { ...m, text };
  });
  return { messages: out, planted };
}
