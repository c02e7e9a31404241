// Models made smaller: layers, heads, inner units and tokens are left out. Pure functions of a model, its weights and settings.
export { cutsHeads } from "./blocks.ts";
export { dropLayers, evenLayers } from "./drop-layers.ts";
export { type Factored, factorable, factorise } from "./factorise.ts";
export { type Importance, importanceOf } from "./importance.ts";
export { learnedImportance, prunedBlocks, prunedNumbers } from "./movement.ts";
export { type PruneShares, pruneBlocks } from "./prune-blocks.ts";
export { type SecondMoments, secondMoments } from "./second-moments.ts";
export type { SmallerModel } from "./smaller-model.ts";
export {
  countTokens,
  type TrimmedVocabulary,
  type TrimOptions,
  trimEmbeddings,
  trimVocabulary,
} from "./trim-vocabulary.ts";
