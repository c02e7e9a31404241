// What members' test rows say of a study's model, counted again by somebody who has their tables: an auditor, or a member of its own.

import { loadModel } from "../models/node/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { openTokenizer } from "../tokenizers/node/index.ts";
import { countAnswers, countName } from "./counting.ts";
import { type MemberRows, memberRows } from "./member-rows.ts";
import { ownAnswers } from "./own-answers.ts";
import { siteScores } from "./scores.ts";

/** Counts of one member. */
export interface Recount {
  readonly counts: Readonly<Record<string, readonly number[]>>;
  /** As the member itself would show them. */
  readonly values: Readonly<Record<string, number>>;
  readonly rows: number;
}

/**
 * Counts answers on each table's test rows.
 * @param model folder of the study's model
 * @param tables by member
 * @throws E_DATA, E_IO for a table that cannot be used; E_MODEL
 * @example const counted = await recountStudy(recipe, "release/model", new Map([["hospital", "rows.csv"]]), console.warn);
 */
export async function recountStudy(
  recipe: Recipe,
  model: string,
  tables: ReadonlyMap<string, string>,
  onWarning: (text: string) => void,
): Promise<Map<string, Recount>> {
  const { model: architecture, weights } = await loadModel(model);
  const labels = architecture.labels?.names ?? [];
  const all = new Map<string, MemberRows>();
  for (const [member, table] of tables) all.set(member, await memberRows(recipe, table, labels, onWarning));
  const parts = Object.fromEntries([...all].map(([member, { test }]) => [member, test]));
  const tokenizer = await openTokenizer(model);
  const answers = await ownAnswers(cpuRuntime, architecture, tokenizer, parts, { maxLength: recipe.model.maxLength });
  try {
    const counted = new Map<string, Recount>();
    for (const [member, { train, test }] of all) {
      const counts = countAnswers(recipe, "test", labels, test, await answers.of(member, weights));
      const values = siteScores(counts[countName("test")]!, train.length);
      counted.set(member, { counts, values, rows: test.length });
    }
    return counted;
  } finally {
    await answers.close();
  }
}
