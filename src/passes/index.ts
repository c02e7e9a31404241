// Rewrites of graphs that keep their meaning.
import type { Graph } from "../graph/index.ts";
import { rewrite } from "./rewrite.ts";
import { share } from "./share.ts";
import { simplifications } from "./simplify.ts";

export { expand } from "./expand.ts";
export { type Rewrite, reapply, rebuild, rewrite } from "./rewrite.ts";
export { share } from "./share.ts";
export { simplifications, uniform } from "./simplify.ts";

/** The standard passes before lowering: share, simplify, share again. Dead code is gone by construction. */
export const optimise = (graph: Graph): Graph => share(rewrite(share(graph), simplifications));
