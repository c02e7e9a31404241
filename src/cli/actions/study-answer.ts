// concord study consent, concord study withdraw: what the owner of rows says; a participant that runs, or is started later, acts on it.
import { say } from "../../messages/index.ts";
import { writeAnswer } from "../../studies/index.ts";
import { argumentError, type CommandContext, writeResult } from "../context.ts";

export async function consent(
  folder: string,
  digest: string,
  { siteValues = false }: { readonly siteValues?: boolean },
  context: CommandContext,
): Promise<void> {
  if (!/^[0-9a-f]{64}$/.test(digest))
    throw argumentError("digest", { problem: "not a digest", expected: "64 hexadecimal digits", got: digest });
  await writeAnswer(folder, "consent", { digest, siteValues });
  writeResult(context, { digest, siteValues }, () => say(context.language, "together.agreed", { digest }));
}

export async function withdraw(folder: string, reason: string, context: CommandContext): Promise<void> {
  if (!reason.trim() || reason.length > 500)
    throw argumentError("reason", {
      problem: "not a reason",
      expected: "1 to 500 characters",
      got: reason.slice(0, 60),
    });
  await writeAnswer(folder, "withdraw", { reason });
  writeResult(context, { reason }, () => say(context.language, "together.withdrawing", { reason }));
}
