// A predictor whose answers go through the rule of its model folder. Knows how texts and groups come together; knows no file.
import { ConcordError } from "../base/index.ts";
import { type Decisions, decided } from "./decisions.ts";
import { decodeAnswer } from "./decode.ts";
import type { Predictor } from "./predictor.ts";

/**
 * The predictor with decisions: `logits` and `answers` are the rule's. `encodedLogits`, `features` and `readings` stay the model's own,
 * for that is what explanations are about.
 * @throws E_ARGUMENT from `logits` and `answers` when the rule needs groups and none are given
 * @example const p = deciding(predictor, rule); await p.answers(["a sore throat"], { groups: ["islands"] });
 */
export function deciding<I, P extends Predictor<I>>(predictor: P & Predictor<I>, rule: Decisions): P {
  const logits: Predictor<I>["logits"] = async (inputs, groups) => {
    if (rule.kind === "exponentiated-gradient") return predictor.logits(inputs);
    if (rule.kind === "group-thresholds" && groups?.length !== inputs.length) throw needsGroups(rule.attribute);
    const readings =
      rule.kind === "linear-post"
        ? await predictor.readings(inputs)
        : (await predictor.logits(inputs)).map((rowLogits) => ({ logits: rowLogits, features: noFeatures }));
    return readings.map((reading, i) => decided(rule, reading, groups?.[i]));
  };
  return {
    ...predictor,
    decisions: rule,
    logits,
    async answers(inputs: readonly I[], options: NonNullable<Parameters<Predictor<I>["answers"]>[1]> = {}) {
      const labels = predictor.model.labels?.names ?? [];
      const rows = await logits(inputs, options.groups);
      return rows.map((row) => decodeAnswer(predictor.model.task, labels, row, options));
    },
  };
}

const noFeatures = new Float32Array();

/** The column that has to be told with each text; undefined where none has to be. */
export const neededAttribute = ({ decisions }: Pick<Predictor<never>, "decisions">): string | undefined =>
  decisions?.kind === "group-thresholds" ? decisions.attribute : undefined;

const needsGroups = (attribute: string): ConcordError =>
  new ConcordError("E_ARGUMENT", {
    operation: "predict",
    problem: `this model has thresholds by ${attribute}: it must know each text's`,
    expected: `the column ${attribute} in the table, or --group`,
    got: "texts alone",
    hint: `adapt.mitigation.decisions: linear-post makes a rule that needs no ${attribute} when predicting`,
  });
