// Finds cohorts in which a model errs more than elsewhere: values of attributes and their pairs, labels, lengths, words. Each is
// tested (Fisher's exact test, one side) and the false discovery rate is held (Benjamini & Hochberg 1995). Where rows are of units (patients),
// counts are divided by the design effect first (Rao & Scott 1981, 1992). Pure.
import { intraclass, type Label, shareInterval } from "../eval/index.ts";

/** Rows that have something in common. */
export interface Cohort {
  readonly kind: "attribute" | "pair" | "label" | "length" | "word";
  /** What they have in common, as facts: `sex = f`, `word "cold"`. */
  readonly name: string;
  /** Row numbers, each once. */
  readonly rows: readonly number[];
}

/** A cohort with more errors than the rest. */
export interface Slice {
  readonly kind: Cohort["kind"];
  readonly name: string;
  readonly rows: number;
  readonly errors: number;
  /** Share of errors, with its 95 % interval, and that of all other rows. */
  readonly rate: number;
  readonly low: number;
  readonly high: number;
  readonly rest: number;
  /** Adjusted: the false discovery rate at which it would just be reported. */
  readonly qValue: number;
}

export interface SliceOptions {
  /** Rows that a cohort must have. Default 10. */
  readonly support?: number;
  /** Share of false cohorts that is accepted among those reported. Default 0.05. */
  readonly falseDiscoveryRate?: number;
  /** Cohorts to report. Default 10. */
  readonly most?: number;
  /** [N] Unit (patient) of each row. Default each row by itself. */
  readonly units?: ArrayLike<Label>;
}

export interface SliceSearch {
  /** Worst first: by how many errors more than at the rest's rate. */
  readonly slices: readonly Slice[];
  /** Cohorts that were tested. */
  readonly tested: number;
}

/**
 * Cohorts whose error rate is above that of the other rows. Of two that are almost the same rows (four fifths of both together) the
 * more significant is kept; of one inside another that is reported, only if it errs more than the other does.
 * @param errors 1 for a row that is wrong, 0 for one that is right
 * @example findSlices([1, 1, 0, 0], [{ kind: "attribute", name: "sex = f", rows: [0, 1] }], { support: 2 }).tested // 1
 */
export function findSlices(
  errors: ArrayLike<number>,
  cohorts: readonly Cohort[],
  { support = 10, falseDiscoveryRate = 0.05, most = 10, units }: SliceOptions = {},
): SliceSearch {
  const all = errors.length;
  const wrong = Array.from(errors).reduce((a, b) => a + b, 0);
  const logFactorial = logFactorials(all);
  const worth = designEffect(errors, units);
  const outside = worth(Int32Array.from({ length: all }, (_, row) => row));
  const tested = cohorts
    .filter(({ rows }) => rows.length >= support && rows.length < all)
    .map((cohort) => {
      const hit = cohort.rows.reduce((sum, row) => sum + errors[row]!, 0);
      const value = worth(cohort.rows);
      // counts ÷ design effect, rounded so that the cohort looks no worse
      const [hits, rows] = [Math.floor(hit / value), Math.ceil(cohort.rows.length / value)];
      const [otherHits, others] = [
        Math.ceil((wrong - hit) / outside),
        Math.floor((all - cohort.rows.length) / outside),
      ];
      const total = rows + Math.max(others, otherHits);
      return { cohort, hit, p: upperTail(hits, rows, hits + otherHits, total, logFactorial) };
    })
    .sort((a, b) => a.p - b.p);
  let least = 1;
  const qValues = new Array<number>(tested.length);
  for (let i = tested.length - 1; i >= 0; i--) {
    least = Math.min(least, (tested[i]!.p * tested.length) / (i + 1));
    qValues[i] = least;
  }
  const kept: { slice: Slice; rows: ReadonlySet<number> }[] = [];
  for (const [i, { cohort, hit }] of tested.entries()) {
    if (qValues[i]! > falseDiscoveryRate) break;
    const rows = new Set(cohort.rows);
    if (kept.some((k) => overlap(k.rows, rows) >= 0.8)) continue;
    const inside = kept.find((k) => k.rows.size > rows.size && sharedRows(k.rows, rows) >= 0.95 * rows.size);
    const { slice: outer } = inside ?? {};
    const value = worth(cohort.rows);
    const inner = [Math.floor(hit / value), Math.ceil(rows.size / value)] as const;
    if (outer) {
      const whole = Math.max(inner[1], Math.round(outer.rows / value));
      const wrongs = Math.min(whole, Math.max(inner[0], Math.round(outer.errors / value)));
      if (upperTail(...inner, wrongs, whole, logFactorial) > falseDiscoveryRate) continue;
    }
    const { low, high } = shareInterval(
      cohort.rows.map((row) => errors[row]!),
      units && cohort.rows.map((row) => units[row]!),
    );
    const { kind, name } = cohort;
    const rest = (wrong - hit) / (all - rows.size);
    kept.push({
      rows,
      slice: { kind, name, rows: rows.size, errors: hit, rate: hit / rows.size, low, high, rest, qValue: qValues[i]! },
    });
  }
  const excess = (s: Slice) => s.errors - s.rest * s.rows;
  const slices = kept.map((k) => k.slice).sort((a, b) => excess(b) - excess(a));
  return { slices: slices.slice(0, most), tested: tested.length };
}

