// A command as somebody would add one: digests of files, as sha256sum prints them. What the guards add to a copy.
import { defineCommand } from "../../src/cli/command.ts";
import { writeResult } from "../../src/cli/context.ts";

export const digest = defineCommand({
  name: "digest",
  about: { en: "print the SHA-256 of files", zh: "输出文件的 SHA-256" },
  arguments: { "<file...>": { en: "files", zh: "文件" } },
  options: { "--short": { en: "the first 12 digits only", zh: "只输出前 12 位" } },
  examples: ["concord digest recipe.yaml"],
  async run({ file: paths }, { short = false }, context) {
    const { fileDigest } = await import("../../src/formats/node/index.ts");
    for (const path of paths) {
      const whole = await fileDigest(path);
      const sha256 = short ? whole.slice(0, 12) : whole;
      writeResult(context, { kind: "digest", path, sha256 }, () => `${sha256}  ${path}`);
    }
  },
});
