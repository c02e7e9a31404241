// export: the model as ONNX, under the names that transformers.js expects.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "../../formats/node/index.ts";
import { loadModel } from "../../models/node/index.ts";
import { exportOnnx } from "../../predict/index.ts";
import { decisionsIn } from "../read-decisions.ts";
import type { Stage } from "../stage.ts";

export const exportStage: Stage = {
  name: "export",
  version: 1,
  after: ["adapt"],
  wanted: (recipe) => recipe.export.onnx,
  inputs: async (recipe) => ({ export: recipe.export }),
  async work({ run, scratch }) {
    const { model, weights } = await loadModel(join(run, "model"));
    // linear post-processing estimates groups from what the head reads, so the file has to give that too
    const rule = await decisionsIn(join(run, "model"), model.labels?.names ?? []);
    const bytes = exportOnnx(model, weights, "float32", { features: rule?.kind === "linear-post" });
    await mkdir(join(scratch, "onnx"));
    await writeFileAtomically(join(scratch, "onnx", "model.onnx"), [bytes]);
    return { outputs: ["onnx"], summary: { bytes: bytes.length } };
  },
};
