// The CRF against pytorch-crf: losses, gradients, likeliest sequences, probabilities of labels; and what tags leave impossible.
// Numbers: test/golden/heads.json (tools/heads-reference.py: torch 2.15.0, pytorch-crf 0.7.2).
import { describe, expect, test } from "vitest";
import { gradients } from "../../src/autodiff/index.ts";
import { type HostArray, hostArray, random } from "../../src/base/index.ts";
import { possibleTransitions } from "../../src/data/index.ts";
import { configOf } from "../../src/formats/index.ts";
import { input, makeGraph, sum } from "../../src/graph/index.ts";
import { initialise, modelOf, withHead } from "../../src/models/index.ts";
import { chainLevels, chainSpecs, crfLoss, packChains } from "../../src/nn/index.ts";
import { chained, likeliest, logMarginals } from "../../src/predict/index.ts";
import { fault } from "../fault.ts";
import { goldenJson } from "../golden.ts";
import { runtimes } from "../runtimes.ts";
import { tinyConfig } from "../train/tiny.ts";

interface Chains {
  readonly labels: number;
  readonly scores: readonly (readonly number[])[];
  readonly tags: readonly (readonly number[])[];
  readonly transitions: readonly number[];
  readonly losses: readonly number[];
  readonly scoresGradient: readonly (readonly number[])[];
  readonly transitionsGradient: readonly number[];
  readonly likeliest: readonly (readonly number[])[];
  readonly marginals: readonly (readonly number[])[];
}
const { crf: cases } = goldenJson<{ crf: readonly Chains[] }>("heads.json");

/** Where positions of each sequence lie, as row targets have it. */
function slotsOf(lengths: readonly number[]) {
  const [count, widest] = [lengths.reduce((a, b) => a + b, 0), Math.max(...lengths)];
  const slots = new Int32Array(lengths.length * widest).fill(count);
  const places = new Int32Array(count);
  let m = 0;
  for (const [b, length] of lengths.entries())
    for (let k = 0; k < length; k++, m++) [slots[b * widest + k], places[m]] = [m, b * widest + k];
  return {
    slots: hostArray("int32", [lengths.length, widest], slots),
    places: hostArray("int32", [count], places),
  };
}

/** Losses and gradients of sequences. @param levels more than they need change nothing */
async function learned(
  runtime: (typeof runtimes)[number],
  { labels, scores, tags, transitions }: Chains,
  levels: number,
) {
  const specs = { ...chainSpecs(levels), slots: ["int32", ["B", "K"]], places: ["int32", ["M"]] } as const;
  const values = Object.fromEntries(
    Object.entries(specs).map(([name, [dtype, shape]]) => [name, input(name, dtype, shape)]),
  );
  const x = input("x", "float32", ["M", labels]);
  const t = input("t", "float32", [labels + 2, labels]);
  const own = input("own", "int32", ["M"]);
  const losses = crfLoss(x, t, values, own, { slots: values.slots!, places: values.places! }, levels);
  const [gx, gt] = gradients([sum(losses)], [x, t]);
  const exe = await runtime.compile(makeGraph({ x, t, own, ...values }, { losses, gx: gx!, gt: gt! }));
  const lengths = tags.map((own) => own.length);
  const count = lengths.reduce((a, b) => a + b, 0);
  const feeds: Record<string, HostArray> = {
    ...packChains(tags, labels, levels),
    ...slotsOf(lengths),
    x: hostArray("float32", [count, labels], Float32Array.from(scores.flat())),
    t: hostArray("float32", [labels + 2, labels], Float32Array.from(transitions)),
    own: hostArray("int32", [count], Int32Array.from(tags.flat())),
  };
  const out = await exe.run(feeds);
  await exe.dispose();
  const read = (name: string) => Array.from(out[name]!.data as Float32Array);
  return { losses: read("losses"), scores: read("gx"), transitions: read("gt") };
}

const furthest = (a: readonly number[], b: readonly number[]) => Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));

describe.each(runtimes)("$name", (runtime) => {
  test.each(cases)("losses and gradients of $labels labels are pytorch-crf's", async (one) => {
    const got = await learned(runtime, one, chainLevels(Math.max(...one.tags.map((t) => t.length))));
    expect(got.losses).toHaveLength(one.losses.length);
    expect(furthest(got.losses, one.losses)).toBeLessThan(2e-5);
    expect(furthest(got.scores, one.scoresGradient.flat())).toBeLessThan(2e-6);
    expect(furthest(got.transitions, one.transitionsGradient)).toBeLessThan(1e-5);
    const wrong = await learned(runtime, { ...one, tags: one.tags.map((t) => [...t].reverse()) }, 4);
    expect(furthest(wrong.losses, one.losses)).toBeGreaterThan(0.1); // the order of labels counts
  });

  test("more levels than needed, and an empty sequence among others, change no loss", async () => {
    const [one] = cases;
    const few = await learned(runtime, one!, 4);
    const scores = [...one!.scores];
    const tags = [...one!.tags.slice(0, 2), [], ...one!.tags.slice(2)];
    const more = await learned(runtime, { ...one!, scores, tags }, 7);
    expect(furthest(few.losses, more.losses.toSpliced(2, 1))).toBeLessThan(1e-5);
    expect(Number.isFinite(more.losses[2])).toBe(true); // who asks gives it weight 0
    expect(furthest(few.scores, more.scores)).toBeLessThan(1e-5);
  });
});

