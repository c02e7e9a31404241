// What the configuration says of each model: its folder, and how it takes part in the traffic.
import { ConcordError } from "../../base/index.ts";
import { checkWeights } from "./shares.ts";

/** A model to serve. */
export interface ServedPath {
  /** Run, release or model folder. */
  readonly path: string;
  /** Default the folder's own name. Several versions of a model have one name. */
  readonly name?: string;
  /** Name of the version. Default 12 hex digits of a digest over its files. */
  readonly version?: string;
  /** Percent of the model's requests that this version answers. Default what the others leave. */
  readonly weight?: number;
  /** Gets copies of the model's requests; its answers are compared with those that were sent, and never sent. Default false. */
  readonly shadow?: boolean;
  /** Adapters of this base: folders or runs by name. A request asks for `<model>:<adapter>`. Default none. */
  readonly adapters?: Readonly<Record<string, string>>;
}

/**
 * Checks that the models of a configuration can be told apart.
 * @param models each with the name and version that it will have
 * @throws E_ARGUMENT for two models of one name which no weight, version or shadow makes versions of one model, or of one version; for weights
 * that do not fit together; for a model that has only shadows
 */
export function checkPaths(
  models: readonly { readonly name: string; readonly version: string; readonly from: ServedPath }[],
): void {
  const fault = (problem: string, expected: string, all: typeof models) =>
    new ConcordError("E_ARGUMENT", {
      operation: "serve",
      problem,
      expected,
      got: all.map(({ from }) => from.path).join(", "),
      hint: `name one of them: concord serve NAME=${all.at(-1)!.from.path}`,
    });
  for (const name of new Set(models.map((one) => one.name))) {
    const all = models.filter((one) => one.name === name);
    const plain = all.filter(({ from }) => from.version === undefined && from.weight === undefined && !from.shadow);
    if (plain.length > 1) throw fault("two models have one name", "a name for each model", plain);
    if (new Set(all.map(({ version }) => version)).size < all.length)
      throw fault("two versions of a model have one name", "a version for each", all);
    const serving = all.filter(({ from }) => !from.shadow);
    if (!serving.length) throw fault("the model has only shadows", "a version that serves beside them", all);
    checkWeights(
      name,
      serving.map(({ from }) => from.weight),
    );
  }
}
