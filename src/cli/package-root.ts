// Where this package lies: its package.json and its schema, from sources and from dist alike.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Folder of concord's package.json. */
export function packageRoot(): string {
  for (const up of ["../../", "../../../"]) {
    const file = new URL(`${up}package.json`, import.meta.url);
    if (
      existsSync(file) &&
      (JSON.parse(readFileSync(file, "utf8")) as { name?: string }).name === "@concord-ai/concord"
    )
      return fileURLToPath(new URL(up, import.meta.url));
  }
  throw new Error("concord's package.json is not above its files");
}

/** Of this package. @example ownVersion() // "0.1.0" */
export const ownVersion = (): string =>
  (JSON.parse(readFileSync(`${packageRoot()}package.json`, "utf8")) as { version: string }).version;
