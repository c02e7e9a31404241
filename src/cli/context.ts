// What a command is given besides its arguments: where to write, what to read, in which language. Tests pass their own.
import type { ErrorFacts } from "../base/index.ts";
import { ConcordError, escaped } from "../base/index.ts";
import { type Language, languageOf } from "../messages/index.ts";

/** A place to write text to: a terminal, a pipe, a test's list. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number | undefined;
  /** Takes text whose parts from outside were made visible, with our own colours and movements. Absent where all is taken as it is. */
  readonly raw?: Output;
}

/** A place to write to that no text can steer: whatever a command forgot is escaped. The one door of all commands to terminals and pipes. */
export const guarded = (stream: Output): Output => ({
  write: (text) => stream.write(escaped(text)),
  raw: stream,
  get isTTY() {
    return stream.isTTY === true;
  },
  get columns() {
    return stream.columns;
  },
});

/** Where own colours and movements go. */
export const rawOf = (stream: Output): Output => stream.raw ?? stream;

/** What the process gives. */
export interface Surroundings {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where SIGINT and SIGTERM arrive. */
  readonly signals: Pick<NodeJS.EventEmitter, "once" | "off">;
}

/** Surroundings and the options that every command has. */
export interface CommandContext extends Surroundings {
  readonly language: Language;
  /** Results and errors as JSON, one object a line. */
  readonly json: boolean;
  /** Results and errors only. */
  readonly quiet: boolean;
}

/**
 * The language of the output: `--lang`, else the locale as POSIX orders it.
 * @throws E_ARGUMENT for a language that there is no text in
 */
export function chosenLanguage(asked: string | undefined, env: Surroundings["env"]): Language {
  if (asked === undefined) return languageOf(env.LC_ALL || env.LC_MESSAGES || env.LANG);
  if (asked === "en" || asked === "zh") return asked;
  throw argumentError("--lang", { problem: "there is no text in this language", expected: "en, zh", got: asked });
}

/** An E_ARGUMENT of an option. */
export const argumentError = (operation: string, facts: Omit<ErrorFacts, "operation">): ConcordError =>
  new ConcordError("E_ARGUMENT", { operation, path: operation.startsWith("--") ? operation : undefined, ...facts });

/** Writes lines of a result: JSON where asked for, else the text. */
export function writeResult({ json, stdout }: CommandContext, value: unknown, text: () => string): void {
  stdout.write(`${json ? JSON.stringify(value) : text()}\n`);
}

/** An option that has to be there. @throws E_ARGUMENT */
export function needed<T>(value: T | undefined, option: string, expected: string): T {
  if (value === undefined) throw argumentError(option, { problem: "the option is missing", expected });
  return value;
}
