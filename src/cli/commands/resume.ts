// concord resume: go on with a run that was interrupted.
import { defineCommand } from "../command.ts";
import { chargeKey, chargeLog, noStore, runFolder } from "./texts.ts";

export const resume = defineCommand({
  name: "resume",
  about: { en: "resume an interrupted run", zh: "继续被中断的运行" },
  arguments: { "<run>": runFolder },
  options: {
    "--log <folder>": chargeLog,
    "--key <file>": chargeKey,
    "--no-store": noStore,
  },
  examples: ["concord resume runs/disease", "concord resume runs/disease --no-store"],
  run: async ({ run: folder }, options, context) =>
    (await import("../actions/run.ts")).resume(folder, options, context),
});
