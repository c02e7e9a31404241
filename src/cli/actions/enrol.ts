// concord enrol: a one-time code becomes a certificate of the coordinator's authority, for an identity of concord keys.
import { say } from "../../messages/index.ts";
import { enrolMember } from "../../studies/index.ts";
import { argumentError, type CommandContext, writeResult } from "../context.ts";
import { untilInterrupted } from "../interrupted.ts";

/** @throws E_ARGUMENT without a key; E_SIGNATURE where the code is refused or another coordinator answers */
export async function enrolCommand(
  code: string,
  { key, out = "together" }: { readonly key?: string; readonly out?: string },
  context: CommandContext,
): Promise<void> {
  if (!key) throw argumentError("--key", { problem: "say who enrols", expected: "--key keys/hospital.key", got: key });
  const passphrase = context.env.CONCORD_PASSPHRASE;
  const { name, coordinator } = await untilInterrupted(context, (signal) =>
    enrolMember({ code, keyFile: key, folder: out, passphrase, signal }),
  );
  writeResult(context, { name, coordinator, folder: out }, () =>
    say(context.language, "together.enrolled", { name, coordinator, folder: out }),
  );
}
