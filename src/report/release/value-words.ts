// Measured values in words: what a gate or a table calls by a dotted name, for people who read no names of fields.
import { type Language, say } from "../../messages/index.ts";
import { bytes, percent, short } from "../../pages/index.ts";
import type { GateResult, Measured } from "../../passport/index.ts";
import { changeName as compressedName } from "../compression-names.ts";
import { known } from "../words.ts";

type Words = (parts: RegExpExecArray, language: Language) => string;

const metricName = (language: Language, name: string): string => {
  const report = known(language, "report.metric", name);
  return report === name ? known(language, "fairness.measure", name) : report;
};

function attackName(language: Language, attack: string): string {
  if (attack === "strongest" || attack === "blind") return say(language, `value.attack.${attack}`);
  return say(language, "value.attack.named", { attack });
}

const baselineName = (language: Language, name: string): string => known(language, "value.baseline", name);

function changeName(language: Language, change: string): string {
  const [, kind, amount] = /^(typos|synonyms)(\d+)$/.exec(change) ?? [];
  if (kind === "typos" || kind === "synonyms") return say(language, `value.change.${kind}`, { percent: amount! });
  return say(language, "value.change.other", { change });
}

const named: readonly (readonly [pattern: RegExp, words: Words])[] = [
  [
    /^metrics\.tasks\.([^.]+)\.(.+)$/,
    ([, task, rest], l) => `${task}${l === "zh" ? "：" : ": "}${valueWords(`metrics.${rest}`, l)}`,
  ],
  [/^metrics\.calibrationError$/, (_, l) => say(l, "value.calibrationError")],
  [/^metrics\.calibration\.ece$/, (_, l) => say(l, "value.ece")],
  [
    /^metrics\.beyondBaseline\.(.+)$/,
    ([, metric], l) => say(l, "value.beyondBaseline", { metric: metricName(l, metric!) }),
  ],
  [
    /^metrics\.baselines\.([^.]+)\.(.+)$/,
    ([, name, metric], l) =>
      say(l, "value.baseline", { baseline: baselineName(l, name!), metric: metricName(l, metric!) }),
  ],
  [
    /^metrics\.classes\.(.+)\.([^.]+)$/,
    ([, label, metric], l) => say(l, "value.class", { label: label!, metric: metricName(l, metric!) }),
  ],
  [
    /^(?:metrics\.groups|fairness)\.([^.]+)\.(?:group\.)?(.+)\.([^.]+)$/,
    ([whole, attribute, group, metric], l) => groupWords(whole!, attribute!, group!, metric!, l),
  ],
  [/^fairness\.gaps$/, (_, l) => say(l, "value.gaps")],
  [/^metrics\.([^.]+)$/, ([, metric], l) => say(l, "value.score", { metric: metricName(l, metric!) })],
  [/^privacy\.epsilon$/, (_, l) => say(l, "value.epsilon")],
  [/^privacy\.delta$/, (_, l) => say(l, "value.delta")],
  [
    /^privacy\.membership\.([^.]+)\.tprAtFpr(.+)$/,
    ([, attack, rate], l) => say(l, "value.tpr", { attack: attackName(l, attack!), rate: percent(Number(rate)) }),
  ],
  [
    /^privacy\.membership\.([^.]+)\.auc$/,
    ([, attack], l) => say(l, "value.attackAuc", { attack: attackName(l, attack!) }),
  ],
  [
    /^privacy\.membership\.([^.]+)\.epsilonLower$/,
    ([, attack], l) => say(l, "value.attackEpsilon", { attack: attackName(l, attack!) }),
  ],
  [/^privacy\.membership\.references$/, (_, l) => say(l, "value.references")],
  [/^privacy\.canaries\.exposure/, (_, l) => say(l, "value.canaries")],
  [
    /^explanation\.(.+)\.aboveRandom$/,
    ([, method], l) => say(l, "value.aboveRandom", { method: known(l, "explain.method", method!) }),
  ],
  [
    /^explanation\.(.+)\.(comprehensiveness|sufficiency|aopc)$/,
    ([, method, measure], l) =>
      say(l, "value.explanation", {
        method: method === "random" ? say(l, "report.explanation.random") : known(l, "explain.method", method!),
        measure: say(l, `report.explanation.${measure as "aopc"}`),
      }),
  ],
  [/^explanation\.flip\.rate$/, (_, l) => say(l, "value.explanation.flip.rate")],
  [/^(?:explanation|robustness)\.cohorts$/, (_, l) => say(l, "value.cohorts")],
  [/^robustness\.clean\.ece$/, (_, l) => say(l, "value.robust.cleanEce")],
  [/^robustness\.clean\.accuracy$/, (_, l) => say(l, "value.robust.clean")],
  [/^robustness\.foreign\.([^.]+)\.auroc$/, ([, method], l) => say(l, "value.foreign", { method: method! })],
  [/^robustness\.sets\.coverage$/, (_, l) => say(l, "value.coverage")],
  [/^robustness\.sets\.size$/, (_, l) => say(l, "value.setSize")],
  [
    /^robustness\.sets\.([^.]+)\.(.+)\.coverage$/,
    ([, attribute, group], l) => say(l, "value.coverage.group", { attribute: attribute!, group: group! }),
  ],
  [
    /^robustness\.([^.]+)\.(loss|flips|accuracy|ece)$/,
    ([, change, what], l) => say(l, `value.robust.${what as Robust}`, { change: changeName(l, change!) }),
  ],
  [
    /^compression\.flips\.(share|becameWrong|becameRight|pValue)$/,
    ([, what], l) => say(l, `value.flips.${what as Flips}`),
  ],
  [
    /^compression\.(.+)\.(before|after|change)$/,
    ([, name, side], l) => say(l, `value.compression.${side as Side}`, { what: compressedName(name!, l) }),
  ],
  [/^size\.compressed\.bytes$/, (_, l) => say(l, "value.size.compressed")],
  [/^size\.model\.bytes$/, (_, l) => say(l, "value.size.model")],
  [/^size\.onnx\.bytes$/, (_, l) => say(l, "value.size.onnx")],
  [/^memory\.training\.bytes$/, (_, l) => say(l, "value.memory")],
  [/^speed\.training\./, (_, l) => say(l, "value.speed.training")],
  [/^speed\.prediction\./, (_, l) => say(l, "value.speed.prediction")],
  [/^together\.members$/, (_, l) => say(l, "value.members")],
  [/^together\.rounds$/, (_, l) => say(l, "value.rounds")],
  [/^together\.survivors\.least$/, (_, l) => say(l, "value.survivors")],
  [
    /^together\.(.+)\.(budget|epsilon)$/,
    ([, member, what], l) => say(l, `value.member.${what as "budget"}`, { member: member! }),
  ],
  [
    /^sites\.(.+)\.([^.]+)$/,
    ([, member, metric], l) => say(l, "value.site", { member: member!, metric: metricName(l, metric!) }),
  ],
  [/^together\.(.+)\.left$/, ([, member], l) => say(l, "value.left", { member: member! })],
];

