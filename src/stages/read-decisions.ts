// The rule of decisions of a model folder, where it has one, and the groups that rows tell it.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import type { TextRow } from "../data/index.ts";
import { noValue } from "../fairness/index.ts";
import {
  checkDecisions,
  type Decisions,
  deciding,
  decisionsFile,
  neededAttribute,
  type Predictor,
} from "../predict/index.ts";

/**
 * The predictor of a model folder, answering by the folder's decisions.
 * @throws E_FORMAT, E_VERSION, E_MODEL when decisions.json is not a rule of this model
 */
export async function withDecisions<I, P extends Predictor<I>>(
  folder: string,
  predictor: P & Predictor<I>,
): Promise<P> {
  const rule = await decisionsIn(folder, predictor.model.labels?.names ?? []);
  return rule ? deciding<I, P>(predictor, rule) : predictor;
}

/** The rule itself; undefined where the folder has none. @throws as {@link withDecisions} */
export async function decisionsIn(folder: string, labels: readonly string[]): Promise<Decisions | undefined> {
  const path = join(folder, decisionsFile);
  return existsSync(path) ? checkDecisions(await readJson(path), labels, path) : undefined;
}

/**
 * Each row's group, for decisions that need it; undefined where none do.
 * @throws E_DATA when rows come from a table without the column
 */
export function groupsOfRows(
  predictor: Pick<Predictor<never>, "decisions">,
  rows: readonly Pick<TextRow, "attributes" | "place">[],
): string[] | undefined {
  const attribute = neededAttribute(predictor);
  if (attribute === undefined) return undefined;
  return rows.map(({ attributes, place }) => {
    const group = attributes[attribute];
    if (group !== undefined) return group || noValue;
    throw new ConcordError("E_DATA", {
      operation: "decisions",
      problem: `a row has no column ${attribute}, by which this model's thresholds go`,
      expected: `the column ${attribute}`,
      got: Object.keys(attributes).join(", ") || "no attributes",
      path: place,
    });
  });
}
