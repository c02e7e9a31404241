// The truth of a study in a database: its trials, who works on which until when, and what came of them. Each trial is counted once: whoever
// takes one over raises its token, and what comes with an older token is refused. Knows no sampler and no recipe.
import { setTimeout } from "node:timers/promises";
import { ConcordError, isConcordError } from "../base/index.ts";
import { inTurn, type Sql, type SqlConnection, type SqlRow } from "../database/index.ts";
import type { Point, Trial } from "../search/index.ts";

/** A trial that a worker holds. */
export interface Claim {
  readonly number: number;
  readonly point: Point;
  /** Raised each time that somebody takes the trial over. */
  readonly token: number;
  /** Whether another worker began it. */
  readonly again: boolean;
}

/** How a trial ended. */
export type Ending =
  | { readonly state: "finished"; readonly costs: readonly number[] }
  | { readonly state: "pruned" }
  | { readonly state: "failed"; readonly problem: string };

/** Its end, and the time that it took. */
export type Outcome = Ending & { readonly ms: number };

/** A trial with what the report shows of it. */
export type StudyTrial = Trial & {
  /** Time that its last worker took. */
  readonly ms?: number;
  readonly problem?: string;
  /** When it was first claimed, and when it was counted: milliseconds since 1970 by the database's clock. Absent in studies of older versions. */
  readonly started?: number;
  readonly ended?: number;
};

export interface ClaimOptions {
  readonly worker: string;
  /** Time after which others may take the trial over unless it is renewed. */
  readonly leaseMs: number;
  /** Most trials of the study. */
  readonly most: number;
  /** The next point, undefined when there is none. Asked while no other worker can claim. */
  suggest(history: readonly StudyTrial[]): Point | undefined;
}

export interface StudyStore {
  /** A trial whose worker is gone, else a new one; undefined when none is left. @throws as `suggest` */
  claim(options: ClaimOptions): Promise<Claim | undefined>;
  /** False when somebody else has taken the trial over. */
  renew(claim: Claim, leaseMs: number): Promise<boolean>;
  /** Keeps a cost on the way. False when somebody else has taken the trial over. */
  report(claim: Claim, step: number, cost: number): Promise<boolean>;
  /** Counts the trial. False when it was counted before, or somebody else has taken it over. */
  finish(claim: Claim, outcome: Outcome): Promise<boolean>;
  /** Gives a trial back that was not ended: others may take it over at once. */
  release(claim: Claim): Promise<void>;
  /** Ends all leases: for whoever knows that no worker lives. */
  releaseAll(): Promise<void>;
  /** Trials that somebody works on. */
  alive(): Promise<number>;
  /** All trials by their numbers. */
  trials(): Promise<StudyTrial[]>;
  /** Adds time to what the study has taken, in milliseconds. @returns all of it */
  spend(ms: number): Promise<number>;
  close(): Promise<void>;
}

const tables = [
  `CREATE TABLE IF NOT EXISTS concord_studies (
    study TEXT PRIMARY KEY, format INTEGER NOT NULL, settings TEXT NOT NULL, spent BIGINT NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS concord_trials (
    study TEXT NOT NULL, number INTEGER NOT NULL, point TEXT NOT NULL, state TEXT NOT NULL, token INTEGER NOT NULL, worker TEXT NOT NULL,
    lease BIGINT NOT NULL, costs TEXT, problem TEXT, ms DOUBLE PRECISION, PRIMARY KEY (study, number))`,
  `CREATE TABLE IF NOT EXISTS concord_times (
    study TEXT NOT NULL, number INTEGER NOT NULL, started BIGINT NOT NULL, ended BIGINT, PRIMARY KEY (study, number))`,
  `CREATE TABLE IF NOT EXISTS concord_curves (
    study TEXT NOT NULL, number INTEGER NOT NULL, step INTEGER NOT NULL, cost DOUBLE PRECISION, PRIMARY KEY (study, number, step))`,
];

/**
 * Opens a study; makes it where there is none.
 * @param settings what determines its suggestions, as text
 * @param upgraded settings that an earlier version kept, as this one would. Default as they are
 * @throws E_CONFIG when the study was begun with other settings; E_VERSION for a newer version's
 */
