// A stage as somebody would add one: how unequal the classes of the training rows are. What the guards add to a copy.

import { plainFacts, rows, valuesFile } from "../../src/artifacts/index.ts";
import { inWords } from "../../src/messages/index.ts";
import type { Recipe } from "../../src/recipe/index.ts";
import { decimal, html, table } from "../../src/report/index.ts";
import { defineStage, sectionOf } from "../../src/stages/stage.ts";

const file = valuesFile("balance", "balance.json");

/** `balance` of a recipe: `{ smallest: 2 }`, the rows that a class needs to be counted. */
const settingsOf = ({ balance }: Recipe & { readonly balance?: { readonly smallest: number } }) => balance;

export const balance = defineStage({
  name: "balance",
  version: 1,
  reads: [rows.train],
  makes: [file],
  facts: plainFacts("balance"),
  evidence: file,
  section: sectionOf(file, { en: "Balance of classes", zh: "类别均衡" }, ({ values }, language) => {
    const name = inWords(language, { en: "largest class over smallest", zh: "最大类与最小类之比" });
    return html`<p>${name}</p>${table({ caption: name, columns: ["", ""], rows: Object.entries(values).map(([key, { value }]) => [key, decimal(value)]) })}`;
  }),
  supports: (recipe) => settingsOf(recipe) !== undefined,
  settings: async (recipe) => ({ ...settingsOf(recipe) }),
  async work({ recipe, read, write, emit }) {
    const counts = new Map<string, number>();
    for (const { labels } of await read(rows.train))
      for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
    const counted = [...counts.values()].filter((n) => n >= settingsOf(recipe)!.smallest);
    const ratio = Math.max(...counted) / Math.min(...counted);
    await write(file, { values: { "balance.ratio": { value: ratio } } });
    emit({ kind: "note", stage: "balance", text: `ratio ${decimal(ratio)}` });
    return { classes: counted.length };
  },
});
