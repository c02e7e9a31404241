// concord policy init: a first policy for a finished run.
import { existsSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import { ConcordError } from "../../base/index.ts";
import { writeFileAtomically } from "../../formats/node/index.ts";
import { say } from "../../messages/index.ts";
import { policyForRun } from "../../release/index.ts";
import { asCalled } from "../as-called.ts";
import { argumentError, type CommandContext, writeResult } from "../context.ts";

export interface PolicyOptions {
  readonly signer?: readonly string[];
  readonly out?: string;
}

/** @throws E_IO where the file exists; E_ARGUMENT for a signer without a role; what reading the run throws */
export async function initPolicy(run: string, options: PolicyOptions, context: CommandContext): Promise<void> {
  const out = resolve(options.out ?? "policy.yaml");
  if (existsSync(out))
    throw new ConcordError("E_IO", {
      operation: "write policy",
      problem: "the file exists",
      hint: "name another file with --out",
      path: out,
    });
  const signers = signersBy(options.signer ?? ["builder=keys/builder.pub.json"], dirname(out));
  const { text, gates } = await policyForRun(run, signers, context.language);
  await writeFileAtomically(out, [new TextEncoder().encode(text)]);
  writeResult(context, { path: out, gates, signers }, () =>
    asCalled(
      [
        say(context.language, "policy.made", { path: out, gates }),
        ...(options.signer ? [] : [say(context.language, "policy.signers")]),
        say(context.language, "policy.next", { run, policy: options.out ?? "policy.yaml" }),
      ].join("\n"),
      context.env,
    ),
  );
}

/** Public files by role, from the folder of the policy. */
function signersBy(given: readonly string[], folder: string): Record<string, string[]> {
  const signers: Record<string, string[]> = {};
  for (const one of given) {
    const [, role, file] = /^([a-z][a-z-]*)=(.+)$/.exec(one) ?? [];
    if (role === undefined || file === undefined)
      throw argumentError("--signer", {
        problem: "no role and file",
        expected: "role=file, such as builder=keys/ministry.pub.json",
        got: one,
      });
    const path = isAbsolute(file) ? file : relative(folder, resolve(file));
    signers[role] = [...(signers[role] ?? []), path.replaceAll("\\", "/")];
  }
  return signers;
}
