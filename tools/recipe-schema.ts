// Writes schema/recipe.schema.json, from which editors complete recipes: `npm run schema`.
import { writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { recipeJsonSchema } from "../src/pipeline/index.ts";

/** The text of the committed schema. */
export const schemaText = (): string => `${JSON.stringify(recipeJsonSchema(), null, 2)}\n`;

/** Where it lies. */
export const schemaPath = fileURLToPath(new URL("../schema/recipe.schema.json", import.meta.url));

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) writeFileSync(schemaPath, schemaText());