export async function openStudyStore(
  sql: Sql,
  study: string,
  settings: string,
  upgraded: (kept: string) => string = (kept) => kept,
): Promise<StudyStore> {
  const turn = inTurn(sql);
  const writing: typeof turn = (work) => patient(() => turn(work));
  await turn(async ({ all, run }) => {
    for (const statement of tables) await run(statement, []);
    const [known] = await all("SELECT format, settings FROM concord_studies WHERE study = ?", [study]);
    if (known) checkSame(known, settings, study, upgraded);
    else
      await run("INSERT INTO concord_studies (study, format, settings, spent) VALUES (?, 1, ?, 0)", [study, settings]);
  });
  const lease = (ms: number) => `${sql.nowMs} + ${Math.round(ms)}`;
  /** Does something with a trial that the claim still holds. */
  const held = ({ number, token }: Claim, work: (connection: SqlConnection) => Promise<void>): Promise<boolean> =>
    writing(async (connection) => {
      const [row] = await connection.all(
        "SELECT number FROM concord_trials WHERE study = ? AND number = ? AND token = ? AND state = 'running'",
        [study, number, token],
      );
      if (row) await work(connection);
      return row !== undefined;
    });
  return {
    claim: (options) => writing((connection) => claimed(connection, sql, study, options)),
    renew: (claim, leaseMs) =>
      held(claim, ({ run }) =>
        run(`UPDATE concord_trials SET lease = ${lease(leaseMs)} WHERE study = ? AND number = ?`, [
          study,
          claim.number,
        ]),
      ),
    report: (claim, step, cost) =>
      held(claim, ({ run }) =>
        run(
          "INSERT INTO concord_curves (study, number, step, cost) VALUES (?, ?, ?, ?) ON CONFLICT (study, number, step) DO UPDATE SET cost = excluded.cost",
          [study, claim.number, step, finite(cost)],
        ),
      ),
    finish: (claim, outcome) => held(claim, (connection) => counted(connection, sql, study, claim, outcome)),
    release: async (claim) => {
      await held(claim, ({ run }) =>
        run("UPDATE concord_trials SET lease = 0 WHERE study = ? AND number = ?", [study, claim.number]),
      );
    },
    alive: () =>
      patient(async () => {
        const [row] = await sql.all(
          `SELECT COUNT(*) AS count FROM concord_trials WHERE study = ? AND state = 'running' AND lease > ${sql.nowMs}`,
          [study],
        );
        return Number(row?.count ?? 0);
      }),
    releaseAll: () =>
      writing(({ run }) => run("UPDATE concord_trials SET lease = 0 WHERE study = ? AND state = 'running'", [study])),
    trials: () => patient(() => trialsOf(sql, study)),
    spend: (ms) =>
      writing(async ({ all, run }) => {
        await run("UPDATE concord_studies SET spent = spent + ? WHERE study = ?", [Math.round(ms), study]);
        const [row] = await all("SELECT spent FROM concord_studies WHERE study = ?", [study]);
        return Number(row?.spent ?? 0);
      }),
    close: async () => {
      await turn(async () => undefined).catch(() => undefined); // what is being written comes first
      await sql.close();
    },
  };
}

/** How long a database may be away, and the first pause before it is asked again, in milliseconds. */
const [longestAwayMs, firstPauseMs] = [60_000, 100];

/**
 * Asks again while a database is away: it restarts, or its connection was lost. Work that was done although its answer was lost is done again,
 * which changes nothing: tokens and states are compared first. At worst a trial is claimed that nobody begins, and its lease ends.
 */
async function patient<T>(work: () => Promise<T>): Promise<T> {
  for (let [waited, pause] = [0, firstPauseMs]; ; waited += pause, pause = Math.min(2 * pause, 5000)) {
    try {
      return await work();
    } catch (fault) {
      if (!isAway(fault) || waited >= longestAwayMs) throw fault;
      await setTimeout(pause);
    }
  }
}

/** Node's codes of lost connections, PostgreSQL's of class 08 and of its start and shutdown. */
const isAway = (fault: unknown): boolean => {
  if (!isConcordError(fault, "E_IO")) return false;
  const cause = fault.facts.cause as { code?: unknown; message?: unknown } | undefined;
  return (
    /^(ECONNREFUSED|ECONNRESET|EPIPE|08\d\d\d|57P0[123])$/.test(String(cause?.code)) ||
    /^Connection terminated/.test(String(cause?.message))
  );
};

/** Infinity and NaN are kept as nothing: the worst cost. */
const finite = (cost: number): number | null => (Number.isFinite(cost) ? cost : null);

