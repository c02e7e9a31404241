// Compiles src/train/kernels/assembly to WebAssembly and writes it as the base64 module kernels.gen.ts.
// Run: npx tsx tools/build-kernels.ts
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import asc from "assemblyscript/asc";

const folder = fileURLToPath(new URL("../src/train/kernels", import.meta.url));

/** Where the compiled module is committed. */
export const generatedFile = join(folder, "kernels.gen.ts");

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

/** Compiles the kernels. @returns the bytes of the WebAssembly module @throws Error with the compiler's own messages */
export async function compileKernels(): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined;
  const messages: string[] = [];
  const { error } = await asc.main(["index.ts", "--outFile", "kernels.wasm", ...options], {
    readFile: (name) => {
      try {
        return readFileSync(join(folder, "assembly", name), "utf8");
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
export function renderModule(bytes: Uint8Array): string {
  return [
    "// Made by tools/build-kernels.ts from src/train/kernels/assembly; do not edit. A test rebuilds and compares it.",
    `/** The WebAssembly module of the training kernels (${bytes.length} bytes), in base64. */`,
    `export const kernelsBase64 =\n  "${Buffer.from(bytes).toString("base64")}";`,
    "",
  ].join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  writeFileSync(generatedFile, renderModule(await compileKernels()));
