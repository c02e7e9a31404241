// concord keys device: make a signer whose keys are in a device, or a key service.
import { defineCommand } from "../../command.ts";

export const device = defineCommand({
  name: "device",
  about: {
    en: "create a signer whose keys stay in a device (PKCS#11, key service): a command signs",
    zh: "创建密钥留在设备（PKCS#11、密钥服务）中的签署方：由命令签名",
  },
  arguments: {
    "<path>": {
      en: "path of the key files without extension, such as keys/hospital",
      zh: "密钥文件路径，不带扩展名，如 keys/hospital",
    },
  },
  options: {
    "--name <name>": { en: "name of the signer, visible to others", zh: "签署方名称，他人可见" },
    "--expires <date>": { en: "expiry date of the key (default: none)", zh: "密钥的到期日（默认无）" },
    "--public-key <file>": {
      en: "public key for passports and logs: Ed25519, PEM",
      zh: "用于模型档案与日志的公钥：Ed25519，PEM",
    },
    "--key-command <list>": {
      en: 'program and arguments as a JSON list, ["sign","--key","1"]; gets the bytes on standard input, prints the signature in base64',
      zh: '程序与参数的 JSON 列表，["sign","--key","1"]；从标准输入读取字节，以 base64 输出签名',
    },
    "--model-public-key <file>": {
      en: "public key for weights: P-256, PEM",
      zh: "用于权重的公钥：P-256，PEM",
    },
    "--model-command <list>": {
      en: "the same for weights: ECDSA over SHA-256, signature in DER",
      zh: "用于权重的命令：基于 SHA-256 的 ECDSA，签名为 DER",
    },
  },
  examples: [
    'concord keys device keys/hsm --name Hospital --public-key ed25519.pem --key-command ["./sign-ed25519"] --model-public-key p256.pem --model-command ["./sign-p256"]',
  ],
  run: async ({ path }, options, context) => (await import("../../actions/keys.ts")).device(path, options, context),
});
