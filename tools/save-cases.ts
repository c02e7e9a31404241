// Saves the cases of test/models/saved.ts into a folder, for tools/transformers-logits.py: npx tsx tools/save-cases.ts FOLDER
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { saveModel } from "../src/models/node/index.ts";
import { savedCases, savedIds } from "../test/models/saved.ts";

const folder = process.argv[2]!;
const cases = savedCases();
for (const { name, model, weights } of cases) await saveModel(join(folder, name), model, weights);
const described = cases.map(({ name, model }) => ({ name, architecture: model.architecture, task: model.task }));
writeFileSync(join(folder, "cases.json"), JSON.stringify({ cases: described, ids: savedIds }));
