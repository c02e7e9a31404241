// export: the model as ONNX, under the names that transformers.js expects.
import { dirname } from "node:path";
import { facts, model, onnx } from "../artifacts/index.ts";
import { say } from "../messages/index.ts";
import { loadModel } from "../models/node/index.ts";
import { isApplied } from "../predict/index.ts";
import { decisionsIn } from "./read-decisions.ts";
import { type ExportedFile, saveOnnx } from "./save-onnx.ts";
import { defineStage } from "./stage.ts";

export const exportStage = defineStage({
  name: "export",
  version: 2,
  reads: [model, facts.evaluate],
  makes: [onnx],
  facts: facts.export,
  supports: (recipe) => recipe.export.onnx,
  settings: async (recipe) => ({ export: recipe.export }),
  async work({ read, find, write, language, emit }) {
    const folder = await read(model);
    const { model: loaded, weights } = await loadModel(folder);
    // linear post-processing estimates groups from what the head reads, so the file has to give that too
    const rule = await decisionsIn(folder, loaded.labels?.names ?? []);
    const { temperature } = (await find(facts.evaluate)) ?? {};
    let files: readonly ExportedFile[] = [];
    await write(onnx, async (made) => {
      files = await saveOnnx(dirname(made), loaded, weights, {
        features: rule?.kind === "linear-post",
        // a rule, and a chain of labels, read the model's own logits
        temperature: isApplied(rule) || loaded.chained ? undefined : temperature,
      });
    });
    if (files.length > 1) emit({ kind: "warning", stage: "export", text: say(language, "run.exportLarge") });
    return { bytes: files.reduce((sum, file) => sum + file.bytes, 0) };
  },
});
