// The namespace `search` of the library: spaces, samplers, pruners, ask and tell, importance.
export * from "./search/index.ts";
