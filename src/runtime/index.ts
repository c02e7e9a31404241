// compile(graph): passes, lowering, session. The runtimes themselves are behind node/ and web/.
export * from "./runtime.ts";
