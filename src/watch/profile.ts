// What a model's inputs and answers looked like on rows that it had not learned from: counts in bins, no row and no text. Knows no file.
import { ConcordError, random } from "../base/index.ts";

/** A number of each answer, counted in bins: bin b holds edges[b − 1] < x ≤ edges[b]. */
export interface NumberProfile {
  /** Ascending, one fewer than bins. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  /** Mean of the values in each bin. */
  readonly means: readonly number[];
}

/** What answers are compared with. */
export interface Profile {
  readonly format: "concord-profile";
  readonly version: 1;
  readonly rows: number;
  /** `input.length`, `answer.confidence`, `answer.value`, `embedding.0` … */
  readonly numbers: Readonly<Record<string, NumberProfile>>;
  /** Rows of each answer. */
  readonly answers: Readonly<Record<string, number>>;
  /** Random directions that vectors are projected on, by their seed. */
  readonly projection?: Projection;
}

export interface Projection {
  readonly seed: number;
  readonly width: number;
  readonly directions: number;
}

/** What is measured of one answer. */
export interface Measurement {
  readonly numbers: Readonly<Record<string, number>>;
  /** The answer as a category; undefined for numbers, and where the model abstained. */
  readonly answer?: string;
  /** What the head reads [H]. */
  readonly features?: ArrayLike<number>;
}

export interface ProfileOptions {
  /** Bins of a number, as equally filled as its values allow. Default 20. */
  readonly bins?: number;
  /** Fewest rows of a bin: less is told of single rows. Default 10. */
  readonly smallest?: number;
  /** Random directions of the vectors. Default 16. */
  readonly directions?: number;
  readonly seed?: number;
}

/**
 * Counts measurements.
 * @throws E_ARGUMENT for no measurement
 * @example const profile = profileOf(rows.map((row) => ({ numbers: { "input.length": row.tokens }, answer: row.label })));
 */
export function profileOf(
  rows: readonly Measurement[],
  { bins = 20, smallest = 10, directions = 16, seed = 0 }: ProfileOptions = {},
): Profile {
  const [first] = rows;
  if (!first)
    throw new ConcordError("E_ARGUMENT", { operation: "profile", problem: "there are no rows", expected: "1 or more" });
  const width = rows.find(({ features }) => features)?.features?.length;
  const projection = width ? { seed, width, directions } : undefined;
  const project = projection && projector(projection);
  const names = Object.keys(first.numbers);
  const columns = new Map(names.map((name) => [name, rows.map((row) => row.numbers[name]!)]));
  if (project) {
    const projected = rows.map(({ features }) => features && project(features));
    for (let d = 0; d < directions; d++)
      columns.set(
        embeddingName(d),
        projected.map((values) => values?.[d] ?? Number.NaN), // a text without words has no vector
      );
  }
  const answers: Record<string, number> = Object.create(null);
  for (const { answer } of rows) if (answer !== undefined) answers[answer] = (answers[answer] ?? 0) + 1;
  const most = Math.max(1, Math.min(bins, Math.floor(rows.length / smallest)));
  return {
    format: "concord-profile",
    version: 1,
    rows: rows.length,
    numbers: Object.fromEntries([...columns].map(([name, values]) => [name, numberProfile(values, most)])),
    answers: { ...answers },
    ...(projection && { projection }),
  };
}

/** Name of a projected vector's number. */
export const embeddingName = (direction: number): string => `embedding.${direction}`;

function numberProfile(values: readonly number[], bins: number): NumberProfile {
  const sorted = values.filter((x) => !Number.isNaN(x)).sort((a, b) => a - b);
  const edges: number[] = [];
  for (let b = 1; b < bins; b++) {
    const edge = sorted[Math.ceil((b * sorted.length) / bins) - 1]!;
    if (edge < sorted.at(-1)! && !(edges.at(-1)! >= edge)) edges.push(edge);
  }
  // one value in all rows: what lies above it is told apart, such as unknown tokens where there were none
  if (edges.length === 0 && sorted.length && sorted[0] === sorted.at(-1)) edges.push(sorted[0]!);
  const counts = new Array<number>(edges.length + 1).fill(0);
  const sums = new Array<number>(edges.length + 1).fill(0);
  for (const x of sorted) {
    const bin = binOf(edges, x);
    counts[bin]!++;
    sums[bin]! += x;
  }
  return { edges, counts, means: sums.map((total, bin) => (counts[bin] ? total / counts[bin]! : 0)) };
}

/** The bin of a value: how many edges lie below it. */
export function binOf(edges: readonly number[], value: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Vectors [width] on random directions of length 1, drawn by a seed: [directions]. */
export function projector({ seed, width, directions }: Projection): (vector: ArrayLike<number>) => Float64Array {
  const draw = random(seed).split("projection");
  const matrix = Array.from({ length: directions }, () => {
    const row = Float64Array.from({ length: width }, () => draw.normal());
    const length = Math.sqrt(row.reduce((total, x) => total + x * x, 0));
    return row.map((x) => x / length);
  });
  return (vector) =>
    Float64Array.from(matrix, (row) => {
      let total = 0;
      for (let h = 0; h < width; h++) total += row[h]! * vector[h]!;
      return total;
    });
}

/** Numbers of a profile in the order in which bins are kept. */
export const numberNames = ({ numbers }: Profile): string[] => Object.keys(numbers).sort();

/** Bin of a number that was not measured. */
export const noBin = 255;

/**
 * The bins of a measurement in the order of {@link numberNames}: all that is kept of an input.
 * @example binned(profile)({ numbers: { "input.length": 12 }, answer: "flu" }) // Uint8Array [3]
 */
export function binned(profile: Profile): (measurement: Measurement) => Uint8Array {
  const names = numberNames(profile);
  const project = profile.projection && projector(profile.projection);
  const width = profile.projection?.width;
  return ({ numbers, features }) => {
    const projected = project && features?.length === width ? project(features!) : undefined;
    return Uint8Array.from(names, (name) => {
      const direction = name.startsWith("embedding.") ? Number(name.slice("embedding.".length)) : undefined;
      const value = direction === undefined ? numbers[name] : projected?.[direction];
      return value === undefined || Number.isNaN(value) ? noBin : binOf(profile.numbers[name]!.edges, value);
    });
  };
}
