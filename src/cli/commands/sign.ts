// concord sign: add a signature to a run's passport.
import { defineCommand } from "../command.ts";
import { signingKey } from "./texts.ts";

export const sign = defineCommand({
  name: "sign",
  about: { en: "add a signature to a passport", zh: "为模型档案添加签名" },
  arguments: { "<passport>": { en: "passport.json", zh: "passport.json" } },
  options: {
    "--key <file...>": signingKey,
  },
  examples: [
    "concord sign runs/disease/release/passport.json --key keys/clinic.key",
    "concord sign passport.json --key keys/a.key keys/b.key",
  ],
  run: async ({ passport: path }, options, context) =>
    (await import("../actions/release.ts")).sign(path, options, context),
});
