// Before training: the groups that decisions would make alike, if the dev part allows it.

import { ConcordError, type HostArray } from "../base/index.ts";
import type { Row } from "../data/index.ts";
import { groupingOf, unusableReason } from "../fairness/index.ts";
import { say } from "../messages/index.ts";
import type { Model } from "../models/index.ts";
import type { Reading } from "../predict/index.ts";
import type { Recipe } from "../recipe/index.ts";
import type { Tokenizer } from "../tokenizer-files/index.ts";

/** The groups that dev rows can be compared by. */
export interface DecisionGroups {
  readonly attribute: string;
  readonly names: readonly string[];
  /** Dev rows of each. */
  readonly rows: readonly number[];
  /** Too few dev rows: they keep the model's own answers. */
  readonly left: readonly string[];
}

/**
 * The groups that decisions would make alike; undefined where the recipe asks for none.
 * @throws E_DATA when dev rows have one value, a value each, or too few rows of all groups but one; E_CONFIG for a positive label that is none
 */
export function decisionGroups(
  recipe: Recipe,
  dev: readonly Row[],
  labels: readonly string[],
): DecisionGroups | undefined {
  const { decisions, attribute, positive } = recipe.adapt.mitigation;
  if (decisions === "model" || attribute === undefined) return undefined;
  const { smallestCell } = recipe.evaluate;
  const groups = groupingOf(
    attribute,
    dev.map((row) => row.attributes[attribute] ?? ""),
  );
  const counts = groups.names.map((name, g) => `${name} ${groups.rows[g]}`);
  const reason = unusableReason(groups, smallestCell);
  if (reason)
    throw new ConcordError("E_DATA", {
      operation: "decisions",
      problem: `${say("en", `fairness.reason.${reason}`)} in ${attribute} on the validation set`,
      expected: `two groups of at least ${smallestCell} validation rows (evaluate.smallestCell)`,
      got: counts.slice(0, 8).join(", ") || "no validation rows",
      hint: "increase data.split.dev, choose a coarser attribute, or remove adapt.mitigation.decisions",
      path: "adapt.mitigation.attribute",
    });
  if (positive !== undefined && !labels.includes(positive))
    throw new ConcordError("E_CONFIG", {
      operation: "decisions",
      problem: "the positive label is none of the data's",
      expected: labels.slice(0, 12).join(", "),
      got: positive,
      path: "adapt.mitigation.positive",
    });
  const large = (g: number) => groups.rows[g]! >= smallestCell;
  return {
    attribute,
    names: groups.names.filter((_, g) => large(g)),
    rows: groups.rows.filter((_, g) => large(g)),
    left: groups.names.filter((_, g) => !large(g)),
  };
}

/** What to fit with. */
export interface TrainedModel {
  readonly model: Model;
  readonly weights: ReadonlyMap<string, HostArray>;
  readonly tokenizer: Tokenizer;
  readonly labels: readonly string[];
}

/** Rows with what the model says of them. */
export interface ReadRows {
  readonly readings: readonly Reading[];
  /** Label and group numbers; −1 for a group that is left as it is. */
  readonly truth: Int32Array;
  readonly groupOf: Int32Array;
}
