// The versions that a result belongs to.
import { readFileSync } from "node:fs";
import { nativeRuntime } from "../runtime/node/native.ts";

/** Of this package, the runtime and Node. @example versions()["onnxruntime-node"] // "1.30.0" */
export const versions = (): Readonly<Record<string, string>> => ({
  concord: ownVersion(),
  "onnxruntime-node": nativeRuntime()?.version ?? "absent",
  node: process.version,
});

/** From the package.json above, whether this runs from sources or from dist. */
function ownVersion(): string {
  for (const up of ["../../", "../../../"]) {
    try {
      const found = JSON.parse(readFileSync(new URL(`${up}package.json`, import.meta.url), "utf8")) as {
        name?: string;
        version: string;
      };
      if (found.name === "@concord-ai/concord") return found.version;
    } catch {
      // one level further up
    }
  }
  return "unknown";
}
