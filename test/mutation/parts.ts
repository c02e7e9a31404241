// What is mutated, and by which tests: a part each day (`tools/mutate.ts`). Paths are from the repository's root.

export interface Part {
  readonly name: string;
  /** Sources that are changed, one mutant at a time. */
  readonly sources: readonly string[];
  /** Tests that have to notice: those that are quick, for a mutant runs all of them that reach it. */
  readonly tests: readonly string[];
}

const privacy = (...names: readonly string[]) => names.map((name) => `src/privacy/${name}.ts`);
const signing = (...names: readonly string[]) => names.map((name) => `src/store/signing/${name}.ts`);

/** In the order of their days. */
export const parts: readonly Part[] = [
  { name: "passport", sources: ["src/passport/*.ts"], tests: ["src/passport/*.test.ts"] },
  { name: "log", sources: signing("merkle", "release-log"), tests: signing("{merkle,release-log}.test") },
  {
    name: "envelopes",
    sources: signing("envelope", "manifest", "model-signature"),
    tests: signing("{signing,envelope,manifest,model-signature}.test"),
  },
  {
    name: "secret-sums",
    sources: ["src/secret-sums/*.ts", "src/federated/node/*.ts"],
    tests: ["test/federated/{primitives,secret-sums,vectors}.test.ts"],
  },
  { name: "ledger", sources: privacy("ledger", "noise", "mechanism", "node/*"), tests: privacy("{ledger,noise}.test") },
  {
    name: "composition",
    sources: privacy("{fft,pld,privacy-loss}"),
    tests: privacy("{fft,composition}.test"), // on small grids: counting what a test reaches makes these loops many times slower
  },
];
