// Reference names → this library: losses, with torch's reductions made from losses per row or element and weights.
import { hostArray } from "../../src/base/index.ts";
import {
  abs,
  cast,
  constant,
  div,
  gather,
  logSoftmax,
  mean,
  mul,
  reshape,
  sub,
  sum,
  type Value,
} from "../../src/graph/index.ts";
import {
  binaryLoss,
  classLoss,
  ctcLoss,
  distillationLoss,
  divergence,
  huberLoss,
  likelihoodLoss,
  logDivergence,
  smoothL1Loss,
  softClassLoss,
  weightedMean,
  withoutIgnored,
} from "../../src/nn/index.ts";
import type { Adapter } from "./adapters.ts";

/** torch's `reduction` of losses by element. */
const reduced = (losses: Value, reduction = "mean"): Value =>
  reduction === "none"
    ? losses
    : reduction === "sum"
      ? sum(losses)
      : reduction === "batchmean"
        ? div(sum(losses), losses.shape[0] as number)
        : mean(losses);

const ints = (list: readonly number[]): Value => constant(hostArray("int32", [list.length], list));

export const lossAdapters: Record<string, Adapter> = {
  cross_entropy: ({ x, y, w }, a, torch) => {
    const classes = torch.includes("transpose") ? (x!.shape[2] as number) : (x!.shape[1] as number);
    const rows = torch.includes("transpose")
      ? reshape(x!, [(x!.shape[0] as number) * (x!.shape[1] as number), classes])
      : x!;
    const { labels, weights } = withoutIgnored(reshape(y!, [rows.shape[0]!]), a.ignore_index ?? -100);
    const losses = mul(classLoss(rows, labels, { labelSmoothing: a.ls ?? 0, classWeights: w! }), weights);
    if (a.reduction === "none" || a.reduction === "sum") return reduced(losses, a.reduction);
    return div(sum(losses), sum(w ? mul(weights, gather(w, labels)) : weights));
  },
  cross_entropy_soft: ({ x, y }, a) => mean(softClassLoss(x!, y!, a.ls)),
  nll_loss: ({ x, y }, a) => {
    const { labels, weights } = withoutIgnored(y!, a.ignore_index ?? -100);
    return weightedMean(likelihoodLoss(logSoftmax(x!), labels), weights);
  },
  bce_with_logits: ({ x, y, w, pw }, a) => {
    const losses = binaryLoss(x!, y!, pw);
    return reduced(w ? mul(losses, w) : losses, a.reduction);
  },
  mse: ({ x, y }, a) => reduced(mul(sub(x!, y!), sub(x!, y!)), a.reduction),
  l1: ({ x, y }, a) => reduced(abs(sub(x!, y!)), a.reduction),
  huber: ({ x, y }, a) => reduced(huberLoss(x!, y!, a.delta), a.reduction),
  smooth_l1: ({ x, y }, a) => reduced(smoothL1Loss(x!, y!, a.beta), a.reduction),
  kl_div: ({ x, y }, a, torch) => {
    const logQ = logSoftmax(x!);
    const terms = torch.includes("log_target=True") ? logDivergence(logQ, y!) : divergence(logQ, y!);
    return reduced(terms, a.reduction ?? "batchmean");
  },
  distillation: ({ x, teacher }, a) => mean(distillationLoss(x!, teacher!, a.t)),
  ctc_loss: ({ x, y }, a) => {
    const losses = ctcLoss(logSoftmax(x!), y!, ints(a.input_lengths), ints(a.target_lengths), {
      blank: a.blank,
      zeroInfinity: a.zero_infinity,
    });
    const lengths = cast(ints(a.target_lengths.map((n: number) => Math.max(1, n))), "float32");
    return a.reduction === "mean" ? mean(div(losses, lengths)) : reduced(losses, a.reduction);
  },
};
