// An objective of your own: the loss of each example as a graph of the model's outputs. Gradients come from it by themselves.
import { graph, nn, training } from "@concord-ai/concord";

/**
 * Generalized cross-entropy, (1 − p^q) / q (Zhang & Sabuncu 2018, arXiv:1805.07836): wrong labels pull less than with cross-entropy.
 * @param q 0 … 1; towards 0 it is cross-entropy, at 1 the mean absolute error. Default 0.7
 */
export const generalizedCrossEntropy = (q = 0.7): training.Objective => ({
  ...training.objectiveOf(), // inputs and feeds of labels, as they are
  name: "generalized-cross-entropy",
  losses({ logits }, values) {
    const p = graph.exp(graph.neg(nn.classLoss(logits!, values.labels!))); // of the label, [B]
    return graph.div(graph.sub(1, graph.pow(p, q)), q);
  },
});
