// What a step of compression is: it takes a model and gives a smaller one, or says how its weights are stored. Knows no particular step.
import type { CompressedFile } from "../artifacts/index.ts";
import type { HostArray } from "../base/index.ts";
import type { Row, SplitName } from "../data/index.ts";
import type { Processor } from "../modalities/index.ts";
import type { Model } from "../models/index.ts";
import type { StoredBindings } from "../predict/index.ts";
import type { CompressStepSettings } from "../recipe/index.ts";
import type { StageContext } from "../stages/index.ts";
import type { Once } from "./once.ts";

/** A model between two steps. */
export interface Compressing {
  readonly model: Model;
  readonly weights: ReadonlyMap<string, HostArray<"float32">>;
  readonly processor: Processor;
  /** The first model's id of each token, where a step dropped some. */
  readonly vocabulary?: readonly number[];
  /** How the weights are stored, where a step said: no step comes after it. */
  readonly stored?: { readonly name: CompressedFile; readonly bind: StoredBindings };
}

/** What steps work with. */
export interface StepContext extends StageContext {
  readonly rows: Readonly<Record<SplitName, readonly Row[]>>;
  /** The run's model before the first step: what a smaller one may learn from. */
  readonly original: Compressing;
  /** Model folder that is compressed. */
  readonly from: string;
  /** For what several candidates need of one model's weights. */
  readonly once: Once;
  /** Folder that relative paths of rows start from. */
  readonly rowsHome: string;
}

/** What a step made, and what compression.json says of it besides its settings. */
export interface Stepped {
  readonly result: Compressing;
  readonly facts: Readonly<Record<string, unknown>>;
}

export type StepName = keyof CompressStepSettings;
/** Settings of a step, defaults filled in. */
export type StepSettings<Name extends StepName> = NonNullable<CompressStepSettings[Name]>;

/** One way to make a model smaller. */
export interface CompressStep<Name extends StepName = StepName> {
  readonly name: Name;
  /**
   * Why a step with these settings is refused where the model was trained privately (it would tell of training rows), and what to leave out.
   * Default it is not.
   */
  notAfterPrivacy?(settings: StepSettings<Name>): { readonly problem: string; readonly without: string } | undefined;
  /** @throws E_MODEL for a model that it cannot change, E_ARGUMENT for settings that do not fit it */
  apply(given: Compressing, settings: StepSettings<Name>, context: StepContext): Promise<Stepped>;
}
