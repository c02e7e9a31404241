// Where the parts of an encoder's blocks lie, by the names of its weights: what structured pruning cuts.
import { ConcordError } from "../base/index.ts";
import { factorsEntry, type Model } from "../models/index.ts";

/** Modules of one block, by full name. */
export interface Block {
  readonly layer: number;
  /** Rows of these belong to heads; none for architectures whose heads cannot be removed. */
  readonly mixing?: readonly string[];
  /** Its columns belong to heads. */
  readonly mixed?: string;
  /** Its rows are the inner units of the feed-forward part. */
  readonly up: string;
  /** Its columns are. */
  readonly down: string;
}

interface Naming {
  /** Before the number of a layer. */
  readonly layers: string;
  readonly mixing?: readonly string[];
  readonly mixed?: string;
  readonly up: string;
  readonly down: string;
  /** Entry of config.json with the number of inner units. */
  readonly inner: string;
}

const feedForward: Naming = {
  layers: "encoder.layer.",
  up: "intermediate.dense",
  down: "output.dense",
  inner: "intermediate_size",
};
const bert: Naming = {
  ...feedForward,
  mixing: ["attention.self.query", "attention.self.key", "attention.self.value"],
  mixed: "attention.output.dense",
};

/** By `model_type`. Heads are removed where config.json can say so: `pruned_heads` of BERT and its kin. */
const namings: Readonly<Record<string, Naming>> = {
  bert,
  ernie: bert,
  roberta: bert,
  "xlm-roberta": bert,
  camembert: bert,
  distilbert: { layers: "transformer.layer.", up: "ffn.lin1", down: "ffn.lin2", inner: "hidden_dim" },
  electra: feedForward,
  mpnet: feedForward,
  "deberta-v2": feedForward,
  vit: feedForward,
  deit: feedForward,
};

/** The blocks of a model. @throws E_MODEL for an architecture whose blocks are not known */
export function blocksOf(model: Model): { readonly blocks: readonly Block[]; readonly inner: string } {
  refuseFactors(model, "prune");
  const naming = namings[model.type];
  if (!naming)
    throw new ConcordError("E_MODEL", {
      operation: "prune",
      problem: `blocks of ${model.type} cannot be pruned`,
      expected: Object.keys(namings).join(", "),
      got: model.type,
      hint: "drop whole layers, or quantise",
    });
  const names = new Set(model.parameters.map((p) => p.name));
  const first = [...names].find((name) => name.includes(`${naming.layers}0.`))!;
  const prefix = first.slice(0, first.indexOf(naming.layers) + naming.layers.length);
  const blocks: Block[] = [];
  for (let layer = 0; names.has(`${prefix}${layer}.${naming.up}.weight`); layer++) {
    const at = (module: string) => `${prefix}${layer}.${module}`;
    const { mixing, mixed, up, down } = naming;
    const heads = mixing && mixed ? { mixing: mixing.map(at), mixed: at(mixed) } : {};
    blocks.push({ layer, ...heads, up: at(up), down: at(down) });
  }
  return { blocks, inner: naming.inner };
}

/** @throws E_MODEL for a model whose matrices are factored: its layers and blocks stay as they are */
export function refuseFactors({ config }: Model, operation: string): void {
  if (config[factorsEntry] === undefined) return;
  throw new ConcordError("E_MODEL", {
    operation,
    problem: "the model has factors in the place of matrices",
    expected: "whole matrices: factorise last",
    got: factorsEntry,
  });
}

/** Whether heads of an architecture can be removed. */
export const cutsHeads = ({ type }: Model): boolean => namings[type]?.mixing !== undefined;

/** Why heads of an architecture are not cut. */
export const headsStay = ({ type }: Model) =>
  new ConcordError("E_MODEL", {
    operation: "prune",
    problem: `heads of ${type} cannot be removed: its config.json cannot say so`,
    expected: "prune.heads 0, or BERT and its kin",
    got: type,
  });
