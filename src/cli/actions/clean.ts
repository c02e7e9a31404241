// concord clean: removes shared results that no run of a folder has any more. Run folders hold their own files and lose nothing.
import { resolve } from "node:path";
import { say } from "../../messages/index.ts";
import { collectShared, storeBeside } from "../../store/index.ts";
import { type CommandContext, writeResult } from "../context.ts";
import { bytes } from "../sizes.ts";
import { runsFolder } from "./runs.ts";

/** @throws E_IO when there is no such folder */
export async function clean(
  given: string | undefined,
  { dryRun = false }: { readonly dryRun?: boolean },
  context: CommandContext,
): Promise<void> {
  const folder = await runsFolder(given);
  const found = await collectShared(storeBeside(resolve(folder, "run")), { dryRun });
  writeResult(context, { kind: "clean", folder: resolve(folder), dryRun, ...found }, () =>
    say(context.language, dryRun ? "clean.would" : "clean.freed", { ...found, bytes: bytes(found.bytes) }),
  );
}
