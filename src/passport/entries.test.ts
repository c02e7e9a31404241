// Every entry of a passport that renderings and verification read: missing or of another kind, the passport is refused by its name.
import { expect, test } from "vitest";
import { fault } from "../../test/fault.ts";
import { canonicalBytes } from "../base/index.ts";
import { leftGates, parsePassport, statedIn } from "./index.ts";

const complete = {
  format: "concord-passport",
  version: 1,
  name: "n",
  task: "single-label",
  made: "2026-11-25T00:00:00.000Z",
  about: { limits: [], languages: [] },
  model: { architecture: "bert", parameters: 1, labels: [], method: "full" },
  compression: { steps: [], size: { before: 2, after: 1 }, temperatureApplied: false },
  digests: { model: "a", files: { w: "1" }, recipe: "b", data: { train: "2" }, evidence: { metrics: "3" }, code: "c" },
  recipe: "r",
  versions: { node: "20" },
  machine: "",
  build: { dependencies: { packages: 2, withIntegrity: 2, digest: "e" }, source: { revision: "f", changed: false } },
  rows: { train: 1 },
  values: { "metrics.f1": { value: 0.5, low: 0.4, high: 0.6 } },
  stages: [],
  privacy: { epsilon: 1 },
  together: { members: [], rounds: [], transcripts: {} },
  policy: { digest: "d", gates: [], overrides: [] },
};

type Kind = "text" | "number" | "truth" | "list" | "record";
const samples: Readonly<Record<Kind | "null", unknown>> = {
  text: "x",
  number: 7,
  truth: true,
  list: [],
  record: {},
  null: null,
};
const entries: readonly { readonly path: string; readonly kind: Kind; readonly also?: "null" | "absent" }[] = [
  { path: "name", kind: "text" },
  { path: "task", kind: "text" },
  { path: "made", kind: "text" },
  { path: "about", kind: "record" },
  { path: "about.limits", kind: "list" },
  { path: "about.languages", kind: "list" },
  { path: "model", kind: "record" },
  { path: "model.architecture", kind: "text" },
  { path: "model.parameters", kind: "number" },
  { path: "model.labels", kind: "list" },
  { path: "compression", kind: "record", also: "absent" },
  { path: "compression.steps", kind: "list" },
  { path: "compression.size", kind: "record" },
  { path: "compression.temperatureApplied", kind: "truth" },
  { path: "digests", kind: "record" },
  { path: "digests.model", kind: "text" },
  { path: "digests.recipe", kind: "text" },
  { path: "digests.code", kind: "text" },
  { path: "digests.files", kind: "record" },
  { path: "digests.files.w", kind: "text" },
  { path: "digests.data", kind: "record" },
  { path: "digests.data.train", kind: "text" },
  { path: "digests.evidence", kind: "record" },
  { path: "digests.evidence.metrics", kind: "text" },
  { path: "recipe", kind: "text" },
  { path: "versions", kind: "record" },
  { path: "versions.node", kind: "text" },
  { path: "build", kind: "record", also: "absent" },
  { path: "build.dependencies", kind: "record" },
  { path: "build.dependencies.digest", kind: "text" },
  { path: "build.dependencies.packages", kind: "number" },
  { path: "build.dependencies.withIntegrity", kind: "number" },
  { path: "build.source", kind: "record", also: "absent" },
  { path: "build.source.revision", kind: "text" },
  { path: "build.source.changed", kind: "truth" },
  { path: "rows", kind: "record" },
  { path: "values", kind: "record" },
  { path: "stages", kind: "list" },
  { path: "privacy", kind: "record", also: "null" },
  { path: "together", kind: "record", also: "absent" },
  { path: "together.members", kind: "list" },
  { path: "together.rounds", kind: "list" },
  { path: "together.transcripts", kind: "record" },
  { path: "policy", kind: "record" },
  { path: "policy.digest", kind: "text" },
  { path: "policy.gates", kind: "list" },
  { path: "policy.overrides", kind: "list" },
];
/** One digest of a map may be absent: the map is any names with texts. */
const isOfMap = (path: string) => path.split(".").length === 3 || path === "versions.node";

