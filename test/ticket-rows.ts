// Made-up messages with labels of several tasks: what each is about, its tags, and how many days it can wait. Some labels are missing.
import { random } from "../src/base/index.ts";

const topics = {
  billing: ["invoice", "refund", "payment"],
  login: ["password", "account", "token"],
  delivery: ["parcel", "courier", "address"],
} as const;
const tags = { angry: "furious", new: "newcomer" } as const;
const waits = [
  ["now", 0],
  ["soon", 3],
  ["sometime", 10],
] as const;
const fillers = ["please", "today", "again", "hello", "thanks", "well", "so", "sir"];

/** A message as a table has it. */
export interface TicketRow {
  readonly text: string;
  readonly topic: string;
  readonly tags: string;
  readonly days: number | string;
}

/** @param count rows, all different; about a fifth lacks each label, and no row lacks all */
export function ticketRows(count: number, seed = 1): TicketRow[] {
  const rng = random(`tickets ${seed}`);
  const pick = <T>(from: readonly T[]): T => from[rng.int(from.length)]!;
  const found = new Map<string, TicketRow>();
  while (found.size < count) {
    const topic = pick(Object.keys(topics) as (keyof typeof topics)[]);
    const own = (Object.keys(tags) as (keyof typeof tags)[]).filter(() => rng.int(2) === 1);
    const [word, days] = pick(waits);
    const words = [pick(fillers), pick(topics[topic]), pick(fillers), ...own.map((tag) => tags[tag]), word];
    const lacks = rng.int(5); // 0: topic, 1: tags, 2: days
    found.set(words.join(" "), {
      text: words.join(" "),
      topic: lacks === 0 ? "" : topic,
      tags: lacks === 1 ? "" : own.length ? own.join(";") : "[]",
      days: lacks === 2 ? "" : days + rng.int(3) / 4,
    });
  }
  return [...found.values()];
}

/** The same as CSV. */
export const ticketTable = (rows: readonly TicketRow[]): string =>
  ["text,topic,tags,days", ...rows.map(({ text, topic, tags, days }) => `${text},${topic},${tags},${days}`)].join("\n");
