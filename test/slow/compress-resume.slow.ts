// Training within a step of compression: interrupted, it goes on from its checkpoint and ends with the same bits as a run that was not.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readRecipe } from "../../src/recipe/index.ts";
import { compressRun, runRecipe } from "../../src/runs/index.ts";
import { symptomRows } from "../compress/symptom-rows.ts";
import { faultLater } from "../fault.ts";

const home = mkdtempSync(join(tmpdir(), "concord-compress-resume-"));
const run = join(home, "run");
afterAll(() => rmSync(home, { recursive: true, force: true }));

beforeAll(async () => {
  writeFileSync(join(home, "rows.csv"), symptomRows());
  const recipe = `
version: 1
name: symptoms
data: { file: rows.csv, label: disease, split: { dev: 0.2, test: 0.3 } }
model: { scratch: { vocabulary: 300, width: 32, layers: 2, heads: 4, inner: 64 }, maxLength: 24 }
adapt: { epochs: 2, batchSize: 16, learningRate: 3e-3, threads: 1 }
evaluate: { resamples: 20 }
export: { onnx: false }
`;
  await runRecipe(readRecipe(recipe, "recipe.yaml", []), { home, folder: run });
}, 120_000);

const training = { epochs: 3, learningRate: 3e-3 };
test.each<[string, object, string]>([
  ["movement pruning", { prune: { method: "movement", heads: 0.5, width: 0.5, training } }, "model.safetensors"],
  ["recovery", { prune: { width: 0.5, recovery: training } }, "model.safetensors"],
  ["training for int8", { quantise: { to: "int8", training } }, "onnx/model_quantized.onnx"],
])(
  "%s",
  async (name, step, file) => {
    const settings = { steps: [step], explained: 0, resamples: 20 };
    const [whole, cut] = ["whole", "cut"].map((kind) => join(home, `${name} ${kind}`)) as [string, string];
    for (const copy of [whole, cut]) cpSync(run, copy, { recursive: true });
    const wanted = await compressRun(whole, { settings });
    const stop = new AbortController();
    const interrupted = compressRun(cut, {
      settings,
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === "progress" && event.total === 21 && event.done >= 10) stop.abort();
      },
    });
    await faultLater("E_INTERRUPTED", () => interrupted);
    let first = 0;
    const again = await compressRun(cut, {
      settings,
      onEvent: (event) => {
        if (event.kind === "progress" && event.total === 21 && first === 0) first = event.done;
      },
    });
    expect(first).toBeGreaterThan(10); // it did not start anew
    const [a, b] = [wanted, again].map(({ folder }) => readFileSync(join(folder, file)));
    expect(a!.equals(b!)).toBe(true);
  },
  120_000,
);
