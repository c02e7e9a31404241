// AdamW, Adam, SGD and Lion by torch's definitions (Lion: lion-pytorch), running on the kernels. Each is a function from
// options to a value; bias corrections are computed in float64. Knows no parameter names, no schedule and no clipping.
import { checkOptions, leastPositive, type Optimizer } from "./optimizer.ts";

export interface AdamOptions {
  /** Default 1e-3. */
  readonly learningRate?: number;
  /** Decay of the running means of g and g². Default [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Added to the root. Default 1e-8. */
  readonly epsilon?: number;
  /** Default 0.01 for adamw (decoupled), 0 for adam (added to the gradient). */
  readonly weightDecay?: number;
  /** Use the largest second moment so far. Default false. */
  readonly amsgrad?: boolean;
}

/**
 * AdamW (Loshchilov & Hutter 2019, arXiv:1711.05101): decoupled weight decay.
 * State: `exp_avg`, `exp_avg_sq` (and `max_exp_avg_sq`), each of the parameter's shape.
 * @throws E_ARGUMENT for an option out of range
 * @example adamw({ learningRate: 2e-5, weightDecay: 0.01 })
 */
export const adamw = (options: AdamOptions = {}): Optimizer => adamFamily("adamw", { weightDecay: 0.01, ...options });

/**
 * Adam (Kingma & Ba 2015, arXiv:1412.6980); weight decay, if any, is added to the gradient (L2).
 * @throws E_ARGUMENT for an option out of range
 * @example adam({ learningRate: 1e-3 })
 */
export const adam = (options: AdamOptions = {}): Optimizer => adamFamily("adam", { weightDecay: 0, ...options });

function adamFamily(name: "adam" | "adamw", given: AdamOptions): Optimizer {
  const options = {
    learningRate: 1e-3,
    betas: [0.9, 0.999] as const,
    epsilon: 1e-8,
    weightDecay: 0,
    amsgrad: false,
    ...given,
  };
  checkOptions(name, options, {
    learningRate: [0, Infinity],
    betas: [0, 1],
    epsilon: [0, Infinity],
    weightDecay: [0, Infinity],
  });
  const { betas, epsilon, amsgrad } = options;
  const decoupled = name === "adamw";
  const slotNames = ["exp_avg", "exp_avg_sq", ...(amsgrad ? ["max_exp_avg_sq"] : [])];
  return {
    name,
    options,
    learningRate: options.learningRate,
    weightDecay: options.weightDecay,
    stateSlots: (shape) => slotNames.map((slot) => ({ name: slot, shape })),
    rule: {
      kind: "elementwise",
      decaysOnlyAtRest: decoupled || options.weightDecay === 0,
      prepare(kernels, { step, learningRate, weightDecay, gradientScale }) {
        // lr/c₁ · m / (√v/√c₂ + ε)  =  (lr·√c₂/c₁) · m / (√v + ε·√c₂)
        const root = Math.sqrt(1 - betas[1] ** step);
        const scalars = [
          gradientScale,
          decoupled ? 1 - learningRate * weightDecay : 1,
          decoupled ? 0 : weightDecay,
          1 - betas[0],
          betas[1],
          1 - betas[1],
          (learningRate * root) / (1 - betas[0] ** step),
          epsilon * root,
        ] as const;
        if (amsgrad)
          return (parameter, gradient, slots, shift, count) => {
            const [first, second, top] = slots as readonly [number, number, number];
            kernels.adamMaximum(parameter, gradient, first + shift, second + shift, top + shift, count, ...scalars);
          };
        const [S, D, C, A, B, E, L, Z] = scalars; // spelled out: a spread costs as much as a short run
        return (parameter, gradient, slots, shift, count) =>
          kernels.adam(parameter, gradient, slots[0]! + shift, slots[1]! + shift, count, S, D, C, A, B, E, L, Z);
      },
    },
  };
}

