import { fineTune, pipeline } from "@concord-ai/concord/node";

/** A table of messages and teams to a calibrated model with a report; then one answer. */
export async function tickets(table: string, out: string, message: string) {
  const { folder, metrics } = await fineTune({
    data: table, // CSV, TSV, JSON lines, Parquet, Excel …
    text: "message",
    label: "team",
    out, // a run folder: report.html, model/, onnx/ for transformers.js
    recipe: { adapt: { epochs: 6 } }, // any key of a recipe
    onEvent: (event) => {
      if (event.kind === "warning") console.warn(event.text);
    },
  });
  const classify = await pipeline("text-classification", folder);
  const [best] = await classify(message); // { label, score }: score is a calibrated probability
  await classify.dispose();
  return { best, macroF1: metrics.macroF1, baselines: metrics.baselines };
}
