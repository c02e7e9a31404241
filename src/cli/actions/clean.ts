// concord clean: removes shared results that no run of a folder has any more, and checkpoints that no run goes on from. Finished results stay.

import { resolve } from "node:path";
import { visible } from "../../base/index.ts";
import { say } from "../../messages/index.ts";
import { cleanCheckpoints } from "../../runs/index.ts";
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
  const checkpoints = await cleanCheckpoints(folder, { dryRun });
  const { language } = context;
  writeResult(context, { kind: "clean", folder: resolve(folder), dryRun, ...found, checkpoints }, () =>
    [
      say(language, dryRun ? "clean.would" : "clean.freed", { ...found, bytes: bytes(found.bytes) }),
      ...checkpoints.map((one) =>
        say(language, dryRun ? "clean.wouldCheckpoints" : "clean.checkpoints", {
          ...one,
          bytes: bytes(one.bytes),
          why: say(language, `clean.why.${one.why}`),
        }),
      ),
    ]
      .map(visible)
      .join("\n"),
  );
}
