// concord audit: the parts of an audit on a finished run, or fairness of any system's table of answers.
import { stat } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { nearestName, numberIn } from "../../base/index.ts";
import { writeFileAtomically } from "../../formats/node/index.ts";
import { say } from "../../messages/index.ts";
import { type AuditName, auditNames } from "../../recipe/index.ts";
import { auditRun, auditTable, auditTablePage, tableText } from "../../runs/index.ts";
import { argumentError, type CommandContext, writeResult } from "../context.ts";
import { untilInterrupted } from "../interrupted.ts";
import { type ReadingOptions, writingOf } from "../reading.ts";
import { showRun } from "../show-run.ts";

export interface AuditCommandOptions extends ReadingOptions {
  readonly parts?: string;
  readonly predictions?: string;
  readonly truth?: string;
  readonly predicted?: string;
  readonly score?: string;
  readonly threshold?: number;
  readonly positive?: string;
  readonly probabilities?: string;
  readonly numbers?: boolean;
  readonly attributes?: string;
  readonly bins?: readonly string[];
  readonly missing?: string;
  readonly group?: string;
  readonly tolerance?: number;
  readonly measures?: string;
  /** False with `--no-pairs`. */
  readonly pairs: boolean;
  readonly resamples?: number;
  readonly smallest?: number;
  readonly out?: string;
}

export async function audit(
  given: string | undefined,
  options: AuditCommandOptions,
  context: CommandContext,
): Promise<void> {
  const { out } = options;
  // a file is a table of answers, a folder is a run
  const isTable = given !== undefined && (await stat(given).catch(() => undefined))?.isFile() === true;
  if (isTable && options.predictions !== undefined)
    throw argumentError("audit", { problem: "two tables are given", expected: "one table", got: given });
  const [run, predictions] = isTable ? [undefined, given] : [given, options.predictions];
  if ((run === undefined) === (predictions === undefined))
    throw argumentError("audit", {
      problem: run === undefined ? "there is nothing to audit" : "a run and a table are given",
      expected: "a run folder, or a table of predictions",
    });
  checkOptions(options);
  const formats = run === undefined ? [".json", ".html"] : [".json"];
  if (out !== undefined && !formats.includes(extname(out).toLowerCase()))
    throw argumentError("--out", {
      problem: "the name does not tell the format",
      expected: formats.join(" or "),
      got: out,
      hint: run === undefined ? undefined : "a run's own report.html shows its audit",
    });
  if (run !== undefined) return await ofRun(run, options, context);
  await ofTable(predictions!, options, context);
}

const list = (text: string | undefined): string[] | undefined =>
  text
    ?.split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

function checkOptions({
  tolerance,
  resamples,
  smallest,
  threshold,
  score,
  predicted,
  probabilities,
  numbers,
}: AuditCommandOptions): void {
  const whole = (name: string, value: number | undefined, least: number) => {
    if (value !== undefined && !(Number.isInteger(value) && value >= least))
      throw argumentError(name, {
        problem: "not such a count",
        expected: `${least}, ${least + 1}, …`,
        got: String(value),
      });
  };
  whole("--resamples", resamples, 2);
  whole("--smallest", smallest, 1);
  if (tolerance !== undefined && !(tolerance >= 0))
    throw argumentError("--tolerance", {
      problem: "a gap is not below 0",
      expected: "0 or more",
      got: String(tolerance),
    });
  if (threshold !== undefined && (score === undefined || predicted !== undefined))
    throw argumentError("--threshold", {
      problem: score === undefined ? "there are no scores to compare with it" : "the table already has predictions",
      expected: "--score without --predicted",
    });
  if (numbers && (score !== undefined || probabilities !== undefined))
    throw argumentError("--numbers", { problem: "numbers have no scores", expected: "--truth and --predicted" });
}

