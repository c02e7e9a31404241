// A small network of the rewards of all actions: one hidden layer of tanh, whose outputs are the features of neural-linear. Trained by
// Adam on the actions that were taken. Shapes: n context, H hidden, K actions.
import { random } from "../base/index.ts";
import type { LoggedDecision } from "./decision.ts";

/** Weights: hidden [H·n], out [K·(H + 1)]. */
export interface Network {
  readonly width: number;
  readonly hidden: Float64Array;
  readonly out: Float64Array;
}

/** The hidden layer and a 1: [H + 1]. */
export function hiddenOf({ width, hidden }: Network, x: Float64Array): Float64Array {
  const out = new Float64Array(width + 1).fill(1);
  for (let h = 0; h < width; h++) {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += hidden[h * x.length + i]! * x[i]!;
    out[h] = Math.tanh(sum);
  }
  return out;
}

const [epochs, batch, rate] = [60, 32, 0.01];

/** Learns to foretell rewards by the squared error. The same seed gives the same bits. */
export function fitNetwork(
  log: readonly LoggedDecision[],
  actions: number,
  { width, seed }: { readonly width: number; readonly seed: number },
): Network {
  const n = log[0]!.context.length;
  const rng = random(seed).split("network");
  const hidden = Float64Array.from({ length: width * n }, () => rng.normal() / Math.sqrt(n));
  const out = new Float64Array(actions * (width + 1));
  const network = { width, hidden, out };
  const parameters = [adam(hidden), adam(out)];
  const order = [...log.keys()];
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = rng.int(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    for (let from = 0; from < order.length; from += batch) {
      const rows = order.slice(from, from + batch).map((i) => log[i]!);
      const gradients = [new Float64Array(hidden.length), new Float64Array(out.length)];
      for (const row of rows) addGradient(network, row, gradients[0]!, gradients[1]!, rows.length);
      for (const [k, step] of parameters.entries()) step(gradients[k]!);
    }
  }
  return network;
}

/** Adds ∂(ŷ − r)²/2 of one decision over the size of its batch. */
function addGradient(
  network: Network,
  { context, action, reward }: LoggedDecision,
  hidden: Float64Array,
  out: Float64Array,
  size: number,
): void {
  const { width } = network;
  const z = hiddenOf(network, context);
  const at = action * (width + 1);
  let error = -reward;
  for (let h = 0; h <= width; h++) error += network.out[at + h]! * z[h]!;
  error /= size;
  for (let h = 0; h <= width; h++) out[at + h]! += error * z[h]!;
  for (let h = 0; h < width; h++) {
    const back = error * network.out[at + h]! * (1 - z[h]! ** 2);
    for (let i = 0; i < context.length; i++) hidden[h * context.length + i]! += back * context[i]!;
  }
}

/** Adam (Kingma 2014, arXiv:1412.6980) over one array, in place. */
function adam(values: Float64Array): (gradient: Float64Array) => void {
  const [mean, square] = [new Float64Array(values.length), new Float64Array(values.length)];
  let step = 0;
  return (gradient) => {
    step++;
    const scale = (rate * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
    for (let i = 0; i < values.length; i++) {
      mean[i] = 0.9 * mean[i]! + 0.1 * gradient[i]!;
      square[i] = 0.999 * square[i]! + 0.001 * gradient[i]! ** 2;
      values[i]! -= (scale * mean[i]!) / (Math.sqrt(square[i]!) + 1e-8);
    }
  };
}
