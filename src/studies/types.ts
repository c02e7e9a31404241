// What hosts of a study call: a member's work on its own rows, a proposal of a study, and its end. Types only; knows no transport.
import type { CoordinatorState, Proposal, SpentPrivacy, Task, Work } from "../federated/index.ts";
import type { Recipe } from "../recipe/index.ts";

/** What a member's work tells. */
export type WorkEvent =
  | { readonly kind: "prepared"; readonly train: number; readonly dev: number; readonly test: number }
  | {
      readonly kind: "step";
      readonly round: number;
      readonly step: number;
      readonly steps: number;
      readonly loss: number;
    }
  /** Of private training: what the member's own ledger has spent through this round, as an upper bound. */
  | { readonly kind: "privacy"; readonly round: number; readonly epsilon: number; readonly delta: number }
  | { readonly kind: "warning"; readonly text: string };

export interface MemberWorkOptions {
  readonly proposal: Proposal;
  /** Folder with the files that the proposal names; their hashes are checked. */
  readonly start: string;
  /** Table of the member's own rows, in the columns that the proposal's recipe names. */
  readonly table: string;
  /** Private working folder, kept over restarts: prepared rows, the privacy ledger. Nothing in it leaves the member. */
  readonly folder: string;
  /** Default the recipe's `adapt.threads`. */
  readonly threads?: number;
  /** Of the member's adapters, where the recipe trains adapters: members may have different ones. Default the recipe's `adapt.rank`. */
  readonly rank?: number;
  readonly onEvent?: (event: WorkEvent) => void;
  /** Aborting stops the training at its next step: `work` throws E_INTERRUPTED. */
  readonly signal?: AbortSignal;
}

/** A member's rows and model, ready to work. */
export interface MemberWork {
  /**
   * Learns from the round's model and counts on dev rows (`train`), or counts on test rows (`evaluate`). Asked again for the same round and model
   * it gives the same numbers.
   * @throws E_CONFIG with path `adapt.privacy.epsilon` where the member's budget does not cover the round: the member has to withdraw with
   * that problem; E_INTERRUPTED after an abort
   */
  work(task: Task, round: number, model: Float32Array): Promise<Work>;
  /** The member's own test values by name, to be shown only if its owner agreed. */
  siteValues(model: Float32Array): Promise<Record<string, number>>;
  /** What the member's own ledger says that all its rounds have spent; undefined where it trained nothing privately. @throws E_CHECKSUM for a ledger that was edited */
  privacy(): Promise<SpentPrivacy | undefined>;
  close(): Promise<void>;
}

/** `openMemberWork`. */
export type OpenMemberWork = (options: MemberWorkOptions) => Promise<MemberWork>;

/** A party of a proposal: its name and its Ed25519 public key, SPKI in base64. */
export interface PartyKey {
  readonly name: string;
  readonly key: string;
}

export interface StudyPlan {
  /** With its section `together`. */
  readonly recipe: Recipe;
  /** Model folder that the first round starts from, head included: its labels are the study's. */
  readonly start: string;
  /** Unique name of the run. */
  readonly run: string;
  readonly coordinator: PartyKey;
  readonly members: readonly PartyKey[];
}

/** `proposeStudy`: what members are asked to consent to, and the flat vector that the first round starts from. */
export type ProposeStudy = (plan: StudyPlan) => Promise<{ readonly proposal: Proposal; readonly model: Float32Array }>;

export interface StudyEnd {
  readonly proposal: Proposal;
  /** The start model's folder. */
  readonly start: string;
  /** The coordinator's last state. */
  readonly state: Pick<CoordinatorState, "model" | "results" | "sites" | "gone" | "consents">;
  /** Where `model/`, `metrics.json`, `together.json` and `report.html` are written. */
  readonly folder: string;
}

/** `finishStudy`: writes the model in the Hugging Face layout, what it scores on the members' test rows, the study's record and its page. */
export type FinishStudy = (end: StudyEnd) => Promise<{ readonly metrics: Readonly<Record<string, unknown>> }>;
