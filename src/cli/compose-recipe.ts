// The text of a recipe for a table, with a comment for each key; it runs as it stands. Asks nothing, writes nothing.
import { type DecimalMark, padded } from "../base/index.ts";
import { type Language, say } from "../messages/index.ts";
import { type Recipe, recipeText, type TableFacts } from "../recipe/index.ts";
import { type Advice, defaultEncoder, proposes } from "./pretraining-advice.ts";
import { balance } from "./sizes.ts";

/** What was decided about a table. */
export interface RecipeChoices {
  readonly name: string;
  readonly task: Recipe["task"];
  /** As the recipe names it. */
  readonly file: string;
  readonly text: string;
  /** Second text of a pair. */
  readonly pair?: string;
  /** None where each label has a column of its own. */
  readonly label?: string;
  readonly labels?: readonly string[];
  /** Of tags; none where each word has a class of its own. */
  readonly scheme?: "none";
  /** Between several labels in one field. */
  readonly separator?: string;
  /** Mark that begins a fraction in numbers. */
  readonly decimal?: DecimalMark;
  /** Other faults of the table that are meant. */
  readonly accept: readonly string[];
  /** Whether to pretrain, and what on: the table itself, or another. */
  readonly advice: Advice;
  readonly pretrain?: { readonly file?: string; readonly group?: string };
  /** Column that names the parts. */
  readonly part?: string;
  /** Words that mean that nothing is there. */
  readonly missing: readonly string[];
  /** Other keys of data, as they were given: key and value in YAML. */
  readonly given: readonly (readonly [key: string, value: string])[];
  readonly group?: string;
  readonly attributes: readonly string[];
  /** Pretrained model; none for one made anew. */
  readonly model?: string;
  /** What editors complete from. */
  readonly schema: string;
  /** Where it will lie, for its first comment. */
  readonly recipe: string;
}

/** A value on one line of YAML: as plain as it can be, in quotes where line feeds or other signs need them. */
const inline = (value: string | readonly string[]): string => {
  if (typeof value !== "string")
    return `[${value.map((v) => (/^[\p{L}_]+$/u.test(v) ? inline(v) : JSON.stringify(v))).join(", ")}]`;
  return value.includes("\n") ? JSON.stringify(value) : recipeText(value).trimEnd();
};

const line = (code: string, comment: string) => `${padded(code, 34)} # ${comment.replace(/[\r\n]+/g, " ")}`;

/** Sizes of a model made anew: with pretraining those that docs/pretraining.md measured. */
const sizesOf = (advice: Advice): string =>
  advice === "groups"
    ? "{ vocabulary: 3000, width: 256, layers: 1, heads: 4, inner: 256 }"
    : `{ width: 128, layers: ${proposes(advice) ? 1 : 2} }`;

/** How long and how fast, as measured for each kind of start. */
function trainingOf({ model, advice }: RecipeChoices) {
  if (proposes(advice)) return { headFirst: "{ epochs: 5, learningRate: 2e-2 }", epochs: 6, learningRate: "3e-4" };
  if (model === defaultEncoder)
    return { headFirst: "{ epochs: 5, learningRate: 1e-2 }", epochs: 5, learningRate: "2e-4" };
  return model === undefined ? { epochs: 10, learningRate: "1e-3" } : { epochs: 5, learningRate: "5e-5" };
}

/** The section adapt. */
function adaptLines(choices: RecipeChoices, language: Language): string[] {
  const { headFirst, epochs, learningRate } = trainingOf(choices);
  return [
    "adapt:",
    line("  method: full", say(language, "recipe.method")),
    ...(headFirst === undefined ? [] : [line(`  headFirst: ${headFirst}`, say(language, "recipe.headFirst"))]),
    line(`  epochs: ${epochs}`, say(language, "recipe.epochs")),
    "  batchSize: 16",
    `  learningRate: ${learningRate}`,
  ];
}

