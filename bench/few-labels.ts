// Records what pretraining brings with 400 labels, on a finished run of the demo.
// npm run demo && node dist/bench/few-labels.js [RUN]
import { writeFileSync } from "node:fs";
import { fewLabels, fewLabelsText } from "../examples/disease/few-labels.ts";
import { machine } from "./peers.ts";

const result = await fewLabels(process.argv[2] ?? "runs/disease");
console.log(fewLabelsText(result));
const content = {
  measured: new Date().toISOString().slice(0, 10),
  command: "node dist/bench/few-labels.js",
  machine: machine(),
  result,
};
writeFileSync("bench/results/few-labels.json", `${JSON.stringify(content, null, 2)}\n`);
