// Does an answer depend on who a text is about? Texts with other people in them, and how far answers move.
export * from "./compare-flips.ts";
export * from "./flips.ts";
export { rewording, type Wording } from "./reword.ts";
export { type Counterfactual, counterfactualAxes, counterfactuals, type Edit } from "./swap.ts";
