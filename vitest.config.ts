import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  // examples import the package by its name; tests run them from sources
  resolve: { alias: [{ find: /^@concord-ai\/concord\/node$/, replacement: source("node.ts") }, { find: /^@concord-ai\/concord$/, replacement: source("index.ts") }] },
  test: {
    pool: "forks",
    // files wait for threads, processes and the disk for a fifth of their time
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    // files share their worker's modules: loading them anew for each file took a quarter of the time
    isolate: false,
    // room for young objects: graphs and arrays that a test makes are gone before they would be copied
    execArgv: ["--max-semi-space-size=64"],
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
