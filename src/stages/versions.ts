// The versions that a result belongs to.
import { ownVersion } from "../formats/node/index.ts";
import { nativeRuntime } from "../runtime/node/native.ts";
import type { EngineFacts } from "../train/index.ts";

/** Of what trained a model in the place of this library. */
export const engineVersions = (engine: EngineFacts | undefined): Readonly<Record<string, string>> =>
  engine === undefined
    ? {}
    : { [engine.name]: engine.version, python: engine.python, device: `${engine.device} ${engine.deviceName}` };

/** Of this package, the runtime and Node. @example versions()["onnxruntime-node"] // "1.30.0" */
export const versions = (): Readonly<Record<string, string>> => ({
  concord: ownVersion(),
  "onnxruntime-node": nativeRuntime()?.version ?? "absent",
  node: process.version,
});
