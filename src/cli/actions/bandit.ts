// concord bandit: learns a policy from a table of decisions and says what it would have earned; chooses by a policy.
import { readFile } from "node:fs/promises";
import {
  contextOf,
  type DecisionColumns,
  decisionReader,
  evaluatePolicy,
  fixedPolicy,
  type LoggedDecision,
  learnPolicy,
  loggedDecisions,
  loggedValue,
  type OffPolicyReport,
  type Policy,
  type PolicyKind,
  type PolicyValue,
  policyDifference,
  policyFile,
  policyOf,
  type ReadDecision,
  readPolicyFile,
  uniformPolicy,
} from "../../bandits/index.ts";
import { random, shuffle } from "../../base/index.ts";
import { ioError, writeFileAtomically } from "../../formats/node/index.ts";
import { type Language, say } from "../../messages/index.ts";
import { readRows } from "../../tables/node/index.ts";
import { argumentError, type CommandContext, writeResult } from "../context.ts";
import { type ReadingOptions, writingOf } from "../reading.ts";

export interface LearnCommandOptions extends ReadingOptions {
  readonly context?: readonly string[];
  readonly action?: string;
  readonly reward?: string;
  readonly propensity?: string;
  readonly kind?: string;
  readonly exploration?: number;
  readonly lambda?: number;
  readonly clip?: number;
  readonly test?: number;
  readonly seed?: number;
  readonly out?: string;
}

/** A policy with its estimates; the logged one has its own rewards. */
interface JudgedPolicy extends Pick<OffPolicyReport, "ips" | "snips" | "dr" | "effectiveRows" | "clipped"> {
  readonly name: string;
}

/** @throws E_ARGUMENT for options out of range; E_DATA for a log that cannot be used; E_IO */
export async function learnBandit(log: string, options: LearnCommandOptions, context: CommandContext): Promise<void> {
  const { kind = "linucb", exploration, lambda, clip, test = 0.5, seed = 0, out } = options;
  if (!(test > 0 && test < 1))
    throw argumentError("--test", {
      problem: "not a share of the log",
      expected: "above 0 and below 1",
      got: `${test}`,
    });
  const records = await recordsOf(log, options);
  const columns = columnsOf(records, options);
  const [train, held] = halves(records, test, seed);
  const reader = decisionReader(records, columns);
  const [learned, judged] = [loggedDecisions(reader, train, columns), loggedDecisions(reader, held, columns)];
  const actions = reader.actions.length;
  const settings = { actions, exploration, lambda, seed };
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  const policy = learnPolicy(learned, { ...given, kind: kind as PolicyKind, actions });
  const best = bestFixed(learned, actions, clip);
  const judge = (one: Policy) => evaluatePolicy(judged, one, { actions, clip, lambda });
  const reports = {
    [kind]: judge(policyOf(policy)),
    best: judge(fixedPolicy(actions, best)),
    uniform: judge(uniformPolicy(actions)),
  };
  const difference = policyDifference(reports[kind]!, reports.best);
  const found = {
    decisions: { learned: learned.length, judged: judged.length },
    actions: reader.actions,
    best: reader.actions[best]!,
    propensity: columns.propensity ?? "frequency",
    logged: loggedValue(judged),
    policies: Object.entries(reports).map(([name, { terms: _, ...report }]): JudgedPolicy => ({ name, ...report })),
    difference,
    clip: clip ?? null,
  };
  if (out !== undefined) await writeFileAtomically(out, [new TextEncoder().encode(policyFile({ policy, reader }))]);
  writeResult(context, found, () => reportText(found, context.language));
}

/** Rows of a table with their places. */
async function recordsOf(file: string, options: ReadingOptions): Promise<ReadDecision[]> {
  const { encoding, delimiter, sheet } = writingOf(options);
  const records: ReadDecision[] = [];
  for await (const { line, fields } of readRows(file, { encoding, delimiter, sheet }))
    records.push({ fields, place: `${file}:${line}` });
  return records;
}

