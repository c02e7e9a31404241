// The page of all keys of a recipe, from the schema that reads recipes.
import { recipeJsonSchema } from "../../src/recipe/recipe.ts";
import { generatedBy, type Language } from "./markdown.ts";
import { keySections, type Schema } from "./schema-tables.ts";

const example = `\`\`\`yaml
# yaml-language-server: $schema=node_modules/@concord-ai/concord/schema/recipe.schema.json
version: 1
name: mails
data: { file: mails.csv, text: message, label: kind }
model: { scratch: { width: 128, layers: 1 } }
\`\`\``;

const opening = {
  en: `# Recipe keys

Every key of a recipe of version 1, from \`schema/recipe.schema.json\`. Editors that know JSON Schema complete and check recipes with it:

${example}

Keys without a default may be left out unless they are required. \`--set adapt.epochs=3\` changes a key for one run. [Recipes by example](../recipes.md) shows whole files.`,
  zh: `# 配方的键

版本 1 配方的全部键，取自 \`schema/recipe.schema.json\`。支持 JSON Schema 的编辑器可据此补全并检查配方：

${example}

没有默认值的键，除必填外都可以省略。\`--set adapt.epochs=3\` 可在一次运行中改变某个键。完整的文件见[配方示例](../recipes.md)。`,
};

export const recipePage = (language: Language): string =>
  [
    generatedBy("tools/reference from the schema of src/recipe"),
    opening[language],
    ...keySections(recipeJsonSchema() as Schema, "", language),
  ].join("\n\n");