/** Scores of a sequence by position. */
const rowsOf = (flat: readonly number[], labels: number) =>
  Array.from({ length: flat.length / labels }, (_, i) => Float64Array.from(flat.slice(i * labels, (i + 1) * labels)));

test.each(cases)("the likeliest sequences and the probabilities of $labels labels are pytorch-crf's", (one) => {
  const chain = { labels: one.labels, transitions: Float64Array.from(one.transitions) };
  for (const [i, flat] of one.scores.entries()) {
    const rows = rowsOf(flat, one.labels);
    expect(likeliest(rows, chain)).toEqual(one.likeliest[i]);
    const probabilities = logMarginals(rows, chain).flatMap((row) => Array.from(row, Math.exp));
    expect(furthest(probabilities, one.marginals[i]!)).toBeLessThan(1e-6);
  }
});

test("a tag that none may stand before is never answered, however likely its word makes it", () => {
  const labels = ["O", "B-LOC", "I-LOC", "B-PER", "I-PER"];
  const possible = possibleTransitions(labels);
  const transitions = Float64Array.from(possible, (yes) => (yes ? 0 : Number.NEGATIVE_INFINITY));
  const words = [
    [0, 1, 9, 0, 0], // I-LOC at the start: B-LOC is the best that may stand there
    [0, 0, 5, 0, 6], // I-PER after B-LOC
    [0, 0, 0, 0, 7], // I-PER after neither B-PER nor I-PER
  ].map((row, i) => ({ range: [i, i + 1] as const, logits: Float32Array.from(row) }));
  const found = chained(words, { labels: labels.length, transitions });
  const tags = found.map((w) => labels[w.chosen!]!);
  expect(tags.every((tag, i) => !tag.startsWith("I-") || tags[i - 1]?.slice(2) === tag.slice(2))).toBe(true);
  expect(words.map(({ logits }) => labels[logits.indexOf(Math.max(...logits))])).toEqual(["I-LOC", "I-PER", "I-PER"]);
  for (const { logits } of found) {
    expect(Array.from(logits, Math.exp).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    expect(logits.every(Number.isFinite)).toBe(true);
  }
  expect(Math.exp(found[0]!.logits[2]!)).toBe(0);
  expect(chained([], { labels: 5, transitions })).toEqual([]);
});

test("which tag may follow which is read off IOB2 and IOBES; tags without prefixes and types without a B are free", () => {
  const allowed = (tags: readonly string[], from: string, to: string) => {
    const row = from === "start" ? tags.length : tags.indexOf(from);
    const at = to === "end" ? (tags.length + 1) * tags.length + row : row * tags.length + tags.indexOf(to);
    return possibleTransitions(tags)[at] === 1;
  };
  const iob = ["O", "B-A", "I-A", "B-B", "I-B"];
  expect([allowed(iob, "O", "I-A"), allowed(iob, "start", "I-A"), allowed(iob, "B-A", "I-B")]).toEqual([
    false,
    false,
    false,
  ]);
  expect([allowed(iob, "B-A", "I-A"), allowed(iob, "I-A", "B-B"), allowed(iob, "B-A", "end")]).toEqual([
    true,
    true,
    true,
  ]);
  const ends = ["O", "B-A", "I-A", "E-A", "S-A"];
  expect([allowed(ends, "B-A", "O"), allowed(ends, "I-A", "end"), allowed(ends, "S-A", "E-A")]).toEqual([
    false,
    false,
    false,
  ]);
  expect([allowed(ends, "B-A", "E-A"), allowed(ends, "E-A", "end"), allowed(ends, "S-A", "B-A")]).toEqual([
    true,
    true,
    true,
  ]);
  expect(possibleTransitions(["O", "PER", "LOC"]).every(Boolean)).toBe(true);
  expect(allowed(["O", "I-A"], "O", "I-A")).toBe(true); // IOB1 begins an entity with I
});

test("a config keeps its CRF for words, loses it with another task, and is refused where there are none", () => {
  const config = withHead(tinyConfig, "Bert", "token", ["O", "B-A", "I-A"], { layer: "crf" });
  const model = modelOf(configOf(config, "config.json"));
  expect(model.chained).toBe(true);
  const fresh = initialise(model, random(1));
  expect([...fresh.get("crf.transitions")!.data]).toEqual(new Array(9).fill(0)); // the linear head at first
  expect(modelOf(configOf(withHead(config, "Bert", "token", ["O", "B"]), "again")).chained).toBe(true);
  expect(
    modelOf(configOf(withHead(config, "Bert", "token", ["O", "B"], { layer: "linear" }), "plain")).chained,
  ).toBeUndefined();
  expect(withHead(config, "Bert", "single-label", ["a", "b"])).not.toHaveProperty("token_head");
  expect(fault("E_MODEL", () => modelOf(configOf({ ...tinyConfig, token_head: "crf" }, "c"))).facts.problem).toMatch(
    /label words/,
  );
  expect(() => modelOf(configOf({ ...config, token_head: "semi" }, "c"))).toThrow(/token_head/);
});