function columnsOf(records: readonly ReadDecision[], options: LearnCommandOptions): DecisionColumns {
  const { context = [], action = "action", reward = "reward" } = options;
  if (context.length === 0)
    throw argumentError("--context", {
      problem: "no column says what is known before the choice",
      expected: "one column or more, such as --context age region",
    });
  const isThere = records[0] !== undefined && "propensity" in records[0].fields;
  const propensity = options.propensity ?? (isThere ? "propensity" : undefined);
  return { context, action, reward, ...(propensity !== undefined && { propensity }) };
}

/** Rows to learn from, and rows to judge by, drawn with the seed. */
function halves(records: readonly ReadDecision[], test: number, seed: number): [ReadDecision[], ReadDecision[]] {
  const order = shuffle([...records.keys()], random(seed).split("bandit"));
  const held = new Set(order.slice(0, Math.round(test * records.length)));
  return [records.filter((_, i) => !held.has(i)), records.filter((_, i) => held.has(i))];
}

/** The action that looks best on the rows to learn from, by SNIPS. */
function bestFixed(log: readonly LoggedDecision[], actions: number, clip: number | undefined): number {
  const values = Array.from(
    { length: actions },
    (_, action) => evaluatePolicy(log, fixedPolicy(actions, action), { actions, clip }).snips.value,
  );
  return values.indexOf(Math.max(...values));
}

type Found = {
  readonly decisions: { readonly learned: number; readonly judged: number };
  readonly best: string;
  readonly propensity: string;
  readonly logged: PolicyValue;
  readonly policies: readonly JudgedPolicy[];
  readonly difference: PolicyValue;
};

/** Of fewer decisions intervals by the normal distribution are too short, and no verdict is given. */
const fewRows = 30;

const shown = ({ value, low, high }: PolicyValue): string =>
  `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;

function reportText({ decisions, best, propensity, logged, policies, difference }: Found, language: Language): string {
  const isFew = policies.some(({ effectiveRows }) => effectiveRows < fewRows);
  const verdict = isFew ? "few" : difference.low > 0 ? "better" : difference.high < 0 ? "worse" : "same";
  const lines = policies.map(({ name, ips, snips, dr, effectiveRows, clipped }) =>
    say(language, "bandit.policy", {
      name:
        name === "best"
          ? say(language, "bandit.best", { action: best })
          : name === "uniform"
            ? say(language, "bandit.uniform")
            : name,
      dr: shown(dr),
      snips: shown(snips),
      ips: shown(ips),
      rows: Math.round(effectiveRows),
      clipped,
    }),
  );
  return [
    say(language, `bandit.verdict.${verdict}`, { difference: shown(difference), action: best }),
    ...lines,
    say(language, "bandit.logged", { value: shown(logged), ...decisions }),
    ...(propensity === "frequency" ? [say(language, "bandit.frequency")] : []),
  ].join("\n");
}

/** @throws E_IO, E_FORMAT, E_VERSION for the file; E_DATA for a column that is missing or no number */
export async function chooseAction(
  path: string,
  options: { readonly with?: readonly string[]; readonly seed?: number },
  context: CommandContext,
): Promise<void> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw ioError(cause, "read policy", path);
  });
  const { policy, reader } = readPolicyFile(text, path);
  const fields = Object.fromEntries((options.with ?? []).map(fieldOf));
  const chances = policyOf(policy).probabilities(contextOf(reader, { fields, place: "--with" }));
  const chosen = drawn(
    chances,
    random(options.seed ?? 0)
      .split("choice")
      .float(),
  );
  const result = { action: reader.actions[chosen]!, propensity: chances[chosen]! };
  writeResult(context, result, () =>
    say(context.language, "bandit.chosen", { action: result.action, propensity: result.propensity.toFixed(3) }),
  );
}

/** The action that a number from 0 to 1 falls on. */
function drawn(chances: Float64Array, at: number): number {
  let rest = at;
  for (const [action, chance] of chances.entries()) {
    rest -= chance;
    if (rest < 0) return action;
  }
  return chances.indexOf(Math.max(...chances));
}

function fieldOf(given: string): [string, string] {
  const at = given.indexOf("=");
  if (at > 0) return [given.slice(0, at), given.slice(at + 1)];
  throw argumentError("--with", {
    problem: "no column and value",
    expected: "column=value, such as age=41",
    got: given,
  });
}
