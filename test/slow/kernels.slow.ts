// The committed WebAssembly is what its AssemblyScript sources give.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compileKernels, generatedFile, kernelFolders, renderModule } from "../../tools/build-kernels.ts";

test("building the AssemblyScript sources gives the committed bytes", async () => {
  for (const folder of kernelFolders)
    expect(renderModule(folder, await compileKernels(folder))).toBe(readFileSync(generatedFile(folder), "utf8"));
});
