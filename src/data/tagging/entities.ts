// Tags of a sentence's words ⇄ entities, as conlleval and seqeval read them. Knows no text and no score.
import { type Scheme, strictEntities, type TaggedEntity } from "./schemes.ts";

/** How tags are read. */
export interface TagReading {
  /** Read tags strictly by a scheme. Default: conlleval's lenient reading, where I- without B- starts an entity. */
  readonly scheme?: Scheme;
  /** True where the prefix is the tag's last letter (`PER-B`). Default false. */
  readonly suffix?: boolean;
}

/**
 * Entities of one sentence.
 * @throws E_DATA for a tag that the scheme does not have (strict only)
 * @example taggedEntities(["B-PER", "I-PER", "O", "I-LOC"]) // PER 0–1, LOC 3–3
 */
export function taggedEntities(tags: readonly string[], { scheme, suffix = false }: TagReading = {}): TaggedEntity[] {
  if (scheme !== undefined) return strictEntities(tags, scheme, suffix);
  const entities: TaggedEntity[] = [];
  let previous = { prefix: "O", type: "" };
  let first = 0;
  for (const [i, tag] of [...tags, "O"].entries()) {
    const current = splitTag(tag, suffix);
    if (ends(previous, current)) entities.push({ type: previous.type, first, last: i - 1 });
    if (starts(previous, current)) first = i;
    previous = current;
  }
  return entities;
}

interface TagParts {
  readonly prefix: string;
  readonly type: string;
}

function splitTag(tag: string, suffix: boolean): TagParts {
  const letters = [...tag];
  const rest = (suffix ? letters.slice(0, -1) : letters.slice(1)).join("");
  const at = suffix ? rest.lastIndexOf("-") : rest.indexOf("-");
  const type = suffix ? (at < 0 ? rest : rest.slice(0, at)) : rest.slice(at + 1);
  return { prefix: (suffix ? letters.at(-1) : letters[0]) ?? "O", type: type || "_" };
}

const outside = (prefix: string) => prefix === "O" || prefix === ".";
const ends = (a: TagParts, b: TagParts) =>
  "ES".includes(a.prefix) ||
  ("BI".includes(a.prefix) && "BSO".includes(b.prefix)) ||
  (!outside(a.prefix) && a.type !== b.type);
const starts = (a: TagParts, b: TagParts) =>
  "BS".includes(b.prefix) ||
  ("ESO".includes(a.prefix) && "EI".includes(b.prefix)) ||
  (!outside(b.prefix) && a.type !== b.type);
