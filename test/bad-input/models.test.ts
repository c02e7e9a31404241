// Models that lack a part, belong to another task, or are asked for more than they have.
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { concord } from "../command-line.ts";
import { expectRefusal, goodRows, put, recipeFor, temporaryFolder } from "./refusal.ts";

const home = temporaryFolder();
const run = join(home, "run");
const model = join(run, "model");
put(home, "t.csv", `text,label\n${goodRows.join("\n")}\n`);
const recipe = put(
  home,
  "recipe.yaml",
  recipeFor("file: t.csv", "evaluate: { resamples: 10 }\nexport: { onnx: false }\n"),
);

beforeAll(async () => {
  expect(await concord(["run", recipe, "--out", run])).toMatchObject({ code: 0 });
});

/** A copy of the run, changed. */
function changed(name: string, change: (folder: string) => void): string {
  const copy = join(home, name);
  cpSync(run, copy, { recursive: true });
  change(copy);
  return copy;
}

test("a model folder without a tokenizer, to predict with and to start from", async () => {
  const copy = changed("untokenized", (folder) => rmSync(join(folder, "model", "tokenizer.json")));
  const wanted = {
    code: "E_IO",
    place: "untokenized/model",
    problem: "no tokenizer",
    expected: "tokenizer.json, vocab.txt",
    got: "config.json",
    remedy: "copy tokenizer.json",
  } as const;
  await expectRefusal(["predict", copy, "hello"], wanted);
  const from = put(home, "from.yaml", recipeFor("file: t.csv").replace(/scratch: \{.*?\}/, "from: untokenized/model"));
  await expectRefusal(["run", from, "--out", join(home, "from")], wanted);
});

test("the model of another task in a run's place", async () => {
  const copy = changed("swapped", (folder) => {
    const path = join(folder, "recipe.yaml");
    writeFileSync(path, readFileSync(path, "utf8").replace("task: single-label", "task: multi-label"));
  });
  await expectRefusal(["predict", copy, "hello"], {
    code: "E_MODEL",
    place: "swapped/model",
    problem: "another task",
    expected: "multi-label",
    got: "single-label",
    remedy: "run the recipe again",
  });
});

test("a model that has not learned to answer texts", async () => {
  const copy = changed("masked", (folder) => {
    const path = join(folder, "model", "config.json");
    writeFileSync(path, readFileSync(path, "utf8").replace("BertForSequenceClassification", "BertForMaskedLM"));
  });
  const wanted = { code: "E_MODEL", place: "masked/model", remedy: "adapt it first" } as const;
  const half = { problem: "weights of its head are missing", expected: "adapted", got: "without" };
  await expectRefusal(["predict", join(copy, "model"), "hello"], { ...wanted, ...half });
  const path = join(copy, "model", "config.json");
  writeFileSync(path, readFileSync(path, "utf8").replace("BertForMaskedLM", "BertModel"));
  const bare = { problem: "does not predict texts", expected: "a head for", got: "features" };
  await expectRefusal(["predict", join(copy, "model"), "hello"], { ...wanted, ...bare });
});

test("more labels in a table than the model's head has", async () => {
  const more = put(home, "more.csv", `text,label\n${goodRows.join("\n")}\nred spots,skin\n`);
  await expectRefusal(["evaluate", run, "--data", more], {
    code: "E_DATA",
    place: "more.csv:22",
    problem: "label that the model's head does not have",
    expected: "one of 2: airways, joint",
    got: '"skin"',
    remedy: "train on rows that have it",
  });
});

test("texts longer than the model's positions", async () => {
  const from = put(
    home,
    "long.yaml",
    recipeFor("file: t.csv").replace(/scratch: \{.*?\}, maxLength: 16/, `from: run/model, maxLength: 512`),
  );
  await expectRefusal(["run", from, "--out", join(home, "long")], {
    code: "E_CONFIG",
    place: "model.maxLength",
    problem: "does not read texts of this length",
    expected: "at most 16 tokens",
    got: "512",
    remedy: "model.maxLength: 16",
  });
});

test("a GPU where there is none, and a device that does not exist", async () => {
  const gpu = await concord(["predict", run, "my knee", "--device", "gpu"]);
  if (gpu.code !== 0)
    await expectRefusal(["predict", run, "my knee", "--device", "gpu"], {
      code: "E_DEVICE",
      place: "device: gpu",
      problem: "no GPU can be used",
      expected: "driver for Vulkan, Metal or Direct3D",
      got: /adapter|backend/i,
      remedy: "--device cpu",
    });
  else expect(gpu.out).toBe((await concord(["predict", run, "my knee"])).out); // on a machine with one
  await expectRefusal(["evaluate", run, "--device", "tpu"], {
    code: "E_ARGUMENT",
    place: "--device",
    problem: "no device of this name",
    expected: "cpu, gpu",
    got: "tpu",
    remedy: "--help",
  });
});
test("folders that are no run, and arguments that make no sense", async () => {
  await expectRefusal(["resume", home], {
    code: "E_IO",
    place: home,
    problem: "no run is here",
    expected: "run.json",
    got: "another folder",
    remedy: "check the path",
  });
  await expectRefusal(["predict", model, "--abstain", "2", "x"], {
    code: "E_ARGUMENT",
    place: "--abstain",
    problem: "not a probability",
    expected: "0 … 1",
    got: "2",
    remedy: "--help",
  });
});
