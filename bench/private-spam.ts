// LoRA on MiniLM over real mails, with and without a budget of ε = 8 at δ = 1e-5: accuracies on the same held-out mails.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readMails } from "../examples/spam/mail.ts";
import { readRecipe } from "../src/recipe/read-recipe.ts";
import { runRecipe } from "../src/runs/run.ts";
import { peer } from "./peers.ts";

/** Every mail by default; CONCORD_BENCH_MAILS takes fewer. */
const most = Number(process.env.CONCORD_BENCH_MAILS ?? Number.POSITIVE_INFINITY);

const settings = {
  plain: "epochs: 2, batchSize: 16, learningRate: 1e-3",
  secret:
    "rank: 1, epochs: 12, batchSize: 1024, learningRate: 1e-2, weightDecay: 0, privacy: { epsilon: 8, delta: 1e-5, microBatch: 64 }",
} as const;

/** Accuracy of both runs, the ε that was spent, and the number of mails. */
export async function spamAccuracies(): Promise<{ plain: number; secret: number; epsilon: number; mails: number }> {
  const home = mkdtempSync(join(tmpdir(), "concord-spam-"));
  try {
    const mails = readMails().slice(0, most);
    writeFileSync(
      join(home, "mails.jsonl"),
      mails.map(({ text, label }) => JSON.stringify({ text, label })).join("\n"),
    );
    const run = async (name: keyof typeof settings) => {
      const folder = join(home, name);
      const recipe = `version: 1
name: mails
data: { file: mails.jsonl, longestText: 2000000 }
model: { from: ${JSON.stringify(peer.inputs[peer.inputs.indexOf("--model") + 1])}, maxLength: 64, pooling: mean }
adapt: { method: lora, ${settings[name]} }
export: { onnx: false }`;
      await runRecipe(readRecipe(recipe, "recipe.yaml"), { home, folder });
      const { accuracy } = JSON.parse(readFileSync(join(folder, "metrics.json"), "utf8"));
      return { accuracy: accuracy.value as number, folder };
    };
    const [plain, secret] = [await run("plain"), await run("secret")];
    const { epsilon } = JSON.parse(readFileSync(join(secret.folder, "privacy.json"), "utf8"));
    return { plain: plain.accuracy, secret: secret.accuracy, epsilon, mails: mails.length };
  } finally {
    rmSync(home, { recursive: true });
  }
}
