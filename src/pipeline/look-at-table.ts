// Looks at a table before there is a recipe: its columns, what is in them, and which is likely the text, the label, the group.
// A guess is only a proposal: whoever asks shows it.
import { isMissing, isTag } from "../data/index.ts";
import { readRows } from "../data/node/index.ts";

/** What one column holds. */
export interface ColumnFacts {
  readonly name: string;
  /** Share of rows with a value, 0 … 1. */
  readonly filled: number;
  /** Different values; counted up to {@link distinctLimit}. */
  readonly distinct: number;
  /** Characters of a value, on average. */
  readonly characters: number;
  /** Share of the values that are numbers, 0 … 1. */
  readonly numeric: number;
  /** Share of the values that read as tags of words or as spans in a text, 0 … 1. */
  readonly entities: number;
  /** Rows of each value, the most frequent first; empty above {@link listedLimit} values. */
  readonly values: readonly (readonly [value: string, rows: number])[];
}

export interface TableFacts {
  readonly rows: number;
  readonly columns: readonly ColumnFacts[];
  /** What reading had to guess, such as an encoding. */
  readonly guesses: readonly string[];
  /** The likely role of columns, by their names and contents. */
  readonly roles: {
    readonly text?: string;
    readonly label?: string;
    readonly group?: string;
    readonly attributes: readonly string[];
  };
}

/** Values of a column that are told apart. */
export const distinctLimit = 20_000;
const listedLimit = 200;

/**
 * Reads a whole table, streaming.
 * @throws as readRows
 * @example const { rows, roles } = await lookAtTable("messages.csv"); roles.label // "disease"
 */
export async function lookAtTable(file: string): Promise<TableFacts> {
  const guesses: string[] = [];
  const columns = new Map<string, Tally>();
  let rows = 0;
  for await (const { fields } of readRows(file, { onGuess: (guess) => guesses.push(guess) })) {
    rows++;
    for (const [name, value] of Object.entries(fields)) {
      const tally = columns.get(name) ?? { filled: 0, characters: 0, numeric: 0, entities: 0, counts: new Map() };
      columns.set(name, tally);
      add(tally, value);
    }
  }
  const facts = [...columns].map(([name, tally]) => factsOf(name, tally, rows));
  return { rows, columns: facts, guesses, roles: rolesOf(facts, rows) };
}

interface Tally {
  filled: number;
  characters: number;
  numeric: number;
  entities: number;
  readonly counts: Map<string, number>;
}

function add(tally: Tally, value: unknown): void {
  if (isMissing(value)) return;
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  tally.filled++;
  tally.characters += text.length;
  if (text.trim() !== "" && Number.isFinite(Number(text))) tally.numeric++;
  if (looksLikeEntities(value)) tally.entities++;
  const key = text.slice(0, 200);
  const known = tally.counts.get(key);
  if (known !== undefined || tally.counts.size < distinctLimit) tally.counts.set(key, (known ?? 0) + 1);
}

/** A list of tags, spans with places, CLUENER's table of names, or tags with spaces between. */
function looksLikeEntities(value: unknown): boolean {
  if (typeof value === "string") return /^\s*([BIESLUWM][-_]\S+|O)(\s+([BIESLUWM][-_]\S+|O))+\s*$/.test(value);
  if (Array.isArray(value))
    return value.length > 0 && value.every((one) => (typeof one === "string" ? isTag(one) : isPlaced(one)));
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((names) => typeof names === "object" && names !== null && !Array.isArray(names))
  );
}

/** `[start, end, type]`, or an object with a number for its start. */
const isPlaced = (one: unknown): boolean =>
  Array.isArray(one)
    ? Number.isInteger(one[0]) && Number.isInteger(one[1])
    : typeof one === "object" &&
      one !== null &&
      ["start", "start_offset"].some((k) => Number.isInteger(Reflect.get(one, k)));

function factsOf(name: string, { filled, characters, numeric, entities, counts }: Tally, rows: number): ColumnFacts {
  const values = counts.size > listedLimit ? [] : [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const share = (n: number, of: number) => (of ? n / of : 0);
  return {
    name,
    filled: share(filled, rows),
    distinct: counts.size,
    characters: share(characters, filled),
    numeric: share(numeric, filled),
    entities: share(entities, filled),
    values,
  };
}

const labelName = /label|class|categor|target|disease|diagnos|intent|topic|sentiment|标签|类别|分类|疾病|诊断/i;
const groupName = /patient|user|customer|client|person|subject|author|speaker|case.?id|患者|病人|用户|客户/i;
const attributeName =
  /^(sex|gender|age|age.?band|region|language|lang|country|ethnicity|race|site|性别|年龄.*|地区|语言|民族)$/i;

function rolesOf(columns: readonly ColumnFacts[], rows: number): TableFacts["roles"] {
  const tagged = columns.find((c) => c.entities > 0.9);
  const byLength = columns.filter((c) => c !== tagged).sort((a, b) => b.characters - a.characters);
  const text = byLength.find((c) => c.numeric < 0.5 && c.filled > 0.5)?.name;
  const few = (c: ColumnFacts) => c.name !== text && c.distinct >= 2 && c.distinct <= Math.max(20, rows / 5);
  const attributes = columns.filter((c) => few(c) && attributeName.test(c.name) && c.distinct <= 50).map((c) => c.name);
  const group = columns.find((c) => c.name !== text && groupName.test(c.name) && c.distinct > 20)?.name;
  const free = columns.filter((c) => few(c) && c.name !== group && !attributes.includes(c.name));
  const label = tagged ?? free.find((c) => labelName.test(c.name)) ?? free.sort((a, b) => a.distinct - b.distinct)[0];
  return { text, label: label?.name, group, attributes };
}
