// The files of a release that are made from its passport and who signed it, by name: made when releasing, made again when verifying. Their wording may change
// from version to version, so the log's entry of a release holds their digests.

import { digestOf } from "../artifacts/index.ts";
import type { Passport } from "../passport/index.ts";
import { aiRmfFile, annexIvFile, type Decision, mlBom, modelCard, plainPage } from "../report/index.ts";
import { cardName, codeDigest } from "./build-passport.ts";
import { releasedRecipe } from "./names.ts";

/** Path in the release → text. */
export const renderings = (passport: Passport, decision: Decision): Readonly<Record<string, string>> => ({
  [`model/${cardName}`]: modelCard(passport),
  "bom.cdx.json": mlBom(passport),
  "annex-iv.md": annexIvFile(passport),
  "ai-rmf.md": aiRmfFile(passport),
  "plain.html": plainPage(passport, decision),
  [releasedRecipe]: passport.recipe,
});

/** SHA-256 of each rendering, for the log's entry of a release. */
export const renderingDigests = (passport: Passport, decision: Decision): Record<string, string> =>
  Object.fromEntries(Object.entries(renderings(passport, decision)).map(([name, text]) => [name, digestOf(text)]));

/**
 * What the renderings of a release must be, and which of them nobody can tell.
 * @param decision who signed, and when it was logged
 * @param logged `renderings` of the log's entry: releases made before 2026-11-29 have none
 * @returns `digests`: SHA-256 by name. `strict`: whether this code made the release; if not, and nothing was logged, a page that differs may
 * be worded by another version
 */
export async function expectedRenderings(
  passport: Passport,
  decision: Decision,
  logged: unknown,
): Promise<{ readonly digests: Readonly<Record<string, string>>; readonly strict: boolean }> {
  const made = renderingDigests(passport, decision);
  if (passport.digests.code === (await codeDigest())) return { digests: made, strict: true };
  const kept = Object.entries(typeof logged === "object" && logged !== null ? logged : {});
  if (kept.length === 0) return { digests: made, strict: false };
  return { digests: Object.fromEntries(kept.map(([name, digest]) => [name, String(digest)])), strict: true };
}
