// concord study: look at a study of several organisations. Its commands, in the order of the help.
import type { CommandGroup } from "../../command.ts";
import { consent } from "./consent.ts";
import { review } from "./review.ts";
import { start } from "./start.ts";
import { withdraw } from "./withdraw.ts";

export const study: CommandGroup = {
  name: "study",
  about: { en: "prepare, review and answer studies of several organisations", zh: "准备、查看和答复多机构联合研究" },
  commands: [review, start, consent, withdraw],
};
