// Preferences and rewards as a user meets them: a small decoder learns to answer, then what people prefer, then from rewards of its own
// answers; and a reward model judges.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { concord } from "../command-line.ts";
import { signedPolicy } from "../signed-policy.ts";

const home = mkdtempSync(join(tmpdir(), "concord-preferences-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const rng = random(5);
const pick = (list: readonly string[]) => list[rng.int(list.length)]!;
const things = "cat dog hen cow fox owl bee ant pig ram".split(" ");
const polite = (thing: string) => `Please see the ${thing}.`;
const rude = (thing: string) => `Go away with your ${thing}!`;
const write = (name: string, rows: readonly object[]) =>
  writeFileSync(join(home, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
const asked = Array.from({ length: 160 }, (_, i) => ({ prompt: `${i}: ${pick(things)}`, thing: "" })).map((row) => ({
  prompt: row.prompt,
  thing: row.prompt.split(" ")[1]!,
}));
write(
  "answers.jsonl",
  asked.map(({ prompt, thing }, i) => ({ prompt, answer: i % 2 ? polite(thing) : rude(thing) })),
);
write(
  "pairs.jsonl",
  asked.map(({ prompt, thing }) => ({ prompt, chosen: polite(thing), rejected: rude(thing) })),
);
write(
  "verdicts.jsonl",
  asked.map(({ prompt, thing }, i) => ({ prompt, answer: i % 3 ? polite(thing) : rude(thing), good: i % 3 > 0 })),
);

const recipe = (name: string, parts: Record<string, string>) => {
  const file = join(home, `${name}.yaml`);
  const body = { version: "1", name, evaluate: "{ resamples: 50 }", export: "{ onnx: false }", ...parts };
  writeFileSync(
    file,
    Object.entries(body)
      .map(([key, value]) => `${key}: ${value}\n`)
      .join(""),
  );
  return file;
};
const run = async (name: string, parts: Record<string, string>) => {
  const { code, err } = await concord(["run", recipe(name, parts), "--out", join(home, name)]);
  expect(code, err).toBe(0);
  return { err, metrics: JSON.parse(readFileSync(join(home, name, "metrics.json"), "utf8")) };
};
const writes = { task: "text-generation", model: "{ from: start/model, maxLength: 64 }" };
const adapt = (more: string) => `{ epochs: 3, batchSize: 16, learningRate: 1e-3, threads: 1, ${more} }`;

beforeAll(async () => {
  await run("start", {
    task: "text-generation",
    data: "{ file: answers.jsonl, text: prompt, answer: answer, similarity: 1 }",
    model:
      "{ scratch: { decoder: llama, vocabulary: 300, width: 48, layers: 2, heads: 4, inner: 96, dropout: 0 }, maxLength: 64 }",
    adapt: "{ epochs: 20, batchSize: 16, learningRate: 5e-3, threads: 1 }",
  });
});

test.each(["dpo", "orpo"])(
  "%s: what people prefer becomes likelier, beside the longer answer and the start",
  async (objective) => {
    const { err, metrics } = await run(objective, {
      ...writes,
      data: "{ file: pairs.jsonl, text: prompt, answer: chosen, rejected: rejected, similarity: 1 }",
      adapt: adapt(`objective: ${objective}, keep: best`),
    });
    expect(err).toContain("agreement with preferences");
    expect(metrics.preferenceAccuracy.value).toBeGreaterThan(0.95);
    expect(metrics.preferenceMargin.value).toBeGreaterThan(0);
    expect(Object.keys(metrics.baselines.models).sort()).toEqual(["longer", "start"]);
    expect((await concord(["predict", join(home, objective), "7: owl"])).out).toBe("Please see the owl.\n");
  },
);

test("kto learns from single verdicts, by an adapter", async () => {
  const { metrics } = await run("kto", {
    ...writes,
    data: "{ file: verdicts.jsonl, text: prompt, answer: answer, label: good, similarity: 1 }",
    adapt:
      "{ epochs: 8, batchSize: 16, learningRate: 1e-2, threads: 1, objective: kto, method: lora, rank: 8, beta: 0.3 }",
  });
  expect(metrics.preferenceAccuracy.value).toBeGreaterThan(0.9);
  expect(metrics.baselines.models.majority.preferenceAccuracy.value).toBeLessThan(0.8);
});

test("a reward model learns pairs, and its scores are rewards that a model learns from", async () => {
  const { metrics } = await run("judge", {
    task: "reward",
    data: "{ file: pairs.jsonl, text: prompt, answer: chosen, rejected: rejected, similarity: 1 }",
    model: "{ from: start/model, maxLength: 64 }",
    adapt: adapt(""),
  });
  expect(metrics.preferenceAccuracy.value).toBeGreaterThan(0.95);
  expect(metrics.baselines.models.longer).toBeDefined();
  const tuned = await run("rewarded", {
    ...writes,
    data: "{ file: answers.jsonl, text: prompt, similarity: 1, split: { dev: 0, test: 0.2 } }",
    adapt: adapt("objective: grpo, rewards: [{ kind: model, from: judge }], rollouts: { group: 4, maxTokens: 24 }"),
  });
  expect(tuned.metrics.reward.value).toBeGreaterThan(tuned.metrics.baselines.models.start.reward.value);
  expect((await concord(["predict", join(home, "rewarded"), "7: owl"])).out).toContain("Please");
  const { out } = await concord([
    "predict",
    join(home, "judge"),
    "user:\n7: owl\n\nassistant:\nPlease see the owl.",
    "--json",
  ]);
  expect(JSON.parse(out)).toBeTruthy();
});

test("a search for settings chooses by rewards or preferences, not by how likely the texts of people are", async () => {
  const data = "{ file: answers.jsonl, text: prompt, similarity: 1, split: { dev: 0.2, test: 0.2 } }";
  const rewarded = adapt(
    'objective: grpo, rewards: [{ kind: pattern, pattern: "Please.*" }], rollouts: { group: 4, maxTokens: 24 }',
  );
  const search = "{ trials: 2, sampler: grid, space: { adapt.learningRate: { choice: [1e-9, 3e-3] } } }";
  const pairs =
    "{ file: pairs.jsonl, text: prompt, answer: chosen, rejected: rejected, similarity: 1, split: { dev: 0.2, test: 0.2 } }";
  const studies = {
    rewards: { ...writes, data, adapt: rewarded },
    agreement: { ...writes, data: pairs, adapt: adapt("objective: dpo") },
    judging: { task: "reward", data: pairs, model: writes.model, adapt: adapt("") },
  };
  for (const [name, parts] of Object.entries(studies)) {
    const out = join(home, `study-${name}`);
    const {
      code,
      out: lines,
      err,
    } = await concord(["tune", recipe(name, { ...parts, search }), "--out", out, "--json"]);
    expect(code, err).toBe(0);
    const scores = lines.split("\n").flatMap((line) => {
      if (!line.startsWith('{"kind":"trial"') || !line.includes('"finished"')) return [];
      const { settings, values } = JSON.parse(line);
      return [[settings["adapt.learningRate"], values.score] as const];
    });
    const of = new Map(scores);
    expect(of.size, name).toBe(2);
    for (const score of of.values()) expect(score >= 0 && score <= 1, `${name} ${score}`).toBe(true); // no perplexity
    if (name !== "rewards") continue; // any step at all makes every pair agree
    expect(of.get(3e-3)).toBeGreaterThan(of.get(1e-9)!);
    expect(readFileSync(join(out, "winner", "recipe.yaml"), "utf8")).toContain("learningRate: 0.003");
  }
}, 300_000);

test("runs are compared by what they were trained for, and released", async () => {
  const same = {
    ...writes,
    data: "{ file: pairs.jsonl, text: prompt, answer: chosen, rejected: rejected, similarity: 1 }",
  };
  await run("weak", { ...same, adapt: adapt("objective: dpo, beta: 0.9") });
  const found = await concord(["compare", join(home, "dpo"), join(home, "weak"), "--json"]);
  expect(JSON.parse(found.out)).toMatchObject({ scores: ["preferenceAccuracy"], rows: 32 });
  // one that learned from rewards, beside one that learned the answers of the same rows
  const answers = "{ file: answers.jsonl, text: prompt, answer: answer, similarity: 1 }";
  const rewards = "objective: grpo, rewards: [{ kind: exact }], rollouts: { group: 4, maxTokens: 24, updates: 1 }";
  await run("exact", { ...writes, data: answers, adapt: adapt(rewards) });
  const beside = await concord(["compare", join(home, "start"), join(home, "exact"), "--json"]);
  expect(JSON.parse(beside.out)).toMatchObject({ scores: ["bitsPerByte"], rows: 32 });
  expect((await concord(["audit", join(home, "dpo")])).err).toContain("does not look at answers of this task");
  const key = join(home, "keys", "builder");
  await concord(["keys", key, "--name", "Us"]);
  for (const name of ["dpo", "kto", "judge", "rewarded"]) {
    const policy = join(home, `${name}-policy.yaml`);
    writeFileSync(policy, signedPolicy(`metrics.${name === "rewarded" ? "reward" : "preferenceAccuracy"}`));
    const released = await concord(["release", join(home, name), "--policy", policy, "--key", `${key}.key`]);
    expect(released.code, released.err).toBe(0);
    const verified = await concord(["verify", join(home, name, "release"), "--policy", policy]);
    expect(verified.out).toMatch(/^VALID/);
  }
}, 120_000);

test("a plain policy gradient follows a pattern", async () => {
  const parts = {
    ...writes,
    data: "{ file: answers.jsonl, text: prompt, similarity: 1, split: { dev: 0, test: 0.2 } }",
    adapt: adapt(
      'objective: reinforce, rewards: [{ kind: pattern, pattern: "Please.*" }], rollouts: { group: 4, maxTokens: 24, updates: 1 }',
    ),
  };
  const { metrics } = await run("plain", parts);
  expect(metrics.reward.value).toBeGreaterThan(metrics.baselines.models.start.reward.value);
});

test("a prompt over the context is refused with its row, and so are rewards that no model can be", async () => {
  write("long.jsonl", [
    ...asked.map(({ prompt }) => ({ prompt, chosen: "a", rejected: "b" })),
    { prompt: "x ".repeat(200), chosen: "a", rejected: "b" },
  ]);
  const long = recipe("long", {
    ...writes,
    data: "{ file: long.jsonl, text: prompt, answer: chosen, rejected: rejected, similarity: 1 }",
    adapt: adapt("objective: dpo"),
  });
  const refused = await concord(["run", long, "--out", join(home, "long")]);
  expect(refused.err).toMatch(/longer than the model reads[\s\S]*long\.jsonl:161/);
  const judge = recipe("no-judge", {
    ...writes,
    data: "{ file: answers.jsonl, text: prompt, similarity: 1 }",
    adapt: adapt("objective: grpo, rewards: [{ kind: model, from: start }]"),
  });
  expect((await concord(["run", judge, "--out", join(home, "no-judge")])).err).toContain("gives no single number");
});
