// BitFit (Ben Zaken 2021, arXiv:2106.10199): the model's own biases are trained and nothing is added.
import type { AdapterKind } from "./kind.ts";

export const biases: AdapterKind = {
  reads: [],
  parameters: () => ({}),
  constants: () => ({}),
  start: () => {},
  forward: (p, _own, { x, product }) => product(x, p.bias as Parameters<typeof product>[1]),
  merge: ({ weight }) => ({ weight }),
  trains: (name) => /(^|\.)bias$/.test(name),
};