/** How many rows of a set are worth as one independent row: 1 + (mean rows of a unit − 1) · how alike rows of a unit err. */
function designEffect(
  errors: ArrayLike<number>,
  units: ArrayLike<Label> | undefined,
): (rows: ArrayLike<number>) => number {
  if (!units) return () => 1;
  const counts = (rows: ArrayLike<number>) => {
    const by = new Map<Label, [hits: number, rows: number]>();
    for (let i = 0; i < rows.length; i++) {
      const [hits, n] = by.get(units[rows[i]!]!) ?? [0, 0];
      by.set(units[rows[i]!]!, [hits + errors[rows[i]!]!, n + 1]);
    }
    return [...by.values()];
  };
  const every = counts(Int32Array.from({ length: errors.length }, (_, row) => row));
  const alike = intraclass([{ hits: every.map(([h]) => h), trials: every.map(([, n]) => n) }]) ?? 0;
  return (rows) => {
    const squares = counts(rows).reduce((sum, [, n]) => sum + n * n, 0);
    return 1 + (squares / rows.length - 1) * alike;
  };
}

function sharedRows(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  let both = 0;
  for (const row of b) if (a.has(row)) both++;
  return both;
}

function overlap(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  const both = sharedRows(a, b);
  return both / (a.size + b.size - both);
}

function logFactorials(most: number): Float64Array {
  const out = new Float64Array(most + 1);
  for (let i = 2; i <= most; i++) out[i] = out[i - 1]! + Math.log(i);
  return out;
}

/** P(at least `hit` errors among `drawn` rows) where `wrong` of `all` are errors: hypergeometric. */
function upperTail(hit: number, drawn: number, wrong: number, all: number, logFactorial: Float64Array): number {
  const choose = (n: number, k: number) => logFactorial[n]! - logFactorial[k]! - logFactorial[n - k]!;
  const base = choose(all, drawn);
  let sum = 0;
  for (let k = Math.max(hit, drawn + wrong - all); k <= Math.min(drawn, wrong); k++)
    sum += Math.exp(choose(wrong, k) + choose(all - wrong, drawn - k) - base);
  return Math.min(1, sum);
}

/** A row as cohorts are made from. */
export interface CohortRow {
  /** Truth, where it is a label. */
  readonly label?: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Its words, however often. Undefined for what is no text. */
  readonly words?: readonly string[];
}

/**
 * All cohorts of at least `support` rows: each value of each attribute, pairs of values of two attributes, each label, quarters by
 * length in words, each word.
 * @example cohortsOf(rows, 10).filter((c) => c.kind === "word")
 */
export function cohortsOf(rows: readonly CohortRow[], support: number): Cohort[] {
  const found = new Map<string, { kind: Cohort["kind"]; rows: number[] }>();
  const put = (kind: Cohort["kind"], name: string, row: number) => {
    const known = found.get(`${kind} ${name}`) ?? { kind, rows: [] };
    found.set(`${kind} ${name}`, known);
    if (known.rows.at(-1) !== row) known.rows.push(row);
  };
  const lengths = rows.flatMap((r) => r.words?.length ?? []).sort((a, b) => a - b);
  const edges = [0.25, 0.5, 0.75].map((share) => lengths[Math.floor(share * (lengths.length - 1))]!);
  for (const [i, { attributes, label, words }] of rows.entries()) {
    const values = Object.entries(attributes).map(([name, value]) => `${name} = ${value}`);
    for (const value of values) put("attribute", value, i);
    for (const [k, first] of values.entries())
      for (const second of values.slice(k + 1)) put("pair", `${first}, ${second}`, i);
    if (label !== undefined) put("label", label, i);
    if (!words) continue;
    const quarter = edges.filter((edge) => words.length > edge).length;
    const from = quarter === 0 ? lengths[0]! : edges[quarter - 1]! + 1;
    put("length", `${from}–${quarter === 3 ? lengths.at(-1)! : edges[quarter]!}`, i);
    for (const word of new Set(words.map((w) => w.toLowerCase()))) if (/[\p{L}\p{N}]/u.test(word)) put("word", word, i);
  }
  return [...found].flatMap(([key, { kind, rows: memberRows }]) =>
    memberRows.length >= support ? [{ kind, name: key.slice(kind.length + 1), rows: memberRows }] : [],
  );
}
