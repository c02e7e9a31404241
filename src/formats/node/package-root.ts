// Where this package lies: its package.json, models and schema, from sources and from dist alike.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ownName = "@concord-ai/concord";

/** package.json in a folder, where it is this package's. */
function ownPackage(folder: URL): { readonly version: string } | undefined {
  try {
    const found = JSON.parse(readFileSync(new URL("package.json", folder), "utf8")) as {
      name?: string;
      version: string;
    };
    return found.name === ownName ? found : undefined;
  } catch {
    return undefined; // one level further up
  }
}

function found() {
  for (const up of ["../../../", "../../../../"]) {
    const folder = new URL(up, import.meta.url);
    const own = ownPackage(folder);
    if (own) return { folder: fileURLToPath(folder), version: own.version };
  }
  return undefined;
}

/** Folder of concord's package.json, with a separator at its end; undefined where somebody bundled its files without it. */
export const packageRoot = (): string | undefined => found()?.folder;

/** Of this package; `unknown` where its package.json is not above its files. @example ownVersion() // "0.1.0" */
export const ownVersion = (): string => found()?.version ?? "unknown";
