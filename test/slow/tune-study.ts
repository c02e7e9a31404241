// A small study for slow suites: a table of two classes and a recipe whose learning rate matters.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { random } from "../../src/base/index.ts";

const words = { flu: ["fever", "shivers", "aching limbs"], cold: ["runny nose", "sneezing", "sore throat"] };

/** Writes messages.csv and recipe.yaml into a folder. @param search lines of the recipe's search besides its space */
export function writeStudy(home: string, search: readonly string[] = [], adapt = "epochs: 3"): string {
  const rng = random(4);
  const pick = (list: readonly string[]): string => list[rng.int(list.length)]!;
  const lines = Array.from({ length: 240 }, (_, i) => {
    const label = i % 2 ? "flu" : "cold";
    return `"I have ${pick(words[label])} ${i}",${label},${i % 3 ? "f" : "m"}`;
  });
  writeFileSync(join(home, "messages.csv"), `text,disease,sex\n${lines.join("\n")}\n`);
  const path = join(home, "recipe.yaml");
  writeFileSync(
    path,
    `version: 1
name: symptoms
data: { file: messages.csv, label: disease, attributes: [sex], split: { dev: 0.2, test: 0.3 } }
model: { scratch: { vocabulary: 300, width: 32, layers: 1, heads: 2, inner: 64 }, maxLength: 32 }
adapt: { ${adapt}, batchSize: 16, threads: 1 }
evaluate: { resamples: 50 }
search:
  startup: 3
${search.map((line) => `  ${line}\n`).join("")}  space:
    adapt.learningRate: { log: [1e-5, 1e-1] }
    adapt.method: { choice: [full, lora] }
    adapt.rank: { logInteger: [1, 16], when: { adapt.method: lora } }
`,
  );
  return path;
}

/** Numbers of the trials that a study tells of as finished, in its output of `--json`. */
export const finishedIn = (output: string): number[] =>
  output.split("\n").flatMap((line) => {
    if (!line.startsWith('{"kind":"trial"')) return [];
    try {
      const { number, state } = JSON.parse(line) as { number: number; state: string };
      return state === "finished" ? [number] : [];
    } catch {
      return []; // cut by a kill
    }
  });
