// Compiles the `assembly` folder beside each kernels.gen.ts to WebAssembly and writes it as that base64 module.
// Run: npx tsx tools/build-kernels.ts
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import asc from "assemblyscript/asc";

/** The folders that have kernels, from the root. */
export const kernelFolders = ["src/optimizers/kernels", "src/baseline/kernels"] as const;

const pathOf = (folder: string) => fileURLToPath(new URL(`../${folder}`, import.meta.url));

/** Where the compiled module of a folder is committed. */
export const generatedFile = (folder: string) => join(pathOf(folder), "kernels.gen.ts");

const options = [
  "-O3",
  "--noAssert",
  "--converge",
  "--runtime",
  "stub",
  "--importMemory",
  "--enable",
  "simd",
  "--use",
  "abort=",
];

/** Compiles the kernels of a folder. @returns the bytes of the WebAssembly module @throws Error with the compiler's own messages */
export async function compileKernels(folder: string): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined;
  const messages: string[] = [];
  const { error } = await asc.main(["index.ts", "--outFile", "kernels.wasm", ...options], {
    readFile: (name) => {
      try {
        return readFileSync(join(pathOf(folder), "assembly", name), "utf8");
      } catch {
        return null; // asc asks for candidates that need not exist
      }
    },
    writeFile: (_name, contents) => {
      if (typeof contents !== "string") bytes = contents;
    },
    listFiles: () => [],
    stderr: { write: (text) => messages.push(String(text)) },
  });
  if (error || !bytes) throw new Error(`asc failed: ${error?.message}\n${messages.join("")}`);
  return bytes;
}

/** Text of kernels.gen.ts for the given module. */
export function renderModule(folder: string, bytes: Uint8Array): string {
  return [
    `// Made by tools/build-kernels.ts from ${folder}/assembly; do not edit. A test rebuilds and compares it.`,
    `/** The WebAssembly module of ${folder} (${bytes.length} bytes), in base64. */`,
    `export const kernelsBase64 =\n  "${Buffer.from(bytes).toString("base64")}";`,
    "",
  ].join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  for (const folder of kernelFolders)
    writeFileSync(generatedFile(folder), renderModule(folder, await compileKernels(folder)));
