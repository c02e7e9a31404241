// concord explain: which words drive the answer to one text, in the terminal, as JSON, or as a page.
import { extname } from "node:path";
import { nearestName } from "../../base/index.ts";
import { baselineRoles, type ExplanationMethod } from "../../explanation/index.ts";
import { writeFileAtomically } from "../../formats/node/index.ts";
import { say } from "../../messages/index.ts";
import type { TextInput } from "../../predict/index.ts";
import type { Recipe } from "../../recipe/index.ts";
import { explanationPage } from "../../report/index.ts";
import { explainRun, explanationRecord, givenText } from "../../runs/index.ts";
import { argumentError, type CommandContext, rawOf } from "../context.ts";
import { explanationInput, explanationText } from "../explained.ts";

export interface ExplainCommandOptions {
  readonly method?: string;
  readonly label?: string;
  readonly word?: string;
  readonly baseline?: string;
  readonly steps?: number;
  readonly nearest?: number;
  readonly group?: string;
  readonly out?: string;
}

const methods: Readonly<Record<string, ExplanationMethod | "flip">> = {
  ig: "integratedGradients",
  gradient: "gradientInput",
  saliency: "saliency",
  rollout: "rollout",
  occlusion: "occlusion",
  shap: "shap",
  flip: "flip",
};

export async function explain(
  folder: string,
  text: string,
  options: ExplainCommandOptions,
  context: CommandContext,
): Promise<void> {
  const { label, word, steps, nearest, group, out } = options;
  const method = options.method === undefined ? undefined : chosen("--method", options.method, Object.keys(methods));
  const baseline = options.baseline === undefined ? undefined : chosen("--baseline", options.baseline, baselineRoles);
  checkNumbers(options);
  const found = await explainRun(folder, text, {
    method: method === undefined ? undefined : methods[method]!,
    label,
    word,
    baseline,
    steps,
    nearest,
    group,
    inputOf: (recipe) => inputOf(text, recipe),
  });
  const { language, json, quiet, stdout, stderr, env } = context;
  const input = explanationInput(found, language);
  if (out !== undefined) {
    await writeFileAtomically(out, [new TextEncoder().encode(explanationPage(input))]);
    if (!quiet) stderr.write(`${say(language, "explain.written", { path: out })}\n`);
  }
  if (found.isCompressed && method === undefined && !quiet && !json)
    stderr.write(`${say(language, "explain.compressed")}\n`);
  const colour = stdout.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
  if (found.decidedBy && !quiet && !json)
    stderr.write(`${say(language, "mitigation.explained", { rule: found.decidedBy })}\n`);
  if (json) stdout.write(`${JSON.stringify(explanationRecord(found))}\n`);
  else if (out === undefined) rawOf(stdout).write(`${explanationText(input, colour)}\n`);
}

/** The text as the run's own rows are read. @throws E_ARGUMENT for one that cannot be used */
function inputOf(text: string, recipe: Recipe | undefined): TextInput {
  const shape = { pair: recipe?.data.pair !== undefined, longest: recipe?.data.longestText ?? 100_000, words: false };
  const { input } = givenText(text, shape);
  if ("unusable" in input)
    throw argumentError("explain", {
      problem: input.unusable === "no-text" ? "the text is empty" : "the text is longer than the limit",
      expected: `a text of 1 … ${shape.longest} characters`,
      got: JSON.stringify(text.slice(0, 60)),
    });
  // as it was given, so that offsets count in it; the model reads it cleaned
  return typeof input.content === "string" ? text : (text.split("\t") as [string, string]);
}

function chosen<Name extends string>(option: string, got: string, known: readonly Name[]): Name {
  const found = known.find((name) => name === got);
  if (found !== undefined) return found;
  const near = nearestName(got, known);
  throw argumentError(option, {
    problem: "there is no such choice",
    expected: known.join(", "),
    got,
    hint: near && `did you mean ${near}?`,
  });
}

function checkNumbers({ method = "ig", steps, nearest = 0, out, label, baseline }: ExplainCommandOptions): void {
  if (steps !== undefined && method !== "ig")
    throw argumentError("--steps", { problem: "only ig has steps", expected: "--method ig", got: method });
  if (baseline !== undefined && !["ig", "occlusion", "shap"].includes(method))
    throw argumentError("--baseline", {
      problem: "the method hides no words",
      expected: "--method ig, occlusion or shap",
      got: method,
    });
  if (!(Number.isInteger(nearest) && nearest >= 0 && nearest <= 100))
    throw argumentError("--nearest", { problem: "not a count", expected: "0 … 100", got: String(nearest) });
  if (label === "") throw argumentError("--label", { problem: "the label is empty", expected: "a label of the model" });
  if (out !== undefined && extname(out).toLowerCase() !== ".html")
    throw argumentError("--out", { problem: "the name does not tell the format", expected: ".html", got: out });
}
