// The demo, from nothing to answers: generates messages, runs the recipe, shows the group that is served worse, what pretraining
// brings with 400 labels, predicts, and ends with a signed release. npm run demo [-- FOLDER]
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { fewLabels, fewLabelsText } from "./few-labels.ts";
import { groupTable, readAnswers } from "./gap.ts";
import { writeDiseaseData } from "./generate/write.ts";
import { releaseDemo } from "./release.ts";

const folder = process.argv[2] ?? "runs/disease";
const source = join(resolve(folder), "source");
const start = performance.now();
const seconds = () => `${((performance.now() - start) / 1000).toFixed(0)} s`;

/** Runs the command line as a user would. */
function code(...args: string[]): number {
  const program = join(import.meta.dirname, "../../bundle/cli/main.js");
  const { status, signal } = spawnSync(process.execPath, [program, ...args], { stdio: "inherit" });
  return status ?? (signal === "SIGINT" ? 130 : 1);
}

/** The same, where anything but success ends the demo. */
function concord(...args: string[]): void {
  const status = code(...args);
  if (status !== 0) process.exit(status);
}

const { labelled, unlabelled, planted } = await writeDiseaseData(source, 7);
console.log(
  `${labelled} labelled and ${unlabelled} unlabelled messages, all invented (${source}; ${planted} planted rows listed)`,
);
console.log("\nconcord run examples/disease/recipe.yaml");
const files = [`data.file=${join(source, "messages.csv")}`, `pretrain.file=${join(source, "unlabelled.csv")}`];
concord("run", "examples/disease/recipe.yaml", "--out", folder, ...files.flatMap((file) => ["--set", file]));

console.log(`\nThe islands are 5 % of the training rows, with words of their own and wrong labels among them:\n`);
console.log(groupTable(await readAnswers(folder), "region", "islands"));
console.log(`\n${fewLabelsText(await fewLabels(folder))}`);

console.log("\nconcord predict");
concord(
  "predict",
  folder,
  "--top",
  "2",
  "I've had a burning behind my breastbone after meals for months, and a sour taste at night. No vomiting.",
  "My son has itchy blisters on the body since Monday, others in the class have it too.",
  "孩子从昨天开始发烧39度，嗓子像刀割，扁桃体化脓，没有咳嗽。",
  "最近老是口渴，一晚上起来四五次小便，没减肥却瘦了。",
);
await releaseDemo(folder, code);
console.log(
  `\n${seconds()} in all. Run folder: ${folder}. The answers are a demonstration on invented data, not medical advice.`,
);
