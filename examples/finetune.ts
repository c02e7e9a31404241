import {
  classificationReport,
  loadModel,
  openTokenizer,
  renderReport,
  saveModel,
  train,
} from "@concord-ai/concord/node";

/** Fine-tunes the model in `folder` on labelled texts and gives the report of the held-out part. */
export async function finetune(folder: string, rows: { text: string; label: string }[], out: string): Promise<string> {
  const labels = [...new Set(rows.map((row) => row.label))].sort();
  const { model, weights } = await loadModel(folder, { head: { task: "single-label", labels } });
  const tokenizer = await openTokenizer(`${folder}/tokenizer.json`);
  const ids = await tokenizer.encodeIds(
    rows.map((row) => row.text),
    { maxLength: 128 },
  );
  const examples = rows.map((row, i) => ({ ids: ids[i]!, label: labels.indexOf(row.label) }));
  const held = Math.ceil(examples.length / 5);
  let guesses: string[] = [];
  const result = await train(
    {
      config: model.config,
      weights,
      examples: examples.slice(held),
      dev: examples.slice(0, held),
      options: { epochs: 5, batchSize: 16, learningRate: 2e-5 },
    },
    {
      folder: `${out}/checkpoints`,
      onEvent: (e) => {
        if (e.kind === "epoch") guesses = e.devLogits!.map(({ data }) => labels[data.indexOf(Math.max(...data))]!);
      },
    },
  );
  if (result.finished)
    await saveModel(`${out}/model`, model, result.weights, { "tokenizer.json": JSON.stringify(tokenizer.source) });
  return renderReport(
    classificationReport(
      rows.slice(0, held).map((row) => row.label),
      guesses,
    ),
  );
}
