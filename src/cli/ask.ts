// Questions on a terminal. The door to @clack/prompts.

import type { Readable, Writable } from "node:stream";
import { oneLine, visible } from "../base/index.ts";

/** One answer of several, or more than one. */
export interface Choice {
  readonly value: string;
  readonly hint?: string;
}

/** Where to ask. */
export interface AskAt {
  readonly input: Readable;
  readonly output: Writable;
  /** Takes the question back: it counts as cancelled. */
  readonly signal?: AbortSignal;
}

const library = () => import("@clack/prompts");

/** A cancelled question (Ctrl-C, Escape) gives undefined. @example await askOne("Which column?", [{ value: "text" }], "text", at) */
export async function askOne(
  message: string,
  choices: readonly Choice[],
  initial: string | undefined,
  at: AskAt,
): Promise<string | undefined> {
  const { select, isCancel } = await library();
  const options = choices.map(({ value, hint }) => ({ value, label: oneLine(value), hint: hint && oneLine(hint) }));
  const answer = await select<string>({ message: visible(message), options, initialValue: initial, ...at });
  return isCancel(answer) ? undefined : answer;
}

/** Any number of choices, none too. */
export async function askSeveral(
  message: string,
  choices: readonly Choice[],
  initial: readonly string[],
  at: AskAt,
): Promise<readonly string[] | undefined> {
  const { multiselect, isCancel } = await library();
  const options = choices.map(({ value, hint }) => ({ value, label: oneLine(value), hint: hint && oneLine(hint) }));
  const answer = await multiselect<string>({
    message: visible(message),
    options,
    initialValues: [...initial],
    required: false,
    ...at,
  });
  return isCancel(answer) ? undefined : answer;
}

/** A line of text, empty if nothing was typed. */
export async function askText(message: string, at: AskAt): Promise<string | undefined> {
  const { text, isCancel } = await library();
  const answer = await text({ message: visible(message), defaultValue: "", ...at });
  return isCancel(answer) ? undefined : (answer ?? "").trim();
}
