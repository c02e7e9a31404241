// A head of your own on any encoder: a function from a bare model to one with other parameters and another forward pass.
import { graph, type models, nn } from "@concord-ai/concord";

/** Gated mean pooling: logits = W·(σ(G·m) ∘ m), m being the mean of a text's rows. @param body a model without a head */
export function withGatedHead(body: models.Model, labels: readonly string[], width: number): models.Model {
  const matrix = (name: string, rows: number): models.ParameterSpec => {
    const shape = [rows, width];
    return { name: `${name}.weight`, shape, initial: { kind: "normal", std: 0.02 }, linear: true, head: true };
  };
  return {
    ...body,
    task: "single-label",
    labels: { names: labels, idOf: new Map(labels.map((label, id) => [label, id])) },
    wholeModules: ["gate", "answer"], // what an adapter's run trains whole
    parameters: [...body.parameters, matrix("gate", width), matrix("answer", labels.length)],
    forward(params, inputs, layout, options) {
      const { hidden, last } = body.forward(params, inputs, layout, { ...options, allRows: true });
      const mean = nn.meanOfRows(layout!, last); // [B, H]
      const pooled = graph.mul(graph.sigmoid(nn.linear(nn.submodule(params, "gate"), mean)), mean);
      return { hidden, last, pooled, logits: nn.linear(nn.submodule(params, "answer"), pooled) };
    },
  };
}
