// llama.cpp as a peer of writing: node-llama-cpp's prebuilt binaries on a GGUF file in Q8_0 of the same weights. CONCORD_PEER_LLAMA names a folder in
// which `npm i --ignore-scripts node-llama-cpp` was run, and the bench's Python has gguf and safetensors (pip).

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { peer } from "./peers.ts";

interface Sequence {
  clearHistory(): Promise<void>;
  controlledEvaluate(tokens: readonly (number | readonly [number, object])[]): Promise<unknown>;
}
interface Llama {
  loadModel(options: object): Promise<{
    createContext(options: object): Promise<{ getSequence(): Sequence; dispose(): Promise<void> }>;
  }>;
}

/** Where the peer is, or undefined. */
export const llamaFolder = (): string | undefined => {
  const folder = process.env.CONCORD_PEER_LLAMA;
  return folder && existsSync(join(folder, "node_modules/node-llama-cpp")) ? folder : undefined;
};

/** Milliseconds a token, greedy as transformers.js, after the prompt. @param folder with config.json and model.safetensors */
export async function llamaCpp(
  from: string,
  folder: string,
  {
    threads,
    prompt,
    written,
  }: { readonly threads: number; readonly prompt: readonly number[]; readonly written: readonly number[] },
) {
  const file = join(folder, "model.gguf");
  const made = spawnSync(peer.python!, [resolve("bench/write-gguf.py"), folder, file], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(`write-gguf.py: ${made.stderr}`);
  const place = createRequire(join(resolve(from), "package.json")).resolve("node-llama-cpp");
  const { getLlama } = (await import(pathToFileURL(place).href)) as { getLlama(options: object): Promise<Llama> };
  const llama = await getLlama({ gpu: false, build: "never", maxThreads: threads, logLevel: "error" });
  const context = await (await llama.loadModel({ modelPath: file })).createContext({ contextSize: 256, threads });
  const sequence = context.getSequence();
  return {
    async ask() {
      await sequence.clearHistory();
      await sequence.controlledEvaluate(prompt);
      const start = performance.now();
      for (const token of written) await sequence.controlledEvaluate([[token, { generateNext: { token: true } }]]);
      return (performance.now() - start) / written.length;
    },
    close: () => void context.dispose(),
  };
}
