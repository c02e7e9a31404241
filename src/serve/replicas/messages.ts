// What goes between the first process, which holds the models, and its replicas, which speak with clients. Plain data only.
import type { ErrorData } from "../../runtime/node/thread.ts";
import type { DoorFacts } from "../model/door.ts";
import type { ModelFacts, Question, ThreadStart } from "../model/facts.ts";
import type { ThreadReply } from "../model/thread.ts";

/** Of a replica. Questions have an id, which their reply has too. */
export type ReplicaMessage =
  | { readonly id: number; readonly open: ThreadStart; readonly model: string }
  | { readonly id: number; readonly model: string; readonly question: Question }
  | { readonly id: number; readonly metrics: "all" }
  | { readonly close: string }
  | { readonly kill: string }
  | { readonly collected: number; readonly metrics: unknown }
  | { readonly ready: ReadyFacts };

/** Of the first process. */
export type PrimaryMessage =
  | { readonly id: number; readonly opened: ModelFacts }
  | { readonly id: number; readonly reply: ThreadReply; readonly restarts: number }
  | { readonly id: number; readonly text: string }
  | { readonly id: number; readonly fault: ErrorData }
  | { readonly collect: number };

/** What the first process says of the server once all replicas are ready. */
export interface ReadyFacts {
  readonly url: string;
  readonly models: readonly {
    readonly source: { readonly name: string; readonly version: string };
    readonly door: DoorFacts;
  }[];
  readonly grpcPort?: number;
}
