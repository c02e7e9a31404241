// Slow suites: models are trained. npm run slow
import { defineConfig } from "vitest/config";
import base from "../../vitest.config.ts";

export default defineConfig({
  resolve: base.resolve,
  test: {
    pool: "forks",
    include: ["test/slow/*.slow.ts"],
    fileParallelism: false,
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
