// Which tag may follow which: what the prefixes of IOB2 and IOBES (BILOU, BMES alike) leave possible. Knows no scores.

/** Prefix, one of B I E S O, and type of a tag; undefined for tags without a prefix. */
function partsOf(tag: string): readonly [prefix: string, type: string] | undefined {
  if (tag === "O") return ["O", ""];
  const found = /^([BIESLUWM])[-_](.+)$/s.exec(tag);
  if (!found) return undefined;
  const same: Readonly<Record<string, string>> = { L: "E", U: "S", W: "S", M: "I" };
  return [same[found[1]!] ?? found[1]!, found[2]!];
}

/**
 * Whether each transition is possible, [L + 2, L] by rows: from tag to tag, from the start to a tag, from a tag to the end. An entity
 * begins with B or S; after B and I only its own I (or E) go on; where the tags have E, an entity that began must end. Tags without
 * prefixes, and types that have no B, are free.
 * @example possibleTransitions(["O", "B-LOC", "I-LOC"])[0 * 3 + 2] // 0: no I-LOC after O
 */
export function possibleTransitions(tags: readonly string[]): Uint8Array {
  const parts = tags.map(partsOf);
  const begins = new Set(parts.flatMap((p) => (p?.[0] === "B" ? [p[1]] : [])));
  const closes = new Set(parts.flatMap((p) => (p?.[0] === "E" ? [p[1]] : [])));
  const fits = (from: (typeof parts)[number], to: (typeof parts)[number]): boolean => {
    const open = from !== undefined && "BI".includes(from[0]) && begins.has(from[1]);
    const goesOn = to !== undefined && "IE".includes(to[0]) && begins.has(to[1]);
    if (goesOn) return open && from[1] === to[1];
    return !(open && closes.has(from[1]));
  };
  const outside = ["O", ""] as const;
  const rows = [
    ...parts.map((from) => parts.map((to) => fits(from, to))),
    parts.map((to) => fits(outside, to)),
    parts.map((from) => fits(from, outside)),
  ];
  return Uint8Array.from(rows.flat(), Number);
}
