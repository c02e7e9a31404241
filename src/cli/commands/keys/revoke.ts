// concord keys revoke: state in the log that a key counts no longer.
import { defineCommand } from "../../command.ts";
import { logFolder, policyFile } from "../texts.ts";

export const revoke = defineCommand({
  name: "revoke",
  about: { en: "state in the log that a key no longer counts", zh: "在日志中声明密钥不再有效" },
  options: {
    "--key <file>": {
      en: "private key that signs: the revoked key, or a key of a role under revoke in the policy",
      zh: "用于签名的私钥：被吊销的密钥，或策略 revoke 中所列角色的密钥",
    },
    "--signer <file>": {
      en: "public file of the signer whose key is revoked (default: the key that signs)",
      zh: "被吊销密钥的签署方公开文件（默认为签名的密钥）",
    },
    "--from <time>": {
      en: "when the key may have come into other hands (default: it has not)",
      zh: "密钥可能落入他人之手的时间（默认没有）",
    },
    "--reason <text>": { en: "reason (signed and logged)", zh: "理由（将被签名并记入日志）" },
    "--log <folder>": logFolder,
    "--policy <file>": policyFile,
  },
  examples: [
    'concord keys revoke --key keys/clinic.key --log releases --policy policy.yaml --reason "no longer used"',
    'concord keys revoke --key keys/archive.key --signer keys/clinic.pub.json --from 2026-11-30 --log releases --policy policy.yaml --reason "laptop stolen"',
  ],
  run: async (_, options, context) => (await import("../../actions/keys.ts")).revoke(options, context),
});
