// Who vouches for a release: keys, envelopes, signatures of weights, and the log of what was released.
export * from "./envelope.ts";
export * from "./key-statement.ts";
export * from "./keys.ts";
export * from "./manifest.ts";
export * from "./merkle.ts";
export * from "./model-signature.ts";
export * from "./release-log.ts";
export * from "./signing-handle.ts";
export * from "./sigstore-bundle.ts";
export * from "./timestamp.ts";