/** The passport with another value at a path; without it for `undefined`. */
function changed(path: string, value: unknown): Uint8Array {
  const copy = structuredClone(complete) as unknown as Record<string, unknown>;
  const names = path.split(".");
  const within = names.slice(0, -1).reduce((at, name) => at[name] as Record<string, unknown>, copy);
  within[names.at(-1)!] = value;
  return canonicalBytes(copy);
}

test("a passport with every entry is read as it is", () => {
  expect(parsePassport(canonicalBytes(complete), "p")).toEqual(complete);
});

test.each(entries)("$path has to be a $kind", ({ path, kind, also }) => {
  const wrong = Object.entries(samples).flatMap(([name, value]) => (name === kind || name === also ? [] : [value]));
  for (const value of also === "absent" || isOfMap(path) ? wrong : [...wrong, undefined]) {
    const { problem, expected } = fault("E_FORMAT", () => parsePassport(changed(path, value), "p")).facts;
    expect(problem).toBe(`the entry ${path.split(".")[0]} is missing or wrong`);
    expect(expected).toContain("name, task, made, about, model");
  }
  if (also) parsePassport(changed(path, also === "null" ? null : undefined), "p");
});

test("the time has to be one", () => {
  fault("E_FORMAT", () => parsePassport(changed("made", "yesterday"), "p"));
});

test.each([
  ["null", null],
  ["a number", 1],
  ["an end that is no number", { value: 1, low: "0" }],
  ["an end that is infinite", { value: 1, high: null }],
  ["no value", { low: 0, high: 1 }],
])("a value that is %s is refused by its name", (_, value) => {
  const { problem } = fault("E_FORMAT", () => parsePassport(changed("values", { "metrics.f1": value }), "p")).facts;
  expect(problem).toContain("metrics.f1");
});

test("what is no passport is said to be none: no record, another format, of which the start is shown", () => {
  for (const other of [[], null, 1, { ...complete, format: "x".repeat(99) }]) {
    const { problem, got } = fault("E_FORMAT", () => parsePassport(canonicalBytes(other), "p")).facts;
    expect(problem).toBe("not a passport");
    expect(got!.length).toBeLessThanOrEqual(60);
  }
});

const [en, zh] = ["for clinics", "供诊所使用"];
test("a statement is read in the reader's language, else in the other", () => {
  expect(statedIn({ en, zh }, "en")).toEqual({ text: en, language: "en" });
  expect(statedIn({ en, zh }, "zh")).toEqual({ text: zh, language: "zh" });
  expect(statedIn({ en }, "zh")).toEqual({ text: en, language: "en" });
  expect(statedIn({ zh }, "en")).toEqual({ text: zh, language: "zh" });
  expect(statedIn({ en: " ", zh }, "en")).toEqual({ text: zh, language: "zh" });
  expect(statedIn(en, "zh")).toEqual({ text: en, language: "en" });
  expect(statedIn(zh, "en")).toEqual({ text: zh, language: "zh" });
  for (const nothing of ["  ", undefined, null, 7, { en: 1 }, {}]) expect(statedIn(nothing, "en")).toBeUndefined();
});

test("a member that left after its numbers were counted fails a gate of its own; others fail none", () => {
  const member = (name: string, rounds: number, left?: string) => ({
    ...{ name, keyid: name, consented: true, rounds, budget: null, spent: null },
    ...(left && { left }),
  });
  const members = [member("a", 2), member("b", 3, "withdrew"), member("c", 0, "excluded")];
  expect(leftGates({ members })).toEqual([
    { value: "together.b.left", measured: 1, atMost: 0, use: "value", passed: false },
  ]);
  expect(leftGates(undefined)).toEqual([]);
});
