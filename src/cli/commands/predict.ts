// concord predict: labels with calibrated probabilities for texts from the arguments or from standard input.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ConcordError } from "../../base/index.ts";
import { openTokenizer } from "../../data/node/index.ts";
import { loadModel } from "../../models/node/index.ts";
import { softmax, type TextPredictor, textPredictor } from "../../predict/index.ts";
import { cpuRuntime } from "../../runtime/node/ort.ts";
import type { CommonOptions } from "../options.ts";

export interface PredictCommandOptions {
  readonly abstain?: number;
  readonly top: number;
}

const atOnce = 256; // lines of standard input answered together

export async function predict(
  folder: string,
  texts: readonly string[],
  options: PredictCommandOptions,
  { json }: CommonOptions,
): Promise<void> {
  checkOptions(options);
  const isRun = existsSync(join(folder, "model", "config.json"));
  const modelFolder = isRun ? join(folder, "model") : folder;
  const { model, weights } = await loadModel(modelFolder);
  const temperature = isRun ? await temperatureOf(folder) : 1;
  const predictor = await textPredictor(model, weights, await openTokenizer(modelFolder), cpuRuntime);
  try {
    if (texts.length) return await answer(predictor, texts, temperature, options, json);
    let lines: string[] = [];
    for await (const line of createInterface({ input: process.stdin })) {
      lines.push(line);
      if (lines.length < atOnce) continue;
      await answer(predictor, lines, temperature, options, json);
      lines = [];
    }
    if (lines.length) await answer(predictor, lines, temperature, options, json);
  } finally {
    await predictor.dispose();
  }
}

function checkOptions({ abstain, top }: PredictCommandOptions): void {
  if (abstain !== undefined && !(abstain >= 0 && abstain <= 1))
    throw new ConcordError("E_ARGUMENT", {
      operation: "predict",
      problem: "--abstain is no probability",
      expected: "0 … 1",
      got: String(abstain),
    });
  if (!(Number.isInteger(top) && top > 0))
    throw new ConcordError("E_ARGUMENT", {
      operation: "predict",
      problem: "--top is no count",
      expected: "1, 2, …",
      got: String(top),
    });
}

/** The temperature that evaluation fitted; 1 for a run that has none. */
async function temperatureOf(run: string): Promise<number> {
  const path = join(run, "metrics.json");
  if (!existsSync(path)) return 1;
  const { temperature = 1 } = JSON.parse(await readFile(path, "utf8")) as { temperature?: number };
  return temperature;
}

async function answer(
  predictor: TextPredictor,
  texts: readonly string[],
  temperature: number,
  { abstain = 0, top }: PredictCommandOptions,
  json: boolean,
): Promise<void> {
  const { task, labels } = predictor.model;
  const names = labels?.names ?? [];
  for (const [i, logits] of (await predictor.logits(texts)).entries()) {
    if (task === "regression") {
      process.stdout.write(
        json ? `${JSON.stringify({ text: texts[i], value: logits[0] })}\n` : `${logits[0]}\t${texts[i]}\n`,
      );
      continue;
    }
    const probabilities =
      task === "multi-label" ? Array.from(logits, (x) => 1 / (1 + Math.exp(-x))) : softmax(logits, temperature);
    const ranked = probabilities
      .map((probability, k) => ({ label: names[k]!, probability }))
      .sort((a, b) => b.probability - a.probability);
    const shown = ranked.slice(0, top);
    const label = ranked[0]!.probability < abstain ? null : ranked[0]!.label;
    process.stdout.write(
      json
        ? `${JSON.stringify({ text: texts[i], label, labels: shown })}\n`
        : `${label === null ? "(abstains)" : shown.map((s) => `${s.label} ${s.probability.toFixed(3)}`).join("  ")}\t${texts[i]}\n`,
    );
  }
}
