// A ViT from a recipe on images in folders: learned, reported, exported, scored again, and answering on the command line.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { concord } from "../../test/command-line.ts";
import { fault } from "../../test/fault.ts";
import { random } from "../base/index.ts";
import type { Picture } from "../modalities/index.ts";
import { encodePng, readImage } from "../modalities/node/index.ts";
import { loadModel } from "../models/node/index.ts";
import { readRecipe } from "../recipe/read-recipe.ts";
import { openAnyModel, openModel } from "../stages/open-model.ts";
import { exportRun } from "./export-run.ts";
import { runRecipe } from "./run.ts";

const home = mkdtempSync(join(tmpdir(), "concord-image-run-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const run = join(home, "run");
const rng = random(5);

/** Bright above or bright below, with noise. */
const picture = (above: boolean): Picture => ({
  width: 8,
  height: 8,
  data: Uint8Array.from({ length: 192 }, (_, i) => (i < 96 === above ? 160 : 60) + rng.int(60)),
});

const text = `
version: 1
name: halves
modality: image
data: { file: images, attributes: [], split: { dev: 0.15, test: 0.25 } }
model: { scratch: { side: 8, patch: 4, width: 16, layers: 1, heads: 2, inner: 32, scale: 0.1, dropout: 0 } }
adapt: { epochs: 8, batchSize: 8, learningRate: 5e-3, threads: 1, augment: { flip: true, shift: 1, brightness: 0.1 } }
evaluate: { resamples: 50 }
audit: { privacy: false, explanation: { rows: 12, evaluations: 12 }, robustness: { rows: 20, noise: [0.05, 0.5], cutout: [] } }
`;

beforeAll(async () => {
  for (let i = 0; i < 120; i++) {
    const label = i % 2 ? "above" : "below";
    mkdirSync(join(home, "images", label), { recursive: true });
    writeFileSync(join(home, "images", label, `${i}.png`), await encodePng(picture(label === "above")));
  }
  await runRecipe(readRecipe(text, "recipe.yaml"), { home, folder: run });
});

test("it learns what can be seen, and the linear model of pixels stands beside it", () => {
  const metrics = JSON.parse(readFileSync(join(run, "metrics.json"), "utf8"));
  expect(metrics.accuracy.value).toBeGreaterThan(0.9);
  expect(Object.keys(metrics.baselines.models)).toEqual(["majority", "pixels"]);
});

test("the model folder is Transformers': a ViT and its processor", () => {
  const read = (name: string) => JSON.parse(readFileSync(join(run, "model", name), "utf8"));
  expect(read("config.json")).toMatchObject({
    architectures: ["ViTForImageClassification"],
    image_size: 8,
    patch_size: 4,
  });
  expect(read("preprocessor_config.json")).toMatchObject({
    image_processor_type: "ViTImageProcessor",
    size: { height: 8, width: 8 },
  });
});

test("the report shows images inside the page and nothing that is fetched", () => {
  const page = readFileSync(join(run, "report.html"), "utf8");
  expect(page).toMatch(/<img src="data:image\/png;base64,[A-Za-z0-9+/=]+" alt="(above|below)\//);
  expect(page).not.toMatch(/<img src="(?!data:)/);
  expect(page).toMatch(/Content-Security-Policy" content="[^"]*img-src data:;/); // else a browser shows none of them
});

test("explanations hide patches, are faithful beyond chance, and depend on the weights", async () => {
  const found = JSON.parse(readFileSync(join(run, "audit/explanation.json"), "utf8"));
  expect(found).toMatchObject({ of: "patches", rows: 12 });
  expect(Object.keys(found.methods)).toEqual(["occlusion", "shap"]);
  expect(found.values["explanation.occlusion.aboveRandom"].low).toBeGreaterThan(0);
  expect(found.values["explanation.random.sufficiency"].value).toBeGreaterThan(
    found.values["explanation.shap.sufficiency"].value,
  );
  expect(Object.keys(found.methods.shap.cascade)).toEqual(["head", "upper", "all"]);
  expect(found.cohorts.tested).toBeGreaterThan(0); // labels
  expect(readFileSync(join(run, "report.html"), "utf8")).toMatch(/patches that the model reads[\s\S]*random order/);
});

test("an image's vector is what the head reads, and watching counts it", async () => {
  const profile = JSON.parse(readFileSync(join(run, "profile.json"), "utf8"));
  expect(profile.projection).toMatchObject({ width: 16 });
  expect(Object.keys(profile.numbers)).toContain("embedding.15");
  const { predictor } = await openAnyModel(run);
  const { weights } = await loadModel(join(run, "model"));
  const [reading] = await predictor.readings([picture(true)]);
  const [weight, bias] = ["classifier.weight", "classifier.bias"].map((name) => weights.get(name)!.data);
  for (const [k, logit] of reading!.logits.entries())
    expect(logit).toBeCloseTo(
      reading!.features.reduce((sum, x, h) => sum + x * weight![k * 16 + h]!, bias![k]!),
      4,
    );
  await predictor.dispose();
});

test("robustness is measured on changed images, and sets are calibrated", async () => {
  const { shifts: found, foreign, values } = JSON.parse(readFileSync(join(run, "audit/robustness.json"), "utf8"));
  const shifts = found.map(({ kind, rate }: { kind: string; rate: number }) => `${kind} ${rate}`);
  expect(shifts).toEqual(["brightness 0.3", "contrast 0.3", "noise 0.05", "noise 0.5", "shift 0.1"]);
  expect(found.every(({ changed }: { changed: number }) => changed === 1)).toBe(true);
  expect(values["robustness.noise50.flips"].value).toBeGreaterThan(values["robustness.noise5.flips"].value);
  expect(foreign).toBeUndefined(); // foreign texts are of texts
  expect(readFileSync(join(run, "report.html"), "utf8")).toMatch(/brightness ±30/);
  const sets = await concord(["predict", run, "--sets", "0.9", join(home, "images/above/1.png")]);
  expect(sets.out, sets.err).toMatch(/above/);
});

test("transformers.js gives the exported model's answers on the same files", async () => {
  const { env, pipeline } = await import("@huggingface/transformers");
  Object.assign(env, { localModelPath: home, allowRemoteModels: false });
  await exportRun(run, { to: "onnx" });
  const classify = await pipeline("image-classification", "run/exported", { dtype: "fp32" });
  const { predictor, temperature } = await openAnyModel(run);
  const files = [1, 2, 3].map((i) => join(home, "images", i % 2 ? "above" : "below", `${i}.png`));
  const ours = await predictor.answers(await Promise.all(files.map((file) => readImage(file))), { temperature });
  for (const [i, file] of files.entries()) {
    const theirs = (await classify(file)) as { label: string; score: number }[];
    const own = ours[i]!.kind === "label" ? ours[i]!.ranked[0]! : undefined;
    expect(theirs[0]!.label).toBe(own!.label);
    expect(theirs[0]!.score).toBeCloseTo(own!.probability, 4);
  }
  await predictor.dispose();
});

test("concord predict answers files, a folder and a table; a broken file has no answer", async () => {
  const [above, below] = [join(home, "images/above/1.png"), join(home, "images/below/2.png")];
  const files = await concord(["predict", run, above, below]);
  expect(files.code, files.err).toBe(0);
  expect(files.out).toMatch(/^above 0\.\d+\t.*1\.png\nbelow 0\.\d+\t.*2\.png\n$/);
  writeFileSync(join(home, "asked.csv"), "image\nimages/above/1.png\nasked.csv\n");
  const table = await concord(["predict", run, "--file", join(home, "asked.csv"), "--json"]);
  expect(
    table.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toMatchObject([{ label: "above" }, { label: null, unusable: "broken-image" }]);
  const folder = await concord(["predict", run, "--file", join(home, "images"), "--json"]);
  expect(folder.out.trim().split("\n")).toHaveLength(120);
  expect((await concord(["predict", run])).code).toBe(64);
  expect((await concord(["predict", run, join(home, "asked.csv")])).err).toMatch(/E_FORMAT/);
  const column = await concord(["predict", run, "--file", join(home, "asked.csv"), "--column", "imgae"]);
  expect(column.err).toMatch(/did you mean image\?/);
});

test("concord evaluate scores another folder; what needs words is refused by name", async () => {
  const again = await concord(["evaluate", run, "--data", join(home, "images")]);
  expect(again.code, again.err).toBe(0);
  expect(again.err).toMatch(/120/);
  await expect(openModel(run)).rejects.toThrow(/reads no texts/);
  expect((await concord(["explain", run, "above"])).err).toMatch(/E_MODEL[\s\S]*reads no texts/);
});

test("it is released, and an auditor with a copy of the images computes every number again", async () => {
  const at = (name: string) => join(home, name);
  expect((await concord(["keys", at("owner"), "--name", "owner"])).code).toBe(0);
  const gate = "{ value: metrics.accuracy, atLeast: 0.5, use: interval, why: trial }";
  const policy = `version: 1\nsigners: { builder: [owner.pub.json] }\nrequire: [builder]\ngates: [${gate}]\n`;
  writeFileSync(at("policy.yaml"), policy);
  const released = await concord(["release", run, "--policy", at("policy.yaml"), "--key", at("owner.key")]);
  expect(released.code, released.err).toBe(0);
  const page = readFileSync(join(run, "release/plain.html"), "utf8");
  expect(page).toMatch(/an image model[\s\S]*8 × 8 pixels[\s\S]*Of 100 images/);
  cpSync(at("images"), at("auditor/images"), { recursive: true });
  const again = ["--recompute", at("auditor/images")];
  const verified = await concord(["verify", join(run, "release"), "--policy", at("policy.yaml"), ...again]);
  expect(verified.code, verified.err).toBe(0);
  expect(verified.out).toMatch(/(\d+) of \1 values agree/);
});

const refused: [override: string, problem: RegExp][] = [
  ["task=entities", /entities are found in texts/],
  ["modality=text", /only images have sides/],
  ["model.scratch.side=9", /multiple of patch/],
  ["model.scratch.vocabulary=100", /no vocabulary/],
  ["pretrain={}", /no pretraining on images/],
  ["adapt.tokenMasking=0.1", /no tokens to mask/],
  ["audit.robustness.typos=[0.2]", /only texts are changed so/],
  ["audit.explanation.steps=8", /only texts are explained so/],
  ["audit.explanation.methods=[saliency,shap]", /images are explained by methods that only ask the model/],
  ["data.pair=other", /no pair/],
];
test("only images are augmented", () => {
  const texts =
    "version: 1\nname: texts\ndata: { file: a.csv }\nmodel: { from: model }\nadapt: { augment: { flip: true } }\n";
  expect(fault("E_CONFIG", () => readRecipe(texts, "recipe.yaml")).message).toMatch(
    /only images are moved and mirrored/,
  );
  const noise = `${texts.replace(/adapt.*\n/, "")}audit: { robustness: { noise: [0.1] } }\n`;
  expect(fault("E_CONFIG", () => readRecipe(noise, "recipe.yaml")).message).toMatch(/only images are changed so/);
});

test.each(refused)("a recipe of images with %s is refused", (override, problem) => {
  expect(fault("E_CONFIG", () => readRecipe(text, "recipe.yaml", [override])).message).toMatch(problem);
});
