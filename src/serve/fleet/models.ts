// The models that a server has, by name and version: which one answers a request, and which are loaded, replaced and unloaded meanwhile. A
// version that is replaced answers until the new one does, and is closed when no request uses it.

import { adaptedServed, adapterIn } from "../model/adapted.ts";
import type { ServedModel } from "../model/served.ts";
import type { ModelSource } from "../model/source.ts";
import { type Holding, holding } from "./holding.ts";
import { checkPaths, type ServedPath } from "./paths.ts";
import {
  type AskedModel,
  checkSettled,
  chosen,
  isSame,
  loadFault,
  mainOf,
  named,
  type Slot,
  stateOf,
  type VersionState,
} from "./slots.ts";

export type { AskedModel, VersionState } from "./slots.ts";

/** What became of a path. */
export interface Loaded {
  readonly name: string;
  readonly path: string;
  readonly outcome: "loaded" | "unchanged" | "removed" | "failed";
  readonly fault?: unknown;
}

export interface Models {
  /** All that are ready, in the order of the configuration. */
  list(): readonly ServedModel[];
  /** All, ready or not. */
  states(): readonly VersionState[];
  /**
   * A model for what is no answer: of several versions that with the largest share.
   * @throws E_ARGUMENT with status 404 for another name or version, and one that is not loaded; 400 where several could be meant
   */
  get(name?: string, version?: string): ServedModel;
  /** Works with the version that a request means; it stays open so long. @throws as {@link get} */
  use<T>(asked: AskedModel, work: (model: ServedModel) => Promise<T>): Promise<T>;
  /** Works with each version that gets copies of a model's requests. @param work never throws */
  useShadows(name: string, work: (shadow: ServedModel) => Promise<void>): void;
  /**
   * Opens all versions of a model anew. What serves goes on serving until the new one answers, and where that fails.
   * @throws as `get` for another name; with status 409 while it is being loaded; 422 with the reason where a version does not open
   */
  load(name: string): Promise<void>;
  /** Stops serving a model: nothing new reaches it, and what it was asked is answered. @throws as `load` */
  unload(name: string): void;
  /** Serves these paths from now on: opens what is new or has changed, closes what is gone. Never throws. */
  configure(paths: readonly ServedPath[]): Promise<Loaded[]>;
  close(): Promise<void>;
}

/** How a path is looked at, and how what was seen there is opened. */
export interface Opener {
  look(path: ServedPath): Promise<ModelSource>;
  open(source: ModelSource, path: ServedPath): Promise<ServedModel>;
}

/**
 * Holds models that are open already.
 * @param served each with the path that it was opened from
 */
export function modelsOf(
  served: readonly { readonly path: ServedPath; readonly model: ServedModel }[],
  opener: Opener,
): Models {
  let slots: readonly Slot[] = served.map(({ path, model }) => ({ path, name: model.source.name, model }));
  const held = holding();
  const list = () => slots.flatMap(({ model }) => (model ? [model] : []));
  return {
    list,
    states: () => slots.map((slot) => stateOf(slot, slots)),
    get: (name, version) => (version === undefined ? mainOf(slots, name) : chosen(slots, { name, version })),
    async use(asked, work) {
      const parts = asked.name === undefined ? undefined : adapterIn(asked.name);
      if (!parts) return await held.hold(chosen(slots, asked), work);
      const [name, adapter] = parts; // no name of a model has a colon
      return await held.hold(chosen(slots, { ...asked, name }), (model) => work(adaptedServed(model, adapter)));
    },
    useShadows(name, work) {
      for (const { name: own, path, model } of slots)
        if (own === name && path.shadow && model) void held.hold(model, work);
    },
    async load(name) {
      const asked = named(slots, name);
      checkSettled(asked);
      const ends = await Promise.allSettled(asked.map((slot) => fill(slot, opener, held)));
      const failed = ends.find((end) => end.status === "rejected");
      if (failed) throw failed.reason;
    },
    unload(name) {
      const asked = named(slots, name);
      checkSettled(asked);
      for (const slot of asked) {
        held.retire(slot.model);
        slot.model = undefined;
        slot.reason = "unloaded";
      }
    },
    async configure(paths) {
      const { next, outcomes } = await configured(slots, paths, opener, held);
      for (const slot of slots.filter((one) => !next.includes(one))) held.retire(slot.model);
      slots = next;
      return outcomes;
    },
    async close() {
      for (const model of list()) held.retire(model);
      await held.settled();
    },
  };
}

/** Opens a slot's path; what it had before is closed then. @throws what opening throws, with status 422 */
async function fill(slot: Slot, { look, open }: Opener, held: Holding, seen?: ModelSource): Promise<void> {
  slot.loading = true;
  try {
    const model = await open(seen ?? (await look(slot.path)), slot.path);
    held.retire(slot.model);
    slot.model = model;
    slot.reason = undefined;
  } catch (error) {
    const fault = loadFault(error, slot.model !== undefined);
    slot.reason = fault.facts.problem;
    throw fault;
  } finally {
    slot.loading = false;
  }
}

/** Slots of another configuration: those of before where they fit, with their models where these have not changed. */
async function configured(before: readonly Slot[], paths: readonly ServedPath[], opener: Opener, held: Holding) {
  const looks = await Promise.allSettled(paths.map(opener.look));
  const seen = looks.flatMap((look, i) => (look.status === "fulfilled" ? [{ ...look.value, from: paths[i]! }] : []));
  const outcomes: Loaded[] = [];
  try {
    checkPaths(seen);
  } catch (fault) {
    for (const { path, name = path } of paths) outcomes.push({ name, path, outcome: "failed", fault });
    return { next: before, outcomes };
  }
  const next: Slot[] = [];
  for (const [i, path] of paths.entries()) {
    const look = looks[i]!;
    const old = before.find((slot) => isSame(slot.path, path) && !next.includes(slot));
    const name = look.status === "fulfilled" ? look.value.name : (old?.name ?? path.name ?? path.path);
    const slot: Slot = old ?? { path, name };
    slot.path = path;
    next.push(slot);
    outcomes.push({ name, path: path.path, ...(await filled(slot, look, opener, held)) });
  }
  for (const { name, path } of before.filter((one) => !next.includes(one)))
    outcomes.push({ name, path: path.path, outcome: "removed" });
  return { next, outcomes };
}

async function filled(
  slot: Slot,
  look: PromiseSettledResult<ModelSource>,
  opener: Opener,
  held: Holding,
): Promise<Pick<Loaded, "outcome" | "fault">> {
  if (look.status === "rejected") {
    slot.reason = loadFault(look.reason, slot.model !== undefined).facts.problem;
    return { outcome: "failed", fault: look.reason };
  }
  if (slot.model?.source.digest === look.value.digest) return { outcome: "unchanged" };
  try {
    await fill(slot, opener, held, look.value);
    return { outcome: "loaded" };
  } catch (fault) {
    return { outcome: "failed", fault };
  }
}
