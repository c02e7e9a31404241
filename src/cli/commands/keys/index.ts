// concord keys: keys of signers, and what a log states of them. Its commands, in the order of the help.
import type { CommandGroup } from "../../command.ts";
import { device } from "./device.ts";
import { make } from "./make.ts";
import { revoke } from "./revoke.ts";
import { rotate } from "./rotate.ts";

export const keys: CommandGroup = {
  name: "keys",
  about: { en: "create, replace and revoke keys for signing", zh: "创建、更换和吊销用于签名的密钥" },
  commands: [make, device, rotate, revoke],
  usual: "make",
};