/** The section pretrain, or why there is none. */
function pretrainLines({ advice, pretrain }: RecipeChoices, language: Language): string[] {
  const why = say(language, `recipe.pretrain.${advice}`);
  if (!proposes(advice)) return [`# pretrain: ${why}`];
  return [
    line("pretrain:", why),
    ...(pretrain?.file === undefined
      ? []
      : [line(`  file: ${inline(pretrain.file)}`, say(language, "recipe.pretrain.file"))]),
    line("  objective: contrast", say(language, "recipe.pretrain.objective")),
    ...(pretrain?.group === undefined
      ? []
      : [line(`  group: ${inline(pretrain.group)}`, say(language, "recipe.pretrain.group"))]),
    `  epochs: ${advice === "groups" ? 2 : 3}`,
    "  learningRate: 1e-3",
    "  temperature: 0.1",
  ];
}

/** @example composeRecipe(choices, await lookAtTable(file), "en").split("\n")[0] // "# yaml-language-server: $schema=…" */
export function composeRecipe(choices: RecipeChoices, facts: TableFacts, language: Language): string {
  const {
    name,
    task,
    file,
    text,
    pair,
    label,
    labels,
    separator,
    decimal,
    group,
    attributes,
    part,
    model,
    schema,
    recipe,
  } = choices;
  const values = facts.columns.find((c) => c.name === label)?.values ?? [];
  const shownValues = values.length ? balance(values) : (label ?? "");
  const given = new Set(choices.given.map(([key]) => key));
  const optional = (key: string, value: string | readonly string[] | undefined, comment: string) =>
    value === undefined || value.length === 0 || given.has(key) ? [] : [line(`  ${key}: ${inline(value)}`, comment)];
  return [
    `# yaml-language-server: $schema=${schema}`,
    `# ${say(language, "recipe.head", { rows: facts.rows, file: file.replace(/[\r\n]+/g, " "), recipe })}`,
    "version: 1",
    `name: ${inline(name)}`,
    line(`task: ${task}`, say(language, "recipe.task")),
    line("seed: 0", say(language, "recipe.seed")),
    "data:",
    line(`  file: ${inline(file)}`, say(language, "recipe.file")),
    line(`  text: ${inline(text)}`, say(language, "recipe.text")),
    ...optional("pair", pair, say(language, "recipe.pair")),
    ...optional("label", label, say(language, "recipe.label", { values: shownValues })),
    ...optional("labels", labels, say(language, "recipe.labels")),
    ...optional("separator", separator, say(language, "recipe.separator")),
    ...optional("scheme", choices.scheme, say(language, "recipe.scheme")),
    ...optional("decimal", decimal, say(language, "recipe.decimal")),
    ...optional("missing", choices.missing, say(language, "recipe.missing")),
    ...optional("accept", choices.accept, say(language, "recipe.accept")),
    ...choices.given.map(([key, value]) => line(`  ${key}: ${value}`, say(language, "recipe.given"))),
    group === undefined
      ? `  # ${say(language, "recipe.noGroup")}`
      : line(`  group: ${inline(group)}`, say(language, "recipe.group", { column: group })),
    ...(attributes.length ? [line(`  attributes: ${inline(attributes)}`, say(language, "recipe.attributes"))] : []),
    ...(given.has("split")
      ? []
      : part === undefined
        ? [line("  split: { dev: 0.1, test: 0.2 }", say(language, "recipe.split"))]
        : [line(`  split: { column: ${JSON.stringify(part)} }`, say(language, "recipe.part"))]),
    "model:",
    ...(model === undefined
      ? [line(`  scratch: ${sizesOf(choices.advice)}`, say(language, "recipe.scratch"))]
      : [
          line(
            `  from: ${inline(model)}`,
            say(language, model === defaultEncoder ? "recipe.fromPackage" : "recipe.from"),
          ),
        ]),
    line("  maxLength: 128", say(language, "recipe.maxLength")),
    ...pretrainLines(choices, language),
    ...adaptLines(choices, language),
    "export:",
    line("  onnx: true", say(language, "recipe.export")),
    "report:",
    line(`  language: ${language}`, say(language, "recipe.report")),
    "",
  ].join("\n");
}