async function ofTable(file: string, options: AuditCommandOptions, context: CommandContext): Promise<void> {
  const { truth, attributes, out, smallest, measures, probabilities } = options;
  const needed = (name: string, value: string | undefined): string => {
    if (value !== undefined) return value;
    throw argumentError(name, { problem: "a table of predictions needs this column", expected: `${name} <column>` });
  };
  const names = list(needed("--attributes", attributes))!;
  if (names.length === 0)
    throw argumentError("--attributes", { problem: "no column is named", expected: "--attributes sex,region" });
  const { encoding, delimiter, decimal, sheet, bins, missing, ...rest } = options;
  const asked = {
    ...rest,
    truth: needed("--truth", truth),
    attributes: names,
    smallestCell: smallest,
    measures: list(measures),
    probabilities: list(probabilities),
    ...writingOf({ encoding, delimiter, decimal, sheet }),
    edges: edgesOf(bins ?? [], names),
    missing: list(missing),
  };
  const findings = await auditTable(file, asked);
  if (out !== undefined) {
    const record = { format: "concord-audit", version: 1, part: "fairness", ...findings };
    const text =
      extname(out).toLowerCase() === ".html"
        ? await auditTablePage(file, asked, findings, context.language)
        : `${JSON.stringify(record, null, 2)}\n`;
    await writeFileAtomically(out, [new TextEncoder().encode(text)]);
    if (!context.quiet) context.stderr.write(`${say(context.language, "audit.written", { path: out })}\n`);
  }
  writeResult(context, findings, () => tableText(findings, context.language));
}

/** `age=18,40,65` by attribute; `age=none` has no edges. @throws E_ARGUMENT */
function edgesOf(given: readonly string[], attributes: readonly string[]): Record<string, number[]> {
  const edges: Record<string, number[]> = Object.create(null);
  for (const text of given) {
    const at = text.lastIndexOf("=");
    const name = text.slice(0, Math.max(at, 0));
    if (!attributes.includes(name))
      throw argumentError("--bins", {
        problem: "there is no such attribute",
        expected: attributes.map((attribute) => `${attribute}=<edges>`).join(" or "),
        got: text,
      });
    const numbers =
      text.slice(at + 1) === "none"
        ? []
        : text
            .slice(at + 1)
            .split(",")
            .map((edge) => numberIn(edge) ?? Number.NaN);
    if (!numbers.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > numbers[i - 1]!)))
      throw argumentError("--bins", {
        problem: "these are no edges",
        expected: `${name}=18,40,65: ascending numbers, or none`,
        got: text,
      });
    edges[name] = numbers;
  }
  return edges;
}

/** Options of a table that a run has no use for. */
const ofTables = [
  "truth",
  "predicted",
  "score",
  "threshold",
  "probabilities",
  "numbers",
  "attributes",
  "bins",
  "missing",
  "encoding",
  "delimiter",
  "sheet",
  "decimal",
  "group",
] as const;

async function ofRun(run: string, options: AuditCommandOptions, context: CommandContext): Promise<void> {
  const extra = ofTables.find((name) => options[name] !== undefined);
  if (extra) throw argumentError(`--${extra}`, { problem: "a run has its own columns", expected: "--predictions" });
  const { language, json, quiet, stderr, stdout } = context;
  const { show, stopping } = showRun(context, () => true); // the findings are the result
  const records = await untilInterrupted(
    context,
    (signal) =>
      auditRun(run, {
        parts: list(options.parts)?.map(auditNamed),
        settings: { fairness: fairnessSettings(options) },
        language,
        signal,
        onEvent: show,
      }),
    stopping,
  );
  const values = Object.assign({}, ...auditNames.map((part) => records[part]?.values)) as Record<string, unknown>;
  if (json) stdout.write(`${JSON.stringify({ kind: "audit", parts: Object.keys(records), values })}\n`);
  if (options.out !== undefined)
    await writeFileAtomically(options.out, [
      new TextEncoder().encode(`${JSON.stringify({ format: "concord-audit", version: 1, values }, null, 2)}\n`),
    ]);
  const lines = [say(language, "audit.written", { path: join(resolve(run), "audit") })];
  if (Object.keys(records).length) lines.push(say(language, "audit.remade"));
  if (!quiet) stderr.write(`${lines.join("\n")}\n`);
}

/** What the options say of fairness, for the settings of the recipe to be overridden by. */
function fairnessSettings({ tolerance, measures, pairs, resamples, positive }: AuditCommandOptions) {
  const given = { tolerance, measures: list(measures), pairs: pairs ? undefined : false, resamples, positive };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function auditNamed(name: string): AuditName {
  const found = auditNames.find((part) => part === name);
  if (found) return found;
  const near = nearestName(name, auditNames);
  throw argumentError("--parts", {
    problem: "there is no such part",
    expected: auditNames.join(", "),
    got: name,
    hint: near && `did you mean ${near}?`,
  });
}
