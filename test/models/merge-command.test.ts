// `concord adapters merge`: adapters into their base as a folder that answers, or several as one adapter; what does not fit is refused.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HostArray, random } from "../../src/base/index.ts";
import { loadAdapter, loadModel, saveAdapter, saveModel } from "../../src/models/node/index.ts";
import { type AdapterSettings, adapterLayout, initialiseAdapter, mergeShares } from "../../src/nn/index.ts";
import { openModel } from "../../src/stages/index.ts";
import { concord } from "../command-line.ts";
import { smallModel } from "../serve/small-model.ts";
import { relativeError } from "./golden.ts";

const home = mkdtempSync(join(tmpdir(), "concord-merge-"));
const at = (name: string) => join(home, name);
let base: Awaited<ReturnType<typeof smallModel>>;

async function writeAdapter(name: string, settings: AdapterSettings) {
  const { model, weights } = await loadModel(base.path);
  const layout = adapterLayout(model.parameters, settings);
  const rng = random(name);
  const fresh = initialiseAdapter(layout, rng, (n) => weights.get(n)!);
  const all = new Map<string, HostArray<"float32">>([...weights, ...fresh]);
  for (const parameter of [...layout.parameters, ...model.parameters].filter((p) => layout.trains(p.name)))
    all.set(parameter.name, {
      ...all.get(parameter.name)!,
      data: all.get(parameter.name)!.data.map((x) => x + 0.5 * rng.normal()),
    });
  await saveAdapter(at(name), model, layout, all, "base");
}

beforeAll(async () => {
  base = await smallModel();
  await writeAdapter("a", { targets: ["query", "value"], rank: 2, trainWhole: ["classifier"] });
  await writeAdapter("b", { targets: ["query"], rank: 2, trainWhole: ["classifier"] });
  await writeAdapter("thin", { targets: ["query"], rank: 1 });
  await writeAdapter("factors", { kind: "ia3", targets: ["query"] });
  const { model } = await loadModel(base.path);
  const table = model.tokens!.tableNames.words;
  await writeAdapter("prompt", { kind: "prompt", targets: [], tokens: 3, widths: [16], table });
});
afterAll(() => {
  base.remove();
  rmSync(home, { recursive: true, force: true });
});

const merge = (adapters: string[], ...options: string[]) =>
  concord(["adapters", "merge", base.path, ...adapters.map(at), ...options]);

const answers = async (path: string) => {
  const { predictor } = await openModel(path);
  const logits = await predictor.logits(["fever and shivers", "sore since monday"]);
  await predictor.dispose();
  return logits.flatMap((row) => [...row]);
};

test.each(["a", "factors", "prompt"])(
  "%s alone becomes a model folder that answers as the base with it",
  async (name) => {
    const to = at(`${name}-merged`);
    const { code, out, err } = await merge([name], "--to", to);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain(to);
    expect(await answers(to)).not.toEqual(await answers(base.path));
    if (name === "a") {
      const { predictor } = await openModel(base.path, { adapters: { a: at("a") } });
      await predictor.dispose();
      const { model, weights } = await loadModel(base.path);
      const { layout, weights: own } = await loadAdapter(at("a"), model);
      const merged = await loadModel(to);
      const sums = mergeShares([{ layout, read: (n) => own.get(n)!, share: 1 }], (n) => weights.get(n)!);
      for (const [n, { data }] of sums) expect(relativeError(merged.weights.get(n)!.data, data), n).toBeLessThan(1e-6);
      expect(merged.weights.get("classifier.weight")!.data).toEqual(own.get("classifier.weight")!.data);
    }
  },
);

test("several by their weights, with the head that is named; as one adapter they answer alike", async () => {
  const given = ["--weight", "0.7", "--weight", "-0.4", "--head", at("b")];
  expect((await merge(["a", "b"], ...given, "--to", at("both"))).code).toBe(0);
  const { code, out } = await merge(["a", "b"], ...given, "--as", "adapter", "--to", at("joined"), "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ folder: at("joined"), rank: 4, kept: false });
  expect((await merge(["joined"], "--to", at("joined-merged"))).code).toBe(0);
  const [both, joined] = [await answers(at("both")), await answers(at("joined-merged"))];
  for (const [i, x] of both.entries()) expect(x).toBeCloseTo(joined[i]!, 4);
  const { model, weights } = await loadModel(base.path);
  const [a, b] = [await loadAdapter(at("a"), model), await loadAdapter(at("b"), model)];
  const merged = await loadModel(at("both"));
  const shares = [
    { layout: a.layout, read: (n: string) => a.weights.get(n)!, share: 0.7 },
    { layout: b.layout, read: (n: string) => b.weights.get(n)!, share: -0.4 },
  ];
  for (const [n, { data }] of mergeShares(shares, (name) => weights.get(name)!))
    expect(relativeError(merged.weights.get(n)!.data, data), n).toBeLessThan(1e-6);
  expect(merged.weights.get("classifier.weight")!.data).toEqual(b.weights.get("classifier.weight")!.data);
});

test.each([
  ["--by", "ties", "--density", "0.5"],
  ["--by", "linear"],
  ["--by", "svd", "--rank", "1"],
  ["--by", "dare_linear", "--seed", "3"],
])("%s %s changes what is learned", async (...options) => {
  const to = at(options.join(""));
  const given = ["--head", at("a"), "--to"];
  expect((await merge(["a", "b"], ...options, ...given, to)).code).toBe(0);
  expect((await merge(["a", "b"], ...given, `${to}-cat`)).code).toBe(0);
  expect(await answers(to)).not.toEqual(await answers(`${to}-cat`));
});

test.each<[string, string[], string[], RegExp]>([
  ["no folder to write to", ["a"], [], /say where to write/],
  ["two heads and none named", ["a", "b"], ["--to", "x"], /whose is kept/],
  ["a head that is none of them", ["a", "b"], ["--to", "x", "--head", "c"], /no adapter is named so/],
  ["fewer weights than adapters", ["a", "b"], ["--to", "x", "--weight", "1"], /not as many weights/],
  ["a weight that is no number", ["a"], ["--to", "x", "--weight", "much"], /no number/],
  ["a way that is not known", ["a"], ["--to", "x", "--by", "mean"], /no such choice/],
  ["ranks that differ", ["a", "thin"], ["--to", "x", "--by", "linear"], /different ranks/],
  ["a kind that is no product", ["a", "factors"], ["--to", "x"], /no product/],
])("%s: refused by name", async (_name, adapters, options, problem) => {
  const { code, err } = await merge(adapters, ...options);
  expect(code).not.toBe(0);
  expect(err).toMatch(problem);
});

test("another base is refused with both hashes, and a folder that is not empty is left alone", async () => {
  const other = await smallModel();
  const { model, weights } = await loadModel(other.path);
  weights.get("bert.embeddings.word_embeddings.weight")!.data[40]! += 1;
  await saveModel(other.path, model, weights, {});
  const { code, err } = await concord(["adapters", "merge", other.path, at("a"), "--to", at("wrong")]);
  other.remove();
  expect(code).not.toBe(0);
  expect(err).toMatch(/SHA-256 [0-9a-f]{16}[\s\S]*got +[0-9a-f]{16}/);
  mkdirSync(at("full"));
  writeFileSync(join(at("full"), "notes.txt"), "mine");
  expect((await merge(["a"], "--to", at("full"))).err).toMatch(/not empty/);
});
