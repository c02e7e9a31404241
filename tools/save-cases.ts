// Saves the cases of test/models/saved.ts into a folder, for tools/transformers-logits.py: npx tsx tools/save-cases.ts FOLDER
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { saveModel } from "../src/models/node/index.ts";
import {
  gradientCases,
  savedCases,
  savedFiles,
  savedIds,
  savedPixels,
  savedTexts,
  savedTokenizer,
} from "../test/models/saved.ts";

const folder = process.argv[2]!;
const cases = savedCases();
const tokenizer = await savedTokenizer();
for (const { name, model, weights } of cases)
  await saveModel(join(folder, name), model, weights, savedFiles(model, tokenizer));
const described = cases.map(({ name, model: { architecture, task, image } }) => ({
  name,
  architecture,
  task,
  gradients: gradientCases.includes(name),
  pixels: image && {
    shape: [2, image.channels, image.side, image.side],
    data: [...savedPixels(image.channels, image.side)],
  },
}));
writeFileSync(join(folder, "cases.json"), JSON.stringify({ cases: described, ids: savedIds, texts: savedTexts }));
