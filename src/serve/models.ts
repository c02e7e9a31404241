// The models that a server has, by name. Which one answers a request is decided here.
import { ConcordError, nearestName } from "../base/index.ts";
import { refused } from "./http/errors.ts";
import type { ServedModel } from "./model/served.ts";

/** Models by their names. */
export interface Models {
  /** In the order in which they were given. */
  list(): readonly ServedModel[];
  /**
   * @param name default the only one
   * @param version default the one that serves
   * @throws E_ARGUMENT with status 404 for another name or version; 400 where several could be meant
   */
  get(name?: string, version?: string): ServedModel;
  close(): Promise<void>;
}

/** @throws E_ARGUMENT for two models of one name */
export function modelsOf(served: readonly ServedModel[]): Models {
  const byName = new Map(served.map((model) => [model.source.name, model]));
  return {
    list: () => [...byName.values()],
    get(name, version) {
      if (name !== undefined) {
        const found = byName.get(name);
        if (found && version !== undefined && found.source.version !== version)
          throw refused(404, {
            operation: "serve",
            problem: "the model has no such version",
            expected: found.source.version,
            got: version,
          });
        if (found) return found;
        const near = nearestName(name, byName.keys());
        throw refused(404, {
          operation: "serve",
          problem: "there is no model of this name",
          expected: [...byName.keys()].join(", "),
          got: name.slice(0, 80),
          hint: near === undefined ? undefined : `did you mean ${near}?`,
          path: "body.model",
        });
      }
      const [only, ...more] = byName.values();
      if (only && !more.length) return only;
      throw refused(400, {
        operation: "serve",
        problem: "the request names no model, and several are served",
        expected: [...byName.keys()].join(", "),
        path: "body.model",
      });
    },
    close: async () => void (await Promise.all([...byName.values()].map((model) => model.close()))),
  };
}

/** @throws E_ARGUMENT for two sources of one name */
export function checkNames(names: readonly { readonly name: string; readonly path: string }[]): void {
  const seen = new Map<string, string>();
  for (const { name, path } of names) {
    const before = seen.get(name);
    if (before !== undefined)
      throw new ConcordError("E_ARGUMENT", {
        operation: "serve",
        problem: "two models have one name",
        expected: "a name for each model",
        got: [before, path].join(", "),
        hint: `name one of them: concord serve NAME=${path}`,
      });
    seen.set(name, path);
  }
}
