// Several processes in one workspace: the same recipe at the same time, one of them killed; and checkpoints of a killed run. Needs `npm run build`.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { built, resultsOf } from "./built.ts";

const home = mkdtempSync(join(tmpdir(), "concord-workspace-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const workspace = join(home, "runs");
const store = join(workspace, ".concord/store");
beforeEach(() => rmSync(workspace, { recursive: true, force: true }));

const words = {
  joint: ["knee", "hip", "elbow"],
  skin: ["rash", "itch", "spots"],
  airways: ["cough", "wheeze", "sneeze"],
};
const rows = Array.from({ length: 600 }, (_, i) => {
  const label = (["joint", "skin", "airways"] as const)[i % 3]!;
  return `my ${words[label][i % 2]} and ${words[label][(i >> 2) % 3]} since day ${i * 7919},${label}`;
});
writeFileSync(join(home, "rows.csv"), `text,label\n${rows.join("\n")}\n`);
const recipe = join(home, "recipe.yaml");
writeFileSync(
  recipe,
  `version: 1
name: shared
data: { file: rows.csv, similarity: 1 }
model: { scratch: { vocabulary: 200, width: 32, layers: 1, heads: 2, inner: 64 }, maxLength: 32 }
adapt: { epochs: 4, learningRate: 2e-3, threads: 1 }
evaluate: { resamples: 100 }
`,
);
const at = (name: string) => join(workspace, name);
const go = (name: string, ...more: string[]) => ["run", recipe, "--out", at(name), "--json", ...more];
/** Entries of the store, and what was left of writing some. */
const entries = () => readdirSync(store).filter((name) => /^[0-9a-f]{64}$/.test(name));
const drafts = () => readdirSync(store).filter((name) => name.startsWith("draft"));
/** Keys of shared results by stage, as a run's records name them. */
const keysOf = (name: string) =>
  Object.fromEntries(
    readdirSync(join(at(name), ".stages")).flatMap((file) => {
      const { stage, shared } = JSON.parse(readFileSync(join(at(name), ".stages", file), "utf8"));
      return shared === undefined ? [] : [[stage, shared]];
    }),
  );

test("two processes that run one recipe at once both finish with the same files, and the store has each result once", async () => {
  const both = await Promise.all([built(go("a")), built(go("b"))]);
  expect(both.map(({ code, err }) => [code, err])).toEqual([
    [0, ""],
    [0, ""],
  ]);
  expect(resultsOf(at("a"))).toEqual(resultsOf(at("b")));
  expect(keysOf("a")).toEqual(keysOf("b"));
  expect(entries().sort()).toEqual(Object.values(keysOf("a")).sort());
  expect(drafts()).toEqual([]);
  const { out } = await built(go("c"));
  expect(out.match(/"state":"started"/g)).toHaveLength(1); // the report
});

test("of two, one killed in the middle: the other finishes, nothing half-written is taken, and the killed one goes on to the same files", async () => {
  for (const stage of ["prepare", "adapt", "evaluate"]) {
    rmSync(workspace, { recursive: true, force: true });
    const [killed, other] = await Promise.all([
      built(go("killed"), { onOut: (text, die) => text.includes(`"stage":"${stage}"`) && die() }),
      built(go("other")),
    ]);
    expect([killed.code, other.code, other.err]).toEqual([null, 0, ""]);
    expect((await built(["clean", workspace, "--json"])).code).toBe(0);
    const { code, err } = await built(["resume", at("killed"), "--json"]);
    expect([code, err]).toEqual([0, ""]);
    expect(resultsOf(at("killed"))).toEqual(resultsOf(at("other")));
    expect(entries().sort()).toEqual(Object.values(keysOf("other")).sort());
    expect(drafts()).toEqual([]);
  }
});

test("checkpoints of a killed run outlive concord clean; those of settings that were given up are removed", async () => {
  const kept = () => readdirSync(join(at("a"), ".stages")).filter((name) => /^adapt-[0-9a-f]{16}$/.test(name));
  const long = ["--set", "adapt.epochs=40"];
  const saved = () =>
    kept().flatMap((name) =>
      readdirSync(join(at("a"), ".stages", name)).filter((file) => file.endsWith(".safetensors")),
    );
  const { code } = await built(go("a", ...long), {
    onOut: (text, die) => text.includes('"stage":"adapt"') && saved().length > 0 && die(),
  });
  expect([code, saved().length > 0]).toEqual([null, true]);
  const [checkpoints] = kept();
  const cleaned = JSON.parse((await built(["clean", workspace, "--json"])).out);
  expect(cleaned.checkpoints.filter(({ why }: { why: string }) => why === "superseded")).toEqual([]);
  expect(kept()).toEqual([checkpoints]);
  expect((await built(go("a"))).code).toBe(0); // other settings: four epochs
  expect(kept()).toEqual([checkpoints]);
  const { out } = await built(["clean", workspace, "--json"]);
  expect(JSON.parse(out).checkpoints).toMatchObject([{ run: "a", stage: "adapt", why: "superseded" }]);
  expect([kept(), existsSync(join(at("a"), "model/model.safetensors"))]).toEqual([[], true]);
  expect((await built(["resume", at("a"), "--json"])).out).not.toContain('"started"');
});
