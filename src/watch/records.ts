// What is kept of an answer, and what a store of them can do. No text of an input is among it unless capture is asked for.
import type { Interval } from "../eval/index.ts";
import type { Profile } from "./profile.ts";

/** A limit of the policy on a value. */
export interface WatchedGate {
  readonly value: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** A share of some answers, with its 95 % interval. */
export interface WatchedShare extends Pick<Interval, "low" | "high"> {
  readonly value: number;
  readonly rows: number;
}

/** An answer that was given. */
export interface AnswerRecord {
  /** Of the request; feedback names it. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly model: string;
  /** Digest of the model, as its passport has it. */
  readonly version: string;
  /** A label, or several with a comma between; absent for numbers, and where the model abstained. */
  readonly answer?: string;
  /** Calibrated probability of the answer. */
  readonly confidence?: number;
  /** Of regression. */
  readonly value?: number;
  readonly abstained: boolean;
  /** Milliseconds from the request's arrival to its answer. */
  readonly ms: number;
  /** Values of attributes that the request told. */
  readonly groups: Readonly<Record<string, string>>;
  /** Bin of each number of the model's profile: see `binned`. */
  readonly bins?: Uint8Array;
  /** The input, where capture is on; private details are masked. */
  readonly payload?: string;
}

/** An answer with the true label that somebody told later. */
export interface JudgedRecord extends AnswerRecord {
  readonly truth?: string;
}

/** Which answers are meant. */
export interface AnswersAsked {
  readonly model?: string;
  readonly version?: string;
  /** Milliseconds since 1970; answers before are left out. */
  readonly since?: number;
  /** The last this many. */
  readonly last?: number;
}

/** Which window is meant: of all answers, or of those whose true label was told, in the order in which that happened. */
export interface WindowAsked {
  readonly model: string;
  readonly version: string;
  readonly of: "answers" | "judged";
  /** Answers of one window. */
  readonly size: number;
}

/** An alert that was raised. */
export interface AlertRecord {
  readonly at: number;
  readonly model: string;
  readonly version: string;
  readonly rule: string;
  /** What was measured, in a sentence. */
  readonly text: string;
  /** Name of the policy gate that it breaks, where it does. */
  readonly gate?: string;
}

/** A model whose answers are kept, and what they are compared with. */
export interface WatchedModel {
  readonly model: string;
  readonly version: string;
  /** Of its run or release; absent where it has none, and then drift is not tested. */
  readonly profile?: Profile;
  /** Of the policy that it was released under. */
  readonly gates: readonly WatchedGate[];
  /** It gets copies of requests, and nobody got its answers; their ids end with `@` and its version. */
  readonly shadow?: true;
  /** Accuracy on the test rows, where its passport has it. */
  readonly accuracy?: Omit<WatchedShare, "rows">;
}

/** Keeps answers, in one chain of hashes however many servers write. */
export interface WatchStore {
  /** Appends in order; all or none. An id that is taken gets `~` and a number behind it: feedback means the first. @throws E_IO where the disk is full or the database does not answer */
  append(records: readonly AnswerRecord[]): Promise<void>;
  /** Keeps a true label; a later one replaces an earlier one. @returns false for a request that is not known */
  feedback(id: string, truth: string, at: number): Promise<boolean>;
  /** Answers with their true labels, the oldest first. */
  answers(asked?: AnswersAsked): Promise<JudgedRecord[]>;
  /**
   * Takes the next full window, the oldest first: each window goes to one caller, whichever server that is, and only once.
   * @returns its answers; none where it is not full yet
   */
  nextWindow(asked: WindowAsked): Promise<JudgedRecord[]>;
  /** Keeps what a model's answers are compared with; a later one replaces an earlier one. */
  describe(model: WatchedModel): Promise<void>;
  models(): Promise<WatchedModel[]>;
  alert(record: AlertRecord): Promise<void>;
  alerts(last?: number): Promise<AlertRecord[]>;
  /** Checks the chain of hashes. @returns answers that hold, and the id of the first that was changed, removed or put in, if any */
  verify(): Promise<{ readonly answers: number; readonly broken?: string }>;
  /** Removes answers and feedback older than this moment. The chain then begins with the first answer that is left. */
  forget(before: number): Promise<number>;
  close(): Promise<void>;
}
