// Names of files in a release. Knows nothing of what is in them.

/** The passport, as an envelope with its signatures. */
export const passportName = "passport.json";
/** Time stamps of the passport's signatures, beside it. */
export const timestampsName = "timestamps.json";
/** Folder of the passport's signatures as Sigstore bundles. */
export const bundlesName = "sigstore";
/** How the release was made: SLSA provenance in a Sigstore bundle. */
export const provenanceName = "provenance.sigstore.json";
export const proofName = "log-proof.json";
/** Bound by the log's entry: it is made from more than the passport. */
export const reportName = "report.html";
/** The recipe: the passport's own text, in every version. */
export const releasedRecipe = "recipe.yaml";
