import { defineConfig } from "vitest/config";

// Kills and starves the built command line (`npm run build` first): slow, and not a part of `npm test`.
export default defineConfig({
  test: {
    pool: "forks",
    include: ["test/crash/*.e2e.ts"],
    fileParallelism: false,
    testTimeout: 900_000,
    hookTimeout: 300_000,
  },
});
