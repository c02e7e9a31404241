import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  // examples import the package by its name; tests run them from sources
  resolve: { alias: [{ find: /^@concord-ai\/concord\/node$/, replacement: source("node.ts") }, { find: /^@concord-ai\/concord$/, replacement: source("index.ts") }] },
  // files share their worker's modules: loading them anew for each file took a quarter of the time
  test: { pool: "forks", maxWorkers: "100%", isolate: false, include: ["src/**/*.test.ts", "test/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 120_000 },
});
