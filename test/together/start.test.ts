// The start model of a study: of public texts only, with the study's labels; by the command and by the function.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadModel } from "../../src/models/node/index.ts";
import { roundOptions } from "../../src/studies/local-training.ts";
import { proposeStudy } from "../../src/studies/propose.ts";
import { makeStartModel } from "../../src/studies/start-model.ts";
import { concord } from "../command-line.ts";
import { partyOf } from "../federated/study.ts";
import { labels, names, recipe, recipeText, table } from "./rows.ts";

const home = mkdtempSync(join(tmpdir(), "concord-start-"));
const at = (name: string) => join(home, name);
const pretrain = "pretrain={file: public.csv, epochs: 1, batchSize: 16, learningRate: 1e-3}";
beforeAll(() => {
  writeFileSync(at("public.csv"), table(99, 60, 0.5));
  writeFileSync(at("labels.txt"), `${labels.join("\n")}\n\n`);
  writeFileSync(at("recipe.yaml"), recipeText);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const embedding = async (folder: string) => {
  const { weights } = await loadModel(folder);
  const [name] = [...weights.keys()].filter((n) => n.endsWith("word_embeddings.weight"));
  return weights.get(name!)!.data;
};

test("a start model that is pretrained has learned, has the study's labels, and is proposed without its pretraining", async () => {
  const seen: number[] = [];
  const steps = { onProgress: ({ done, total }: { done: number; total: number }) => seen.push(done / total) };
  await makeStartModel({ recipe: recipe(), home, texts: at("public.csv"), labels, folder: at("plain") });
  await makeStartModel({ recipe: recipe(pretrain), home, labels, folder: at("pretrained"), ...steps });
  expect(seen.at(-1)).toBe(1);
  expect(await embedding(at("pretrained"))).not.toEqual(await embedding(at("plain")));
  const { model, fresh } = await loadModel(at("pretrained"));
  expect([model.labels?.names, fresh]).toEqual([labels, []]);
  const members = names.map((name) => ({ name, key: partyOf(name).key }));
  const coordinator = { name: "coordinator", key: partyOf("coordinator").key };
  const plan = { recipe: recipe(pretrain), start: at("pretrained"), run: "start-2026", coordinator, members };
  const { proposal } = await proposeStudy(plan);
  expect(proposal.recipe).not.toHaveProperty("pretrain");
  expect(proposal).not.toHaveProperty("neighbours");
  const more = ["agency", "archive", "college"].map((name) => ({ name, key: partyOf(name).key }));
  const sparse = {
    ...plan,
    recipe: recipe("together.neighbours=4", "together.threshold=5"),
    members: [...members, ...more],
  };
  expect((await proposeStudy(sparse)).proposal).toMatchObject({ neighbours: 4, threshold: 5 });
});

test("a start model can come from a folder and gets a head of its own", async () => {
  const given = recipe(`model={from: ${at("pretrained")}, maxLength: 32}`);
  await makeStartModel({ recipe: given, labels: ["x", "y", "z"], folder: at("again") });
  const { model, weights } = await loadModel(at("again"));
  expect(model.labels?.names).toEqual(["x", "y", "z"]);
  expect(weights.get("classifier.weight")!.shape[0]).toBe(3);
  expect(await embedding(at("again"))).toEqual(await embedding(at("pretrained")));
});

test.each([
  ["engine", "pytorch"],
  ["headFirst", "{ epochs: 1 }"],
  ["encoderRate", "0.5"],
  ["average", "0.5"],
  ["tokenMasking", "0.1"],
])("a proposal with adapt.%s is refused: no member would read it", async (key, value) => {
  const coordinator = { name: "coordinator", key: partyOf("coordinator").key };
  const plan = { start: at("pretrained"), run: "start-2026", coordinator, members: [] };
  const asked = { ...plan, recipe: recipe(`adapt.${key}=${value}`) };
  await expect(proposeStudy(asked)).rejects.toThrow(new RegExp(`E_CONFIG[\\s\\S]*adapt\\.${key}`));
});

test("a member's steps are those that the recipe asks for", () => {
  const which = recipe("adapt.accumulate=4", "adapt.gradientCheckpointing=true", "adapt.groupByLength=true");
  const local = { recipe: { ...which, together: which.together! } } as Parameters<typeof roundOptions>[0];
  expect(roundOptions(local, 1)).toMatchObject({ accumulate: 4, gradientCheckpointing: true, grouping: "length" });
});

test("planted secrets are refused, for nobody would look for them", async () => {
  const planted = recipe(pretrain.replace("}", ", canaries: { count: 2, repeats: 2 } }"));
  await expect(makeStartModel({ recipe: planted, home, labels, folder: at("planted") })).rejects.toThrow(
    /E_CONFIG[\s\S]*pretrain\.canaries/,
  );
});

test("an abort stops pretraining and leaves nothing", async () => {
  const stop = new AbortController();
  const options = { home, labels, folder: at("stopped"), signal: stop.signal, onProgress: () => stop.abort() };
  const long = recipe(pretrain.replace("epochs: 1", "epochs: 200")); // three steps could end before the stop arrives
  await expect(makeStartModel({ recipe: long, ...options })).rejects.toThrow(/E_INTERRUPTED/);
  expect(existsSync(at("stopped"))).toBe(false);
});

test("concord study start makes it, and says what lacks", async () => {
  const args = ["study", "start", at("recipe.yaml"), "--out", at("made")];
  expect((await concord(args)).err).toMatch(/--labels/);
  expect((await concord([...args, "--labels", at("labels.txt")])).err).toMatch(/E_CONFIG[\s\S]*public texts/);
  writeFileSync(at("one.txt"), "cold\ncold\n");
  expect((await concord([...args, "--labels", at("one.txt"), "--texts", at("public.csv")])).err).toMatch(
    /labels that differ/,
  );
  const { code, out, err } = await concord([...args, "--labels", at("labels.txt"), "--texts", at("public.csv")]);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toContain("2 labels");
  expect(JSON.parse(readFileSync(join(at("made"), "config.json"), "utf8")).id2label).toEqual({ 0: "cold", 1: "flu" });
});
