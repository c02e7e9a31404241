// Fields of records by column, and which columns the records have: one that no record has is an error, one that some lack is not. Pure.
import { ConcordError, nearestName } from "../../base/index.ts";
import { placeOf, type SourceRow, unreadableKind } from "./source-row.ts";

interface Absent {
  readonly setting: string;
  readonly place: string;
  readonly known: Set<string>;
}

/** Columns that were asked for: those that some record had, and those that one lacked before any had it. */
export interface ColumnLog {
  readonly seen: Set<string>;
  readonly absent: Map<string, Absent>;
}

export const columnLog = (): ColumnLog => ({ seen: new Set(), absent: new Map() });

type Fields = SourceRow["fields"];

/** True for a column that a record has, and for a path into one: `meta.source`. */
export const hasColumn = (fields: Fields, name: string): boolean =>
  Object.hasOwn(fields, name) || inside(fields, name) !== undefined;

/** What lies at a path such as `meta.source`, where no column has that name. */
function inside(fields: Fields, name: string): unknown {
  if (!name.includes(".")) return undefined;
  let at: unknown = fields;
  for (const key of name.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = Reflect.get(at, key);
  }
  return at;
}

/**
 * A record's value; undefined where it has none.
 * @param setting the key of the recipe that names the column, for errors
 * @throws E_DATA for a column that cannot be read, or a key that differs only in case or spaces
 */
export function fieldOf(row: SourceRow, name: string, setting: string, log: ColumnLog): unknown {
  const { fields } = row;
  if (Object.hasOwn(fields, name)) {
    log.seen.add(name);
    const value = fields[name];
    if (typeof value !== "object") return value;
    const kind = unreadableKind(value);
    return kind === undefined ? value : refuseKind(row, name, kind);
  }
  const nested = inside(fields, name);
  if (nested !== undefined) {
    log.seen.add(name);
    return nested;
  }
  const alike = Object.keys(fields).find((key) => plain(key) === plain(name));
  if (alike !== undefined && log.seen.has(name))
    throw new ConcordError("E_DATA", {
      operation: "read data",
      problem: `the row names the column ${name} in another spelling`,
      expected: JSON.stringify(name),
      got: JSON.stringify(alike),
      hint: "correct the name in this row",
      path: placeOf(row),
    });
  if (!log.seen.has(name)) {
    const entry = log.absent.get(name) ?? { setting, place: placeOf(row), known: new Set<string>() };
    log.absent.set(name, entry);
    if (entry.known.size < 100) for (const key of Object.keys(fields)) entry.known.add(key);
  }
  return undefined;
}

const plain = (name: string): string => name.trim().normalize("NFKC").toLowerCase();

function refuseKind(row: SourceRow, name: string, kind: string): never {
  throw new ConcordError("E_DATA", {
    operation: "read data",
    problem: `the column ${name} cannot be read: it holds ${kind}`,
    expected: "texts, numbers, dates, lists or structs",
    got: kind,
    hint: "name another column, or write this one as text",
    path: placeOf(row),
  });
}

/** Columns that no record had. */
export const neverSeen = ({ seen, absent }: ColumnLog): string[] =>
  [...absent.keys()].filter((name) => !seen.has(name));

/** @throws E_DATA for a column that no record has, with the nearest that some have; `optional` ones are left out */
export function checkColumns(log: ColumnLog, optional: readonly string[] = []): void {
  const name = neverSeen(log).find((column) => !optional.includes(column));
  if (name === undefined) return;
  const { setting, place, known } = log.absent.get(name)!;
  const names = [...known];
  const near = names.find((key) => plain(key) === plain(name)) ?? nearestName(name, names);
  throw new ConcordError("E_DATA", {
    operation: "read data",
    problem: `there is no column ${name}`,
    expected: names
      .slice(0, 12)
      .map((key) => key.slice(0, 40))
      .join(", "),
    got: name,
    hint: looksLikeRow(names)
      ? "the first line looks like a row: name the columns with data.columns: [text, label], or add a line of names"
      : near
        ? `did you mean ${near}? Set ${setting}: ${near}`
        : `set ${setting} to one of them`,
    path: place,
  });
}

/** True for names of columns that read like a row: a long sentence, or a bare number beside another name. */
export function looksLikeRow(names: readonly string[]): boolean {
  const sentence = (name: string) =>
    name.length > 60 ||
    name.split(/\s+/).length > 6 ||
    (/[\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]/.test(name) && name.length > 20);
  const number = (name: string) => /^[+-]?\d+([.,]\d+)?$/.test(name);
  return names.some(sentence) || (names.length > 1 && names.some(number) && !names.every(number));
}
