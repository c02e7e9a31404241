// export: the model as ONNX, under the names that transformers.js expects.
import { join } from "node:path";
import { say } from "../messages/index.ts";
import { loadModel } from "../models/node/index.ts";
import { decisionsIn } from "./read-decisions.ts";
import { saveOnnx } from "./save-onnx.ts";
import type { Stage } from "./stage.ts";

export const exportStage: Stage = {
  name: "export",
  version: 1,
  after: ["adapt"],
  wanted: (recipe) => recipe.export.onnx,
  inputs: async (recipe) => ({ export: recipe.export }),
  async work({ run, scratch, language, emit }) {
    const { model, weights } = await loadModel(join(run, "model"));
    // linear post-processing estimates groups from what the head reads, so the file has to give that too
    const rule = await decisionsIn(join(run, "model"), model.labels?.names ?? []);
    const files = await saveOnnx(scratch, model, weights, { features: rule?.kind === "linear-post" });
    if (files.length > 1) emit({ kind: "warning", stage: "export", text: say(language, "run.exportLarge") });
    return { outputs: ["onnx"], summary: { bytes: files.reduce((sum, file) => sum + file.bytes, 0) } };
  },
};
