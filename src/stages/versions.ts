// The versions that a result belongs to.
import { ownVersion } from "../formats/node/index.ts";
import { nativeRuntime } from "../runtime/node/native.ts";

/** Of this package, the runtime and Node. @example versions()["onnxruntime-node"] // "1.30.0" */
export const versions = (): Readonly<Record<string, string>> => ({
  concord: ownVersion(),
  "onnxruntime-node": nativeRuntime()?.version ?? "absent",
  node: process.version,
});
