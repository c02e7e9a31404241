// Three sites learn one model in one process, and what that is compared with: npm run together [-- FOLDER [SEED]]
import { type Arm, compareArms } from "./compare.ts";

const [folder = "runs/together", seed = "7"] = process.argv.slice(2);
const recipe = "examples/together/recipe.yaml";
const found = await compareArms(folder, Number(seed), { recipe, say: (line) => console.log(line) });
const shown = (name: string, { macroF1, low, high }: Arm) =>
  console.log(`${name.padEnd(20)} macro-F1 ${macroF1.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`);
for (const [name, arm] of Object.entries(found.alone)) shown(`${name} alone`, arm);
shown("together", found.federated);
shown("pooled (demo only)", found.pooled);
console.log(`${(100 * found.way).toFixed(0)} % of the way from alone to pooled; ${found.seconds.toFixed(0)} s`);
