// How long one member's update is, told under its masks.
export {
  answerNorm,
  gridBoundOf,
  isShort,
  maskCommitment,
  type NormAnswer,
  type NormContext,
  squaresBound,
} from "./norm-check.ts";
