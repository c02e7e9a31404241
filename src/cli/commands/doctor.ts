// concord doctor: check this machine: versions, runtimes, memory, disk.
import { defineCommand } from "../command.ts";

export const doctor = defineCommand({
  name: "doctor",
  about: { en: "check this machine: versions, runtimes, memory, disk", zh: "检查本机：版本、运行库、内存、磁盘" },
  examples: ["concord doctor", "concord doctor --json"],
  run: async (_, _options, context) => (await import("../actions/doctor.ts")).doctor(context),
});
