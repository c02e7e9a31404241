// Does an answer depend on who a text is about? Texts with other people in them, and how far answers move, beside neutral rewording.
export type { AxisFlips, MovedText } from "./axis-flips.ts";
export * from "./compare-flips.ts";
export * from "./flips.ts";
export { placebo } from "./placebo.ts";
export { rewording, type Wording } from "./reword.ts";
export { leastPrecision, leastRead, type RuleReading, swapRules, unmeasuredRules } from "./rules.ts";
export {
  type Counterfactual,
  counterfactualAxes,
  counterfactuals,
  type Edit,
  type Swaps,
  swaps,
  unmeasuredAxes,
} from "./swap.ts";
