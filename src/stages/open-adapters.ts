// Adapters of one base, opened from their folders so that they share its weights: one compiled model, of which a few weights are fed.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { adapter as adapterArtifact, isRunFolder } from "../artifacts/index.ts";
import { ConcordError, type HostArray } from "../base/index.ts";
import { modelFiles } from "../formats/index.ts";
import { adapterSet, type Model, type SetMember } from "../models/index.ts";
import { loadAdapter } from "../models/node/index.ts";
import { decisionsFile, switchedRuntime } from "../predict/index.ts";
import type { Runtime } from "../runtime/index.ts";

type Weights = ReadonlyMap<string, HostArray<"float32">>;

/** A base with its adapters. */
export interface OpenedSet {
  readonly model: Model;
  readonly weights?: Weights;
  /** Of the base itself. */
  readonly runtime: Runtime;
  /** Of each adapter. */
  readonly adapters: ReadonlyMap<string, Runtime>;
}

/** The folder that holds an adapter: a run's, or the path itself. */
export const adapterFolder = (path: string): string => (isRunFolder(path) ? join(path, adapterArtifact.path) : path);

/**
 * Opens adapters beside a base; without any it is the base alone.
 * @param weights absent for a base that is an ONNX file
 * @throws E_IO where there is no adapter; E_MODEL where one does not fit the base, or the base cannot have any
 */
export async function openAdapterSet(
  folder: string,
  model: Model,
  weights: Weights | undefined,
  runtime: Runtime,
  adapters: Readonly<Record<string, string>> = {},
): Promise<OpenedSet> {
  const named = Object.entries(adapters);
  if (named.length === 0) return { model, weights, runtime, adapters: new Map() };
  const why = weights
    ? existsSync(join(folder, decisionsFile)) && "its decisions were fitted to the base alone"
    : "it is an ONNX file";
  if (!weights || why)
    throw new ConcordError("E_MODEL", {
      operation: "open adapter",
      problem: `the base cannot have adapters: ${why}`,
      expected: "a model folder with its weights and without decisions",
      path: folder,
    });
  const members = new Map<string, SetMember>();
  for (const [name, path] of named) {
    const at = adapterFolder(path);
    if (!existsSync(join(at, modelFiles.adapterConfig)))
      throw new ConcordError("E_IO", {
        operation: "open adapter",
        problem: `no adapter ${name} is in this folder`,
        expected: "a run of an adapter, or a folder with adapter_config.json",
        path,
      });
    members.set(name, await loadAdapter(at, model, weights));
  }
  const set = adapterSet(model, weights, members);
  const runtimeOf = switchedRuntime(runtime, new Set(Object.keys(set.base)));
  return {
    model: set.model,
    weights: new Map([...weights, ...Object.entries(set.base)]),
    runtime: runtimeOf(set.base),
    adapters: new Map([...set.fed].map(([name, fed]) => [name, runtimeOf(fed)])),
  };
}
