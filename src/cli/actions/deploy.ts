// concord deploy: writes a deployment's folder and lists its files.

import { relative } from "node:path";
import { visible } from "../../base/index.ts";
import { deployTargets } from "../../deployment/index.ts";
import { type DeployOptions, deployRelease } from "../../serve/index.ts";
import { argumentError, type CommandContext, writeResult } from "../context.ts";

export interface DeployCommandOptions extends Omit<DeployOptions, "to" | "language"> {
  readonly to?: string;
}

/** @throws E_ARGUMENT for another target and numbers out of range; as `deployRelease` */
export async function deploy(
  release: string,
  { to: given, ...options }: DeployCommandOptions,
  context: CommandContext,
): Promise<void> {
  const to = deployTargets.find((target) => target === given);
  if (!to)
    throw argumentError("--to", {
      problem: given === undefined ? "say where it is deployed to" : "there is no such target",
      expected: deployTargets.join(", "),
      got: given,
    });
  const whole = (option: string, value: number | undefined, most: number) => {
    if (value !== undefined && !(Number.isInteger(value) && value >= 1 && value <= most))
      throw argumentError(option, {
        problem: "the number is out of range",
        expected: `1 … ${most}`,
        got: String(value),
      });
  };
  whole("--port", options.port, 65_535);
  whole("--replicas", options.replicas, 64);
  whole("--threads", options.threads, 256);
  const result = await deployRelease(release, { ...options, to, language: context.language });
  const shown = relative(process.cwd(), result.folder) || ".";
  writeResult(context, result, () => result.files.map((name) => visible(`${shown}/${name}`)).join("\n"));
}