export interface SgdOptions {
  /** Default 1e-3. */
  readonly learningRate?: number;
  /** Default 0: no state. */
  readonly momentum?: number;
  /** How much of a new gradient is kept out of the momentum, after the first step. Default 0. */
  readonly dampening?: number;
  /** Look ahead along the momentum. Default false. */
  readonly nesterov?: boolean;
  /** Added to the gradient (L2). Default 0. */
  readonly weightDecay?: number;
}

/**
 * Stochastic gradient descent. State: `momentum_buffer` where momentum > 0.
 * @throws E_ARGUMENT for an option out of range, or nesterov without momentum or with dampening
 * @example sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true })
 */
export function sgd(given: SgdOptions = {}): Optimizer {
  const options = { learningRate: 1e-3, momentum: 0, dampening: 0, nesterov: false, weightDecay: 0, ...given };
  checkOptions("sgd", options, {
    learningRate: [0, Infinity],
    momentum: options.nesterov ? [leastPositive, Infinity] : [0, Infinity],
    dampening: options.nesterov ? [0, leastPositive] : [0, Infinity],
    weightDecay: [0, Infinity],
  });
  const { momentum, dampening, nesterov } = options;
  return {
    name: "sgd",
    options,
    learningRate: options.learningRate,
    weightDecay: options.weightDecay,
    stateSlots: (shape) => (momentum > 0 ? [{ name: "momentum_buffer", shape }] : []),
    rule: {
      kind: "elementwise",
      decaysOnlyAtRest: options.weightDecay === 0,
      prepare(kernels, { step, learningRate, weightDecay, gradientScale }) {
        if (momentum === 0)
          return (parameter, gradient, _slots, _shift, count) =>
            kernels.sgd(parameter, gradient, count, gradientScale, weightDecay, learningRate);
        const mix = step === 1 ? 1 : 1 - dampening;
        const [direct, buffered] = nesterov ? [1, momentum] : [0, 1];
        const rates = [gradientScale, weightDecay, momentum, mix, direct, buffered, learningRate] as const;
        return (parameter, gradient, slots, shift, count) =>
          kernels.sgdMomentum(parameter, gradient, slots[0]! + shift, count, ...rates);
      },
    },
  };
}

export interface LionOptions {
  /** Default 1e-4; usually 3 to 10 times below AdamW's. */
  readonly learningRate?: number;
  /** Mix for the direction, decay of the memory. Default [0.9, 0.99]. */
  readonly betas?: readonly [number, number];
  /** Decoupled. Default 0. */
  readonly weightDecay?: number;
}

/**
 * Lion (Chen 2023, arXiv:2302.06675): the sign of an interpolated gradient. State: `exp_avg`, half of Adam's memory.
 * @throws E_ARGUMENT for an option out of range
 * @example lion({ learningRate: 1e-4, weightDecay: 0.1 })
 */
export function lion(given: LionOptions = {}): Optimizer {
  const options = { learningRate: 1e-4, betas: [0.9, 0.99] as const, weightDecay: 0, ...given };
  checkOptions("lion", options, { learningRate: [0, Infinity], betas: [0, 1], weightDecay: [0, Infinity] });
  const [beta1, beta2] = options.betas;
  return {
    name: "lion",
    options,
    learningRate: options.learningRate,
    weightDecay: options.weightDecay,
    stateSlots: (shape) => [{ name: "exp_avg", shape }],
    rule: {
      kind: "elementwise",
      decaysOnlyAtRest: true,
      prepare(kernels, { learningRate, weightDecay, gradientScale }) {
        const decay = 1 - learningRate * weightDecay;
        const rates = [gradientScale, decay, beta1, 1 - beta1, beta2, 1 - beta2, learningRate] as const;
        return (parameter, gradient, slots, shift, count) =>
          kernels.lion(parameter, gradient, slots[0]! + shift, count, ...rates);
      },
    },
  };
}
