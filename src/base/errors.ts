// The one error class and its table of codes. An error is data (code, operation, expected, got, hint, path, at) that is
// rendered in words only at the edge; it knows nothing about rooms above.

/** Every code that Concord raises: one line of meaning and the exit code of a process that ends with it. Remedies: docs/errors.md. */
export const errorCodes = {
  E_SHAPE: { doc: "Array shapes do not match what the operation expects.", exit: 70 },
  E_DTYPE: { doc: "The operation does not support the element type of an array.", exit: 70 },
  E_GRAPH: { doc: "The graph is not valid.", exit: 70 },
  E_GRADIENT: { doc: "The value has no gradient.", exit: 70 },
  E_LOWER: { doc: "The graph cannot be compiled for the chosen target.", exit: 70 },
  E_RUNTIME: { doc: "ONNX Runtime could not run a graph.", exit: 71 },
  E_DEVICE: { doc: "The requested device is missing or cannot do this work.", exit: 69 },
  E_DEPENDENCY: { doc: "A required optional package is not installed.", exit: 69 },
  E_FORMAT: { doc: "The file is damaged or has another format than its name says.", exit: 65 },
  E_VERSION: { doc: "A newer version of Concord wrote this file.", exit: 65 },
  E_CHECKSUM: { doc: "The file content does not match its recorded checksum.", exit: 65 },
  E_CONFIG: { doc: "The configuration has a wrong, missing or unknown key.", exit: 78 },
  E_MODEL: { doc: "The files of the model do not match, or its architecture is not supported.", exit: 65 },
  E_TOKENIZER: { doc: "The tokenizer file is not usable, or the text cannot be tokenized.", exit: 65 },
  E_DATA: { doc: "Input data is missing, empty or malformed.", exit: 65 },
  E_ARGUMENT: { doc: "An argument or option has a value that is not accepted.", exit: 64 },
  E_IO: { doc: "A file or folder cannot be read or written.", exit: 74 },
  E_SERVER: { doc: "The server cannot be reached or refused the request.", exit: 68 },
  E_MEMORY: { doc: "The work needs more memory than this machine has.", exit: 77 },
  E_DIVERGED: { doc: "Training stopped because it produced NaN or Infinity.", exit: 76 },
  E_SIGNATURE: { doc: "A signature is missing or not valid, or its signer is not trusted.", exit: 79 },
  E_GATE: { doc: "The model does not meet the release policy.", exit: 80 },
  E_ROUND: {
    doc: "A message of a round was refused: it is forged, out of date, or not allowed in this phase.",
    exit: 81,
  },
  E_LOCKED: { doc: "Another process is using this folder.", exit: 75 },
  E_INTERRUPTED: { doc: "The run was interrupted. You can resume it.", exit: 130 },
} as const satisfies Record<string, { doc: string; exit: number }>;

/** A key of {@link errorCodes}. */
export type ErrorCode = keyof typeof errorCodes;

/** What an error says, as data. */
export interface ErrorFacts {
  /** What was being done, in the user's terms: `matmul`, `read model.safetensors`. */
  readonly operation: string;
  /** One clause that says what went wrong. */
  readonly problem: string;
  readonly expected?: string;
  readonly got?: string;
  /** What to try. */
  readonly hint?: string;
  /** File (and line or key) that holds the fault. */
  readonly path?: string;
  /** Line of the user's code. */
  readonly at?: string;
  /** More for programs: the gates that fail. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * The only error that Concord throws on purpose.
 * @example
 * throw new ConcordError("E_SHAPE", { operation: "matmul", problem: "inner sizes differ", expected: "a[..,K] · b[K,..]", got: "[2,3] · [4,5]" });
 */
export class ConcordError extends Error {
  readonly code: ErrorCode;
  readonly facts: ErrorFacts;
  constructor(code: ErrorCode, facts: ErrorFacts) {
    super(renderError(code, facts), facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = "ConcordError";
    this.code = code;
    this.facts = facts;
  }
  /** The error as plain data, for `--json` and logs. */
  toJSON(): { code: ErrorCode } & Omit<ErrorFacts, "cause"> {
    const { cause: _cause, ...facts } = this.facts;
    return { code: this.code, ...facts };
  }
}

/** Words of an error, one aligned line per fact. */
export function renderError(code: ErrorCode, facts: ErrorFacts): string {
  const lines = [`${code}  ${facts.operation}: ${facts.problem}`];
  const row = (name: string, text: string | undefined) =>
    text !== undefined && lines.push(`  ${name.padEnd(9)} ${text}`);
  row("expected", facts.expected);
  row("got", facts.got);
  row("try", facts.hint);
  row("in", facts.path);
  row("at", facts.at);
  return lines.join("\n");
}

/** True for errors made by Concord. */
export function isConcordError(error: unknown, code?: ErrorCode): error is ConcordError {
  return error instanceof ConcordError && (code === undefined || error.code === code);
}

/** A result, or the error that Concord made, as a value. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ConcordError };

/**
 * Waits for work, and gives an error of Concord as a value. Any other error is a fault of a program, and is thrown on.
 * @example
 * const opened = await attempt(pipeline("text-classification", "runs/tickets"));
 * if (!opened.ok) console.error(opened.error.code, opened.error.facts.hint);
 */
export const attempt = <T>(work: Promise<T>): Promise<Attempt<T>> =>
  work.then(
    (value) => ({ ok: true, value }),
    (error: unknown) => {
      if (isConcordError(error)) return { ok: false, error };
      throw error;
    },
  );

/** The known name nearest to a mistyped one (Levenshtein distance at most a third of its length), for hints. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/**
 * The error of a name that is none of those that are known: lists the first of them and asks whether the nearest was meant.
 * @param hint where none is near. Default none
 */
export function unknownName(
  code: ErrorCode,
  { hint, ...facts }: Pick<ErrorFacts, "operation" | "problem" | "path" | "hint">,
  name: string,
  known: readonly string[],
): ConcordError {
  const near = nearestName(name, known);
  const expected = known.slice(0, 12).join(", ");
  return new ConcordError(code, { ...facts, expected, got: name, hint: near ? `did you mean ${near}?` : hint });
}

/** Changes, insertions, deletions and swaps of neighbours that turn one word into the other (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const [above, row] = [rows[i - 1]!, [i]];
    for (let j = 1; j <= b.length; j++) {
      const changed = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2]![j - 2]! + 1 : changed;
      row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, changed, swapped));
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
