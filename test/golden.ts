// Where reference numbers come from: the set committed in test/golden (see its README for provenance and tolerances), or
// another set of the same layout named by CONCORD_GOLDEN.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of the reference set in use. */
export const goldenFolder = process.env.CONCORD_GOLDEN ?? fileURLToPath(new URL("./golden", import.meta.url));

/** Path of one file of the set. */
export const goldenPath = (...parts: string[]): string => join(goldenFolder, ...parts);

/** One JSON file of the set. */
export const goldenJson = <T>(...parts: string[]): T => JSON.parse(readFileSync(goldenPath(...parts), "utf8")) as T;

/** A path beside the checkout (`../shared`), or undefined where it is absent: the test that needs it skips with that reason. */
export function sharedPath(...parts: string[]): string | undefined {
  const path = join(fileURLToPath(new URL("../../shared", import.meta.url)), ...parts);
  return existsSync(path) ? path : undefined;
}
