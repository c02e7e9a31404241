// What every way of shrinking gives: a model of the same kind with a smaller config, and weights that fit it.
import type { HostArray } from "../base/index.ts";
import type { Model } from "../models/index.ts";

/** A model and its weights. Arrays that did not change are the ones that were given. */
export interface SmallerModel {
  readonly model: Model;
  readonly weights: ReadonlyMap<string, HostArray<"float32">>;
}
