// The passport at the door: a release is verified before it serves. Anything else serves only where the operator says so.
import { existsSync } from "node:fs";
import { ConcordError, isConcordError } from "../../base/index.ts";
import type { ModelSource } from "./source.ts";
import type { Admitted } from "./verified.ts";

export type { Admitted, DoorFacts } from "./verified.ts";

export interface DoorOptions {
  /** The operator's policy: whose signatures count. Default `policy.yaml` of the working folder, where there is one. */
  readonly policy?: string;
  /** Serves what has no valid passport too. Default false. */
  readonly unsigned?: boolean;
}

const defaultPolicy = "policy.yaml";

/**
 * Lets a model in, or refuses it.
 * @throws as `verifyRelease` for a release that is not as its signers signed it; E_SIGNATURE for what has no passport; E_ARGUMENT where
 * there is no policy. With `unsigned` these are the reason that the server states.
 * @example const { door } = await admit(await readSource("runs/disease/release"), { policy: "policy.yaml" });
 */
export async function admit(source: ModelSource, { policy, unsigned = false }: DoorOptions = {}): Promise<Admitted> {
  try {
    return await verified(source, policy ?? (existsSync(defaultPolicy) ? defaultPolicy : undefined));
  } catch (error) {
    if (!unsigned || !isConcordError(error)) throw error;
    return { door: { state: "unsigned", reason: error.facts.problem } };
  }
}

async function verified({ kind, path }: ModelSource, policy: string | undefined): Promise<Admitted> {
  if (kind !== "release")
    throw new ConcordError("E_SIGNATURE", {
      operation: "serve",
      problem: "the model has no passport",
      expected: "a release folder, as concord release makes it",
      got: kind === "run" ? "a run that was not released" : "a model folder",
      hint: "release it, or serve it without a passport: --unsigned",
      path,
    });
  if (policy === undefined)
    throw new ConcordError("E_ARGUMENT", {
      operation: "serve",
      problem: "no policy says whose signatures count",
      expected: `--policy, or ${defaultPolicy} in this folder`,
      hint: "name your policy: --policy policy.yaml; or serve without checking the passport: --unsigned",
      path: "--policy",
    });
  return await (await import("./verified.ts")).verifiedRelease(path, policy); // loaded only now: it brings all that makes a passport
}
