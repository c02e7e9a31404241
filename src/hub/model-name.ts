// How a model of a hub is named: `bert-base-chinese`, `hf:org/name@revision`, or the address of its page. Asks nobody.
import { ConcordError, nearestName } from "../base/index.ts";
import { knownModels } from "./known-models.ts";

/** A model of a hub. */
export interface ModelName {
  /** `org/name`. */
  readonly repository: string;
  /** Branch, tag or commit. */
  readonly revision: string;
  /** The hub's address where the name was an address; else that of the environment is used. */
  readonly endpoint?: string;
}

/**
 * Reads the name of a model.
 * @param text `NAME` of the list, `org/name`, `hf:org/name`, each with `@revision`, or the address of a model's page
 * @param revision in the place of the one in the text. Default that of the text, else `main`
 * @throws E_ARGUMENT for what is no name of a model
 * @example modelName("hf:google/vit-base-patch16-224@main") // { repository: "google/vit-base-patch16-224", revision: "main" }
 */
export function modelName(text: string, revision?: string): ModelName {
  if (/^https?:\/\//i.test(text)) return ofAddress(text, revision);
  const [, name = "", at] = /^(?:hf:)?([^@]*)(?:@(.*))?$/s.exec(text) ?? [];
  const repository = text.startsWith("hf:") || name.includes("/") ? name : ofList(name);
  return { repository: checkedRepository(repository), revision: checkedRevision(revision ?? at ?? "main") };
}

function ofAddress(text: string, revision: string | undefined): ModelName {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const [, repository, at] = /^\/([^/]+\/[^/]+?)(?:\/(?:tree|resolve)\/(.+?))?\/?$/.exec(url?.pathname ?? "") ?? [];
  if (!url || !repository || url.username) throw notAName(text.replace(/\/\/[^/]*@/, "//…@"));
  return {
    repository: checkedRepository(repository),
    revision: checkedRevision(revision ?? (at === undefined ? "main" : decodeURIComponent(at))),
    endpoint: url.origin,
  };
}

function ofList(name: string): string {
  const found = knownModels.find((model) => model.repository.split("/")[1] === name);
  if (found) return found.repository;
  const names = knownModels.map((model) => model.repository.split("/")[1]!);
  const near = nearestName(name, names);
  throw notAName(name, near && `did you mean ${near}?`);
}

/** Both parts as the hub allows them: no path, no dots in a row. */
function checkedRepository(text: string): string {
  const part = "[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?";
  if (new RegExp(`^${part}/${part}$`).test(text) && !/\.\.|--/.test(text)) return text;
  throw notAName(text);
}

function checkedRevision(text: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_./-]{0,199}$/.test(text) && !/\.\.|\/\/|\/$/.test(text)) return text;
  throw new ConcordError("E_ARGUMENT", {
    operation: "models get",
    problem: "not the name of a revision",
    expected: "a branch, a tag or a commit",
    got: text.slice(0, 200),
    path: "--revision",
  });
}

const notAName = (text: string, hint?: string): ConcordError =>
  new ConcordError("E_ARGUMENT", {
    operation: "models get",
    problem: "not the name of a model",
    expected: "a name that concord models list shows, hf:org/name, or the address of a model's page",
    got: text.slice(0, 200),
    hint: hint ?? "concord models list shows models that fit",
  });
