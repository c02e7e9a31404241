// The commands of docs/, run with the packed package in empty folders. Needs `npm run build` and a registry. npm run docs:test
import { defineConfig } from "vitest/config";
import base from "../../vitest.config.ts";

export default defineConfig({
  resolve: base.resolve,
  test: {
    pool: "forks",
    include: ["test/docs/*.e2e.ts"],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
