// Places of the configuration, each with the model that serves there now, and what is refused where there is none. Opens nothing.
import { ConcordError, isConcordError, nearestName } from "../../base/index.ts";
import { refused } from "../http/errors.ts";
import type { ServedModel } from "../model/served.ts";
import type { ServedPath } from "./paths.ts";
import { placeOf, sharesOf, versionAt } from "./shares.ts";

/** One place. */
export interface Slot {
  path: ServedPath;
  readonly name: string;
  model?: ServedModel;
  loading?: boolean;
  /** Why it is not ready, or why the last load failed. */
  reason?: string;
}

/** Which model a request means. */
export interface AskedModel {
  /** Default the only one. */
  readonly name?: string;
  /** Default by the versions' shares. */
  readonly version?: string;
  /** One key is always answered by one version, while shares stay as they are. Default a random one. */
  readonly key?: string;
}

/** A version of a model as it stands. */
export interface VersionState {
  readonly name: string;
  /** Absent before it was loaded for the first time, unless the configuration names it. */
  readonly version?: string;
  readonly state: "READY" | "LOADING" | "UNAVAILABLE";
  readonly reason?: string;
  readonly shadow: boolean;
  /** Share of its model's requests, 0 … 1. */
  readonly share: number;
  readonly model?: ServedModel;
}

/** The same place of the configuration: only its weight may differ. */
export const isSame = (a: ServedPath, b: ServedPath): boolean =>
  a.path === b.path &&
  a.name === b.name &&
  a.version === b.version &&
  Boolean(a.shadow) === Boolean(b.shadow) &&
  JSON.stringify(a.adapters) === JSON.stringify(b.adapters);

const serves = ({ model, path }: Slot): boolean => model !== undefined && !path.shadow;

export function stateOf(slot: Slot, all: readonly Slot[]): VersionState {
  const { name, path, model, loading, reason } = slot;
  const serving = all.filter((one) => one.name === name && serves(one));
  const at = serving.indexOf(slot);
  const version = model?.source.version ?? path.version;
  return {
    name,
    ...(version !== undefined && { version }),
    state: model ? "READY" : loading ? "LOADING" : "UNAVAILABLE",
    ...(reason !== undefined && { reason }),
    shadow: path.shadow ?? false,
    share: at < 0 ? 0 : sharesOf(serving.map((one) => one.path.weight))[at]!,
    ...(model && { model }),
  };
}

/** Slots of a name. @throws E_ARGUMENT with status 404 for another one */
export function named(slots: readonly Slot[], name: string): Slot[] {
  const found = slots.filter((slot) => slot.name === name);
  if (found.length) return found;
  const names = [...new Set(slots.map((slot) => slot.name))];
  const near = nearestName(name, names);
  throw refused(404, {
    operation: "serve",
    problem: "there is no model of this name",
    expected: names.join(", "),
    got: name.slice(0, 80),
    hint: near === undefined ? undefined : `did you mean ${near}?`,
    path: "body.model",
  });
}

/** The model that answers a request. @throws as `Models.get` */
export function chosen(slots: readonly Slot[], { name = onlyName(slots), version, key }: AskedModel): ServedModel {
  const serving = named(slots, name).filter(serves);
  if (!serving.length) throw notLoaded(name);
  if (version !== undefined) return versionOf(serving, version);
  if (serving.length === 1) return serving[0]!.model!;
  const weights = serving.map(({ path }) => path.weight);
  return serving[versionAt(weights, key === undefined ? Math.random() : placeOf(key))]!.model!;
}

/** The model with the largest share. @throws as `Models.get` */
export function mainOf(slots: readonly Slot[], name = onlyName(slots)): ServedModel {
  const states = named(slots, name).map((slot) => stateOf(slot, slots));
  const [best] = states.filter(({ model, shadow }) => model && !shadow).sort((a, b) => b.share - a.share);
  if (best?.model) return best.model;
  throw notLoaded(name);
}

/** @throws E_ARGUMENT where there are several */
function onlyName(slots: readonly Slot[]): string {
  const [only, ...more] = new Set(slots.map(({ name }) => name));
  if (only !== undefined && !more.length) return only;
  throw refused(400, {
    operation: "serve",
    problem: "the request names no model, and several are served",
    expected: [only, ...more].join(", "),
    path: "body.model",
  });
}

function versionOf(serving: readonly Slot[], version: string): ServedModel {
  const found = serving.find(({ model }) => model!.source.version === version)?.model;
  if (found) return found;
  throw refused(404, {
    operation: "serve",
    problem: "the model has no such version",
    expected: serving.map(({ model }) => model!.source.version).join(", "),
    got: version.slice(0, 80),
  });
}

const notLoaded = (name: string) =>
  refused(404, { operation: "serve", problem: "the model is not loaded", got: name, path: "body.model" });

/** @throws E_ARGUMENT with status 409 while one of them is being loaded */
export function checkSettled(slots: readonly Slot[]): void {
  const busy = slots.find(({ loading }) => loading);
  if (busy)
    throw refused(409, {
      operation: "load model",
      problem: "the model is being loaded",
      got: busy.name,
      hint: "try again later",
    });
}

/** Why a model did not open, for whoever asked: with status 422, and whether something still serves. */
export function loadFault(error: unknown, serving: boolean): ConcordError {
  const own = isConcordError(error)
    ? error
    : new ConcordError("E_RUNTIME", { operation: "load model", problem: "the model cannot be opened", cause: error });
  const hint = serving ? "the version before it still serves" : own.facts.hint;
  return new ConcordError(own.code, { ...own.facts, hint, details: { ...own.facts.details, status: 422 } });
}
