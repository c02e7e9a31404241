// Models that lie in this package: a recipe names them, and nothing is downloaded.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ConcordError } from "../../base/index.ts";
import { packageRoot } from "../../formats/node/index.ts";

/** Names of the models in this package, and their folders in `models/`. */
export const embeddedModels = { "concord/encoder-en": "encoder-en" } as const;
export type EmbeddedModel = keyof typeof embeddedModels;

/** What begins names of embedded models; no folder of a user is meant by them. */
const prefix = "concord/";

/**
 * The folder of an embedded model; undefined for a path. Matrices lie in it in 8 bits, which {@link loadModel} reads.
 * @throws E_ARGUMENT for a name that there is not; E_IO where the package was installed without its models
 * @example const { model, weights } = await loadModel(embeddedFolder("concord/encoder-en")!);
 */
export function embeddedFolder(name: string): string | undefined {
  if (!name.startsWith(prefix)) return undefined;
  const folder = Object.hasOwn(embeddedModels, name) ? embeddedModels[name as EmbeddedModel] : undefined;
  if (folder === undefined)
    throw new ConcordError("E_ARGUMENT", {
      operation: "open model",
      problem: "there is no such model in this package",
      expected: Object.keys(embeddedModels).join(", "),
      got: name,
      path: "model.from",
    });
  const root = packageRoot();
  const at = root && join(root, "models", folder);
  if (at && existsSync(join(at, "config.json"))) return at;
  throw new ConcordError("E_IO", {
    operation: "open model",
    problem: "the model is not where the package should have it",
    got: name,
    hint: "install the package again, or name a model folder",
    path: "model.from",
  });
}