type Flips = "share" | "becameWrong" | "becameRight" | "pValue";
type Side = "before" | "after" | "change";
type Robust = "loss" | "flips" | "accuracy" | "ece";

/** A value of one group, or of the groups of an attribute together. */
function groupWords(name: string, attribute: string, group: string, metric: string, language: Language): string {
  if (attribute === "counterfactual" && metric === "flipRate") return say(language, "value.flipRate", { axis: group });
  if (attribute === "counterfactual") return name;
  if (name.startsWith("fairness.") && group === "gap")
    return say(language, "value.gap", { attribute, metric: metricName(language, metric) });
  if (name.startsWith("fairness.") && metric === "difference")
    return say(language, "value.difference", { attribute, metric: metricName(language, group) });
  if (name.startsWith("metrics.") || name.startsWith(`fairness.${attribute}.group.`))
    return say(language, "value.group", { attribute, group, metric: metricName(language, metric) });
  return name;
}

/**
 * What a value is called by people; its own name where there are no words for it.
 * @example valueWords("metrics.macroF1", "en") // "macro F1 on the test set"
 */
export function valueWords(name: string, language: Language): string {
  for (const [pattern, words] of named) {
    const found = pattern.exec(name);
    if (found) return words(found, language);
  }
  return name;
}

/** A measured number with its unit. @example amountOf("size.model.bytes", 2_500_000) // "2.5 MB" */
export const amountOf = (name: string, value: number): string =>
  name.endsWith(".bytes") ? bytes(value) : short(value);

/**
 * Which number a gate compared with its limit: the point estimate, or the less favourable end of the interval.
 * @param measured the value that the gate names
 * @example boundWords({ value: "metrics.macroF1", atLeast: 0.7, use: "interval", measured: 0.72, passed: true }, { value: 0.75, low: 0.72, high: 0.78 }, "en")
 */
export function boundWords(gate: GateResult, measured: Measured | undefined, language: Language): string {
  if (gate.use === "value") return say(language, "bound.value");
  if (measured?.low === undefined || measured.high === undefined) return say(language, "bound.none");
  const end = gate.measured === measured.low && (gate.atLeast !== undefined || gate.measured !== measured.high);
  return say(language, end ? "bound.low" : "bound.high");
}
