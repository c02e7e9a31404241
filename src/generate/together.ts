// Texts that are written together although each begins and ends when it likes: a step gives every open text a token, and between two steps
// texts join and leave. Each is what it would be alone. Knows tokens; no text.
import { random } from "../base/index.ts";
import type { Decoder, Decoding } from "./decoder.ts";
import { goneOn, type Text, textOf, type WriteOptions, type Written, window } from "./write.ts";

/** Writes one text beside all others that are open. */
export interface Together {
  /** As `write` of one prompt. A text whose reader pauses is written on while others are read. */
  write(prompt: readonly number[], options: Omit<WriteOptions, "random">): AsyncGenerator<Written>;
}

/** A text with what was written and not yet read. */
interface Member {
  readonly text: Text;
  readonly options: Omit<WriteOptions, "random">;
  readonly unread: (Written | { readonly fault: unknown })[];
}

/** @example const together = writingTogether(decoder); for await (const { token } of together.write([1, 7], options)) … */
export function writingTogether(decoder: Decoder): Together {
  /** In the order of the decoding's rows. */
  let members: Member[] = [];
  let decoding: Decoding | undefined;
  let last: Promise<unknown> = Promise.resolve();
  /** One change after the other: readers ask at any time. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
  const add = async (member: Member) => {
    const fresh = await decoder.start([window(member.text.tokens, decoder.limit)]);
    if (decoding) decoding.join(fresh);
    else decoding = fresh;
    members.push(member);
  };
  const keep = (isKept: (member: Member) => boolean) => {
    const rows = [...members.keys()].filter((k) => isKept(members[k]!));
    if (rows.length === members.length) return;
    members = rows.map((k) => members[k]!);
    if (rows.length > 0) decoding!.keep(rows);
    else decoding = undefined;
  };
  const step = async () => {
    const over = new Set<Member>();
    for (const [k, member] of members.entries()) {
      const next = await nextOf(member, decoding!.logits[k]!, decoder.limit);
      member.unread.push(next);
      if ("fault" in next || next.finish) over.add(member);
    }
    const outgrown = members.filter((one) => !over.has(one) && one.text.tokens.length > decoder.limit);
    keep((one) => !over.has(one) && !outgrown.includes(one));
    await decoding?.step(members.map(({ text }) => text.tokens.at(-1)!));
    for (const member of outgrown) await add(member); // its last tokens are read again
  };
  /** A fault of the model is every text's. */
  const stepped = () =>
    step().catch((fault: unknown) => {
      for (const { unread } of members) unread.push({ fault });
      [members, decoding] = [[], undefined];
    });
  return {
    async *write(prompt, options) {
      const member: Member = { text: textOf(prompt, 0, random(options.generation.seed)), options, unread: [] };
      await inTurn(() => add(member));
      try {
        for (;;) {
          const next = member.unread.shift();
          if (!next) await inTurn(async () => void (member.unread.length === 0 && (await stepped())));
          else if ("fault" in next) throw next.fault;
          else {
            yield next;
            if (next.finish) return;
          }
        }
      } finally {
        await inTurn(async () => keep((one) => one !== member));
      }
    },
  };
}

/** The next token of a text, its end, or what went wrong with it alone. */
async function nextOf(
  { text, options }: Member,
  logits: Float32Array,
  limit: number,
): Promise<Member["unread"][number]> {
  if (options.signal?.aborted) return { row: text.row, finish: "stopped" };
  try {
    return await goneOn(text, logits, limit, options);
  } catch (fault) {
    return { fault };
  }
}
