// Vitest as Stryker runs it: files of their own modules, so that a mutant of one run is not there in the next.
import { defineConfig } from "vitest/config";
import base from "../../vitest.config.ts";

export default defineConfig({
  resolve: base.resolve,
  test: { include: base.test?.include ?? [], testTimeout: 60_000 },
});
