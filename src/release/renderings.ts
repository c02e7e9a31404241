// The files of a release that are made from its passport, by name: made when releasing, made again when verifying.
import type { Passport } from "../passport/index.ts";
import { aiRmfFile, annexIvFile, mlBom, modelCard, plainPage } from "../report/index.ts";
import { cardName } from "./build-passport.ts";

/** Path in the release → text. */
export const renderings = (passport: Passport): Readonly<Record<string, string>> => ({
  [`model/${cardName}`]: modelCard(passport),
  "bom.cdx.json": mlBom(passport),
  "annex-iv.md": annexIvFile(passport),
  "ai-rmf.md": aiRmfFile(passport),
  "plain.html": plainPage(passport),
  "recipe.yaml": passport.recipe,
});
