// The recipe's part on adapters: what is trained beside a frozen model, by kind. Knows no model.
import { z } from "zod";
import { type AdapterKind, kinds as adapterKinds } from "../nn/index.ts";
import { type Condition, thatHold } from "./conditions.ts";
import { count } from "./recipe-data.ts";
import type { RecipeFault } from "./recipe-fault.ts";

/** Keys that a kind reads beside `kind`. */
const keysOf = {
  lora: ["rank", "alpha", "dropout", "targets", "rankStabilised", "rateRatio"],
  dora: ["rank", "alpha", "dropout", "targets", "rankStabilised", "rateRatio"],
  miss: ["rank", "dropout", "targets"],
  ia3: [],
  bottleneck: ["width", "after"],
  biases: [],
  prefix: ["tokens"],
  prompt: ["tokens"],
} as const;
const kinds = Object.keys(keysOf) as (keyof typeof keysOf)[];

export const adapterSchema = z
  .strictObject({
    kind: z
      .enum(kinds)
      .describe(
        "lora: a low-rank update of each matrix. dora: LoRA with the size of each output apart. miss: an update shared by all shards of a matrix, half the parameters of LoRA. ia3: one factor for each key, value and inner unit. bottleneck: a small network after each sublayer. biases: the model's own biases (BitFit). prefix: keys and values of virtual tokens before every text. prompt: virtual tokens before every text, as rows of the word table.",
      ),
    rank: count.max(65536).optional().describe("lora, dora, miss: inner width of the adapter. Default: 8."),
    alpha: z
      .number()
      .positive()
      .max(1e6)
      .optional()
      .describe("lora, dora: the update is multiplied by alpha / rank. Default: twice the rank."),
    dropout: z
      .number()
      .min(0)
      .lt(1)
      .optional()
      .describe("lora, dora, miss: share of the adapter's inputs that is dropped in training. Default: 0."),
    targets: z
      .union([z.array(z.string().min(1)).min(1), z.string().min(1)])
      .optional()
      .describe(
        "lora, dora, miss: layers that get an adapter. A list: names or ends of names, such as [query, value]. A text: a regular expression for whole names, or all-linear. Default: all-linear, every linear layer except the head.",
      ),
    rankStabilised: z
      .boolean()
      .optional()
      .describe(
        "lora, dora: rsLoRA, the update is multiplied by alpha / √rank, so that large ranks learn as fast as small ones. Default: false.",
      ),
    rateRatio: z
      .number()
      .positive()
      .max(1e4)
      .optional()
      .describe("lora, dora: LoRA+, learning rate of matrix B over that of matrix A, such as 16. Default: 1."),
    width: count.max(65536).optional().describe("bottleneck: inner width of the small network. Default: 16."),
    tokens: count.max(4096).optional().describe("prefix, prompt: number of virtual tokens. Default: 16."),
    after: z
      .array(z.enum(["attention", "feed-forward"]))
      .min(1)
      .optional()
      .describe(
        "bottleneck: sublayers that it follows. Default: both (Houlsby). [feed-forward] is Pfeiffer's form, with half the parameters.",
      ),
  })
  .superRefine(({ kind, ...given }, context) => {
    const known: readonly string[] = keysOf[kind];
    for (const [key, value] of Object.entries(given))
      if (value !== undefined && !known.includes(key))
        context.addIssue({
          code: "custom",
          path: [key],
          message: known.length
            ? `an adapter of kind ${kind} has no such setting: ${known.join(", ")}`
            : `an adapter of kind ${kind} has no settings: leave it out`,
        });
  })
  .describe(
    "Adapter: only a small part is trained beside the head, and the model's matrices stay frozen. Use it instead of method: lora.",
  );

export type AdapterRecipe = z.output<typeof adapterSchema>;

/** What {@link adapterFaults} looks at. */
interface Asked {
  readonly adapt: {
    readonly method: "full" | "lora";
    readonly adapter?: AdapterRecipe;
    readonly base: "float32" | "int8" | "nf4";
    readonly freezeLayers?: number;
    readonly encoderRate: number;
    readonly privacy?: unknown;
  };
}

/** What a recipe may not ask of an adapter, with the reason. */
export function adapterFaults({ adapt }: Asked): RecipeFault[] {
  const { method, adapter, base, freezeLayers, encoderRate, privacy } = adapt;
  const kind: AdapterKind | undefined = adapter && adapterKinds[adapter.kind];
  const hasAdapter = adapter !== undefined || method === "lora";
  const conditions: Condition[] = [
    [
      adapter !== undefined && method === "lora",
      ["adapter"],
      "method: lora is an adapter already: leave it out, or use adapter with kind: lora",
    ],
    [
      hasAdapter && freezeLayers !== undefined,
      ["freezeLayers"],
      "beside an adapter all layers are frozen: leave it out",
    ],
    [
      Boolean(privacy) && kind?.notPrivate !== undefined,
      ["adapter", "kind"],
      "private training does not hold for it: use lora, miss, bottleneck or biases",
    ],
    [
      base !== "float32" && !hasAdapter,
      ["base"],
      "without an adapter no matrix is frozen: set adapter, or leave it out",
    ],
    [
      base !== "float32" && kind?.notStored !== undefined,
      ["base"],
      "its base cannot be stored in integers: use base: float32",
    ],
    [
      hasAdapter && encoderRate === 0,
      ["encoderRate"],
      "an adapter with rate 0 learns nothing: use method: full to train the head alone",
    ],
  ];
  return thatHold(conditions.map(([is, path, message]) => [is, ["adapt", ...path], message]));
}
