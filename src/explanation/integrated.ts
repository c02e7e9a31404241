// Integrated gradients (Sundararajan 2017, arXiv:1703.01365): what each token adds to a logit on the straight way from a baseline
// to the text. Says how far the sum misses the whole change, and refuses an answer that misses too much.
import { ConcordError } from "../base/index.ts";
import type { GradientProgram, TokenIds } from "./gradient-program.ts";
import { type QuadratureRule, quadrature } from "./quadrature.ts";

export interface IntegratedOptions {
  readonly text: TokenIds;
  /** Ids of the text in which nothing is said, as many. */
  readonly baseline: ArrayLike<number>;
  /** Which output of the head. */
  readonly target: number;
  /** Of a model that labels words: the token whose label it is. */
  readonly token?: number;
  /** Default `gauss-legendre`. */
  readonly rule?: QuadratureRule;
  /** Places on the way. Default 50. */
  readonly steps?: number;
  /** Steps are doubled up to this number while the sum misses too much. Default 8 × steps. */
  readonly mostSteps?: number;
  /** Largest miss, as a share of the sum of the attributions' sizes (or of the whole change, if larger). Default 0.05. */
  readonly tolerance?: number;
}

export interface Integrated {
  /** One number a token; special tokens that are in the baseline too have 0. */
  readonly tokens: Float64Array;
  readonly logit: number;
  readonly baselineLogit: number;
  /** Sum of the attributions less the change of the logit: 0 for an exact integral. */
  readonly delta: number;
  /** The miss as a share, compared with the tolerance. */
  readonly missed: number;
  readonly steps: number;
}

/**
 * Integrated gradients of one text.
 * @throws E_ARGUMENT when even `mostSteps` miss more than `tolerance`, for steps out of range, for a baseline of another length
 * @example await integratedGradients(program, { text, baseline: text.ids.map(() => pad), target: 1 })
 */
export async function integratedGradients(program: GradientProgram, options: IntegratedOptions): Promise<Integrated> {
  const { text, baseline, target, token, rule = "gauss-legendre", steps: first = 50, tolerance = 0.05 } = options;
  const { mostSteps = 8 * first } = options;
  if (baseline.length !== text.ids.length)
    throw new ConcordError("E_ARGUMENT", {
      operation: "integrated gradients",
      problem: "the baseline is not as long as the text",
      expected: `${text.ids.length} tokens`,
      got: String(baseline.length),
    });
  for (let steps = first; ; steps *= 2) {
    const found = await once(program, { text, baseline, target, token }, quadrature(rule, steps));
    if (found.missed <= tolerance) return found;
    if (steps * 2 > mostSteps)
      throw new ConcordError("E_ARGUMENT", {
        operation: "integrated gradients",
        problem: `the attributions do not add up to the change of the prediction after ${steps} steps`,
        expected: `a miss of at most ${tolerance}`,
        got: found.missed.toPrecision(3),
        hint: "allow more steps, or use shap",
      });
  }
}

async function once(
  program: GradientProgram,
  request: Pick<IntegratedOptions, "text" | "baseline" | "target" | "token">,
  { points, weights }: ReturnType<typeof quadrature>,
): Promise<Integrated> {
  // both ends are looked at without counting, for the logits
  const answer = await program.run({ ...request, points: [...points, 0, 1], weights: [...weights, 0, 0] });
  const [baselineLogit, logit] = [answer.logits.at(-2)!, answer.logits.at(-1)!];
  const tokens = answer.products;
  const delta = tokens.reduce((a, b) => a + b, 0) - (logit - baselineLogit);
  const size = Math.max(
    tokens.reduce((a, b) => a + Math.abs(b), 0),
    Math.abs(logit - baselineLogit),
  );
  const missed = delta === 0 ? 0 : Math.abs(delta) / size;
  return { tokens, logit, baselineLogit, delta, missed, steps: points.length };
}
