// Several heads on one encoder: each answers a question of its own about the whole text, and reads the same row of it. Their outputs lie
// side by side in the architecture's own layer of classes, which is the same as a layer each. Adds them to any architecture that has such
// a layer. Knows no architecture.
import { ConcordError } from "../base/index.ts";
import { type Check, type Config, field, isJsonRecord, type JsonRecord, list } from "../formats/index.ts";
import { headFactsOf } from "./head-facts.ts";
import { type ModelParts, severalTasks, type TaskHead } from "./model.ts";

/** Entry of config.json; Transformers gives all outputs side by side and knows no heads. */
export const severalEntry = "task_heads";

/** Outputs of a head: one for each class, or the number. */
export const outputsOf = ({ labels }: Pick<TaskHead, "labels">): number => Math.max(1, labels.length);

/** Names of all outputs side by side. @example severalLabels([{ name: "urgency", task: "single-label", labels: ["low", "high"], weight: 1 }]) // ["urgency: low", "urgency: high"] */
export const severalLabels = (heads: readonly Pick<TaskHead, "name" | "labels">[]): string[] =>
  heads.flatMap(({ name, labels }) => (labels.length ? labels.map((label) => `${name}: ${label}`) : [name]));

const isName = (value: unknown): value is string => typeof value === "string" && value !== "";

/** Fewest and most classes of a head, by its loss. */
const labelCounts = {
  "cross-entropy": [2, Number.POSITIVE_INFINITY],
  binary: [1, Number.POSITIVE_INFINITY],
  squared: [0, 0],
} as const;

const head: Check<TaskHead> = {
  expected: `{ "name", "task": ${severalTasks.join(", ")}; "labels", "weight" }`,
  take(value) {
    if (!isJsonRecord(value)) return undefined;
    const { name, task, labels = [], weight = 1, ...others } = value;
    const known = severalTasks.find((one) => one === task);
    if (Object.keys(others).length || !isName(name) || !known || !Array.isArray(labels)) return undefined;
    if (!labels.every(isName) || new Set(labels).size !== labels.length) return undefined;
    if (typeof weight !== "number" || !(weight > 0) || !Number.isFinite(weight)) return undefined;
    const [least, most] = labelCounts[headFactsOf(known).loss as keyof typeof labelCounts];
    if (labels.length < least || labels.length > most) return undefined;
    return { name, task: known, labels, weight };
  },
};

/** The entry of a config. @throws E_CONFIG for heads that cannot be, or share a name */
export function severalEntries(heads: readonly TaskHead[]): JsonRecord {
  const entries = { [severalEntry]: heads.map(({ labels, ...one }) => ({ ...one, labels: [...labels] })) };
  headsIn({ path: "config", entries });
  return entries;
}

function headsIn(config: Config): readonly TaskHead[] {
  const heads = field(config, severalEntry, list(head, 64));
  const refuse = (expected: string, got: string): never => {
    throw new ConcordError("E_CONFIG", {
      operation: "read config",
      problem: `${severalEntry}: heads are wrong`,
      expected,
      got,
      path: `${config.path} > ${severalEntry}`,
    });
  };
  if (heads.length < 2) refuse("two heads or more", `${heads.length}`);
  const twice = heads.find(({ name }, i) => heads.findIndex((other) => other.name === name) < i);
  if (twice) refuse("a name for each head", twice.name);
  return heads;
}

/**
 * Parts of a model of several heads with what they are; others as they are.
 * @throws E_CONFIG for an entry that is wrong, or whose outputs are not those of the config's labels
 */
export function withSeveral(parts: ModelParts, config: Config): ModelParts {
  if (headFactsOf(parts.task).loss !== "several") return parts;
  const heads = headsIn(config);
  const [wanted, got] = [severalLabels(heads), parts.labels?.names ?? []];
  if (String(wanted) === String(got)) return { ...parts, heads };
  throw new ConcordError("E_CONFIG", {
    operation: "read config",
    problem: "the labels of a model are not those of its heads",
    expected: wanted.slice(0, 8).join(", "),
    got: got.slice(0, 8).join(", "),
    path: `${config.path} > id2label`,
  });
}

/** Where the outputs of each head begin and end, with the head. */
export function headRanges(
  heads: readonly TaskHead[],
): { readonly head: TaskHead; readonly start: number; readonly end: number }[] {
  let end = 0;
  return heads.map((one) => {
    const start = end;
    end += outputsOf(one);
    return { head: one, start, end };
  });
}
