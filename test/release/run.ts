// A finished run of a tiny model and the signers of its release, made once for the tests of a file.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { runRecipe } from "../../src/runs/run.ts";
import { makeKey } from "../../src/store/index.ts";

export const now = new Date("2026-11-25T12:00:00Z");

const words = { flu: ["fever", "shivers", "aching"], cold: ["sneezing", "runny", "sore"] } as const;
const rows = Array.from({ length: 240 }, (_, i) => {
  const label = i % 2 ? "flu" : "cold";
  const own = words[label];
  return `"I have ${own[i % 3]} and ${own[(i >> 1) % 3]} since day ${i * 7919}",${label},${i % 3 ? "north" : "south"}`;
});

export interface ReleaseSetting {
  readonly home: string;
  readonly run: string;
  readonly table: string;
  readonly key: (name: string) => string;
  /** Writes a policy; returns its path. */
  readonly policy: (name: string, gates: string, more?: string) => string;
  readonly remove: () => void;
}

/** Trains for a second, and makes the signers builder, auditor, owner, stranger and late (whose key has expired). */
export async function releaseSetting(more = "", adapt = "", dev = 0.1): Promise<ReleaseSetting> {
  const home = mkdtempSync(join(tmpdir(), "concord-release-"));
  const table = join(home, "messages.csv");
  writeFileSync(table, `text,label,region\n${rows.join("\n")}\n`);
  const recipe = `version: 1
name: tiny
data: { file: messages.csv, attributes: [region], similarity: 1, split: { dev: ${dev}, test: 0.3 } }
model: { scratch: { vocabulary: 120, width: 16, layers: 1, heads: 2, inner: 16 }, maxLength: 16 }
adapt: { epochs: 3, batchSize: 16, learningRate: 1e-2, threads: 1${adapt} }
evaluate: { resamples: 50 }
about: { purpose: "Tests | of <releases>", limits: ["Tiny."], languages: [en], licence: Apache-2.0 }
${more}`;
  const run = join(home, "run");
  await runRecipe(readRecipe(recipe, "recipe.yaml"), { home, folder: run });
  const early = new Date("2026-01-01");
  for (const name of ["builder", "auditor", "owner", "stranger"]) await makeKey({ path: join(home, name), name, now });
  await makeKey({ path: join(home, "late"), name: "late", expires: "2026-06-01", now: early });
  const policy = (name: string, gates: string, extra = "") => {
    const path = join(home, name);
    const signers =
      "{ builder: [builder.pub.json], auditor: [auditor.pub.json, late.pub.json], data-owner: [owner.pub.json] }";
    writeFileSync(path, `version: 1\nsigners: ${signers}\nrequire: [builder]\n${extra}gates: ${gates}\n`);
    return path;
  };
  const remove = () => rmSync(home, { recursive: true, force: true });
  return { home, run, table, key: (name) => join(home, `${name}.key`), policy, remove };
}
