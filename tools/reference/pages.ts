// The pages that tools write, and where they lie. `npm run schema` writes them; a test holds them.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { commandsPage } from "./commands-page.ts";
import { errorsPage } from "./errors-page.ts";
import { languages, placeOf } from "./markdown.ts";
import { policyPage } from "./policy-page.ts";
import { recipePage } from "./recipe-page.ts";

const writers = {
  "reference/recipe": recipePage,
  "reference/policy": policyPage,
  commands: commandsPage,
  errors: errorsPage,
} as const;

export const docsFolder = fileURLToPath(new URL("../../docs", import.meta.url));

/** Generated pages: path below docs/, and text. */
export const generatedPages = (): { readonly path: string; readonly text: string }[] =>
  Object.entries(writers).flatMap(([path, write]) =>
    languages.map((language) => ({ path: placeOf(path, language), text: `${write(language).trimEnd()}\n` })),
  );

export function writeGeneratedPages(): void {
  for (const { path, text } of generatedPages()) {
    mkdirSync(dirname(join(docsFolder, path)), { recursive: true });
    writeFileSync(join(docsFolder, path), text);
  }
}
