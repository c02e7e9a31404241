// Tagging schemes as tables: which prefixes a scheme has, and which pairs of neighbouring tags start, continue and end an
// entity, as seqeval's strict mode reads them. Knows no scores.
import { ConcordError } from "../../base/index.ts";

/** A span of tags, first to last inclusive. */
export interface TaggedEntity {
  readonly type: string;
  readonly first: number;
  readonly last: number;
}

/** A pair of prefixes (`*`: any) and whether the types must be equal (=), differ (≠) or do not matter (space at the end). */
type Pattern = `${string}${string}${"=" | "≠" | " "}`;

interface SchemeTable {
  readonly prefixes: string;
  readonly start: readonly Pattern[];
  readonly inside: readonly Pattern[];
  readonly end: readonly Pattern[];
}

const schemes = {
  IOB1: {
    prefixes: "IOB",
    start: ["OI ", "II≠", "BI ", "IB=", "BB="],
    inside: ["BI=", "II="],
    end: ["II≠", "IO ", "IB ", "BO ", "BI≠", "BB="],
  },
  IOE1: {
    prefixes: "IOE",
    start: ["OI ", "II≠", "EI ", "EE="],
    inside: ["II=", "IE="],
    end: ["II≠", "IO ", "IE≠", "EI=", "EE="],
  },
  IOB2: { prefixes: "IOB", start: ["*B "], inside: ["BI=", "II="], end: ["IO ", "II≠", "IB ", "BO ", "BI≠", "BB "] },
  IOE2: {
    prefixes: "IOE",
    start: ["OI ", "OE ", "EI ", "EE ", "II≠", "IE≠"],
    inside: ["IE=", "II="],
    end: ["E* "],
  },
  IOBES: { prefixes: "IOBES", start: ["*B ", "*S "], inside: ["BI=", "BE=", "II=", "IE="], end: ["S* ", "E* "] },
  BILOU: { prefixes: "BILOU", start: ["*B ", "*U "], inside: ["BI=", "BL=", "II=", "IL="], end: ["U* ", "L* "] },
} as const satisfies Record<string, SchemeTable>;

/** A tagging scheme. */
export type Scheme = keyof typeof schemes;

/** True for the name of a known scheme. */
export const isScheme = (name: string): name is Scheme => Object.hasOwn(schemes, name);

interface Tag {
  readonly prefix: string;
  readonly type: string;
}

/** Entities of one sentence, where broken ones count as none. @throws E_DATA for a prefix that the scheme does not have */
export function strictEntities(tags: readonly string[], scheme: Scheme, suffix: boolean): TaggedEntity[] {
  const table: SchemeTable = schemes[scheme];
  const parsed = [...tags.map((tag) => parse(tag, scheme, suffix)), { prefix: "O", type: "_" }];
  const entities: TaggedEntity[] = [];
  let previous: Tag = { prefix: "O", type: "_" };
  for (let i = 0; i < parsed.length; ) {
    const token = parsed[i]!;
    let next = i + 1;
    if (matches(table.start, previous, token)) {
      while (next < parsed.length && matches(table.inside, parsed[next - 1]!, parsed[next]!)) next++;
      // The closing O continues nothing, so `next` is a tag.
      if (matches(table.end, parsed[next - 1]!, parsed[next]!))
        entities.push({ type: token.type, first: i, last: next - 1 });
    }
    i = next;
    previous = parsed[i - 1]!;
  }
  return entities;
}

function matches(patterns: readonly Pattern[], previous: Tag, current: Tag): boolean {
  return patterns.some((pattern) => {
    // a pattern is three words: its template type does not split
    const [a, b, types] = pattern as unknown as [string, string, string];
    if ((a !== "*" && a !== previous.prefix) || (b !== "*" && b !== current.prefix)) return false;
    return types === " " || (types === "=") === (previous.type === current.type);
  });
}

function parse(tag: string, scheme: Scheme, suffix: boolean): Tag {
  const letters = [...tag];
  const prefix = (suffix ? letters.at(-1) : letters[0]) ?? "";
  if (prefix === "" || !schemes[scheme].prefixes.includes(prefix))
    throw new ConcordError("E_DATA", {
      operation: `entities by ${scheme}`,
      problem: "a tag does not belong to the scheme",
      expected: `a tag that ${suffix ? "ends" : "starts"} with ${[...schemes[scheme].prefixes].join(", ")}`,
      got: tag || "an empty tag",
    });
  const type = (suffix ? letters.slice(0, -1) : letters.slice(1)).join("").replace(/^-+|-+$/g, "");
  return { prefix, type: type || "_" };
}