function checkSame(
  { format, settings: kept }: SqlRow,
  settings: string,
  study: string,
  upgraded: (kept: string) => string,
): void {
  if (Number(format) > 1)
    throw new ConcordError("E_VERSION", {
      operation: "open study",
      problem: "the study was made by a newer version",
      expected: "version 1",
      got: `version ${format}`,
      path: study,
    });
  if (kept === settings) return;
  const own = upgraded(String(kept));
  if (own === settings) return;
  const changed = changedKeys(JSON.parse(own), JSON.parse(settings));
  throw new ConcordError("E_CONFIG", {
    operation: "open study",
    problem: "the study was begun with other settings: their trials cannot be compared",
    got: `changed: ${changed.slice(0, 5).join(", ")}`,
    hint: "name another folder with --out, or restore the settings",
    path: study,
  });
}

function changedKeys(a: unknown, b: unknown, at = ""): string[] {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null)
    return Object.is(a, b) ? [] : [at || "settings"];
  const [x, y] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  return [...new Set([...x.keys(), ...y.keys()])].flatMap((key) =>
    changedKeys(x.get(key), y.get(key), at ? `${at}.${key}` : key),
  );
}

async function claimed(
  connection: SqlConnection,
  { nowMs }: Pick<Sql, "nowMs">,
  study: string,
  { worker, leaseMs, most, suggest }: ClaimOptions,
): Promise<Claim | undefined> {
  const lease = `${nowMs} + ${Math.round(leaseMs)}`;
  const [left] = await connection.all(
    `SELECT number, point, token FROM concord_trials WHERE study = ? AND state = 'running' AND lease <= ${nowMs} ORDER BY number LIMIT 1`,
    [study],
  );
  if (left) {
    const [number, token] = [Number(left.number), Number(left.token) + 1];
    await connection.run(
      `UPDATE concord_trials SET token = ?, worker = ?, lease = ${lease} WHERE study = ? AND number = ?`,
      [token, worker, study, number],
    );
    return { number, token, point: JSON.parse(String(left.point)) as Point, again: true };
  }
  const history = await trialsOf(connection, study);
  const point = history.length < most ? suggest(history) : undefined;
  if (point === undefined) return undefined;
  const number = history.length;
  await connection.run(
    `INSERT INTO concord_trials (study, number, point, state, token, worker, lease) VALUES (?, ?, ?, 'running', 1, ?, ${lease})`,
    [study, number, JSON.stringify(point), worker],
  );
  await connection.run(`INSERT INTO concord_times (study, number, started) VALUES (?, ?, ${nowMs})`, [study, number]);
  return { number, point, token: 1, again: false };
}

async function counted(
  { run }: SqlConnection,
  { nowMs }: Pick<Sql, "nowMs">,
  study: string,
  { number }: Claim,
  outcome: Outcome,
): Promise<void> {
  await run("UPDATE concord_trials SET state = ?, costs = ?, problem = ?, ms = ? WHERE study = ? AND number = ?", [
    outcome.state,
    outcome.state === "finished" ? JSON.stringify(outcome.costs) : null,
    outcome.state === "failed" ? outcome.problem : null,
    outcome.ms,
    study,
    number,
  ]);
  await run(`UPDATE concord_times SET ended = ${nowMs} WHERE study = ? AND number = ?`, [study, number]);
}

async function trialsOf({ all }: Pick<SqlConnection, "all">, study: string): Promise<StudyTrial[]> {
  const trials = await all(
    `SELECT trials.*, times.started, times.ended FROM concord_trials AS trials
     LEFT JOIN concord_times AS times ON times.study = trials.study AND times.number = trials.number
     WHERE trials.study = ? ORDER BY trials.number`,
    [study],
  );
  const costs = await all("SELECT number, step, cost FROM concord_curves WHERE study = ? ORDER BY number, step", [
    study,
  ]);
  const curves = new Map<number, { step: number; cost: number }[]>();
  for (const { number, step, cost } of costs) {
    const curve = curves.get(Number(number)) ?? [];
    curve.push({ step: Number(step), cost: cost === null ? Number.NaN : Number(cost) });
    curves.set(Number(number), curve);
  }
  return trials.map((row) => ({
    number: Number(row.number),
    point: JSON.parse(String(row.point)) as Point,
    state: String(row.state) as Trial["state"],
    curve: curves.get(Number(row.number)) ?? [],
    ...(row.costs !== null && { costs: costsIn(String(row.costs)) }),
    ...(row.problem !== null && { problem: String(row.problem) }),
    ...(row.ms !== null && { ms: Number(row.ms) }),
    ...(row.started !== null && { started: Number(row.started) }),
    ...(row.ended !== null && { ended: Number(row.ended) }),
  }));
}

/** JSON has null for what is no number: such a cost is never the best. */
const costsIn = (text: string): number[] => (JSON.parse(text) as (number | null)[]).map((cost) => cost ?? Number.NaN);
