// The versions that a result belongs to.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { packageName } from "../base/index.ts";

const require = createRequire(import.meta.url);

/** Of this package, the runtime and Node. @example versions()["onnxruntime-node"] // "1.30.0" */
export function versions(): Readonly<Record<string, string>> {
  const installed = (name: string): string => {
    try {
      return (require(`${name}/package.json`) as { version: string }).version;
    } catch {
      return "absent";
    }
  };
  return { concord: ownVersion(), "onnxruntime-node": installed("onnxruntime-node"), node: process.version };
}

/** From the package.json above, whether this runs from sources or from dist. */
function ownVersion(): string {
  for (const up of ["../../", "../../../"]) {
    try {
      const found = JSON.parse(readFileSync(new URL(`${up}package.json`, import.meta.url), "utf8")) as {
        name?: string;
        version: string;
      };
      if (found.name === packageName) return found.version;
    } catch {
      // one level further up
    }
  }
  return "unknown";
}
