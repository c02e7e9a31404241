// concord adapters merge: options read, and what was written said.
import { say } from "../../messages/index.ts";
import { combinations } from "../../nn/index.ts";
import { mergeAdapters } from "../../runs/index.ts";
import { argumentError, type CommandContext, writeResult } from "../context.ts";

interface Options {
  readonly to?: string;
  readonly weight?: readonly string[];
  readonly by?: string;
  readonly density?: number;
  readonly rank?: number;
  readonly seed?: number;
  readonly head?: string;
  readonly as?: string;
}

/** @throws E_ARGUMENT for options that are wrong or missing; as `mergeAdapters` */
export async function mergeCommand(
  base: string,
  adapters: readonly string[],
  { to, weight, by, as, ...options }: Options,
  context: CommandContext,
): Promise<void> {
  if (to === undefined) throw argumentError("--to", { problem: "say where to write", expected: "--to folder" });
  const way = oneOf("--by", by, combinations);
  const form = oneOf("--as", as, ["model", "adapter"]);
  const weights = weight?.map((text) => {
    const number = text.trim() === "" ? Number.NaN : Number(text);
    if (!Number.isFinite(number))
      throw argumentError("--weight", { problem: "it is no number", expected: "a number, such as 0.5", got: text });
    return number;
  });
  const result = await mergeAdapters(base, adapters, { ...options, to, weights, by: way, as: form });
  writeResult(context, result, () => {
    const facts = { folder: to, count: adapters.length };
    if (form === "adapter") return say(context.language, "adapters.joined", facts);
    return say(context.language, result.kept ? "adapters.kept" : "adapters.merged", facts);
  });
}

function oneOf<T extends string>(option: string, given: string | undefined, known: readonly T[]): T | undefined {
  const found = known.find((one) => one === given);
  if (given === undefined || found) return found;
  throw argumentError(option, { problem: "there is no such choice", expected: known.join(", "), got: given });
}
