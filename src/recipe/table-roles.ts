// What the columns of a table are likely for, by their names and contents. A guess is only a proposal: whoever asks shows it, with
// what else it could be. Reads nothing.
import { type DecimalMark, numberIn } from "../base/index.ts";
import type { TaskName } from "../tasks/index.ts";

/** What one column holds. Shares are of its values, 0 … 1, unless they say otherwise. */
export interface ColumnFacts {
  readonly name: string;
  /** Share of rows with a value. */
  readonly filled: number;
  /** Different values; counted up to 20,000. */
  readonly distinct: number;
  /** Characters of a value, on average. */
  readonly characters: number;
  /** Numbers, and whole ones among them. */
  readonly numeric: number;
  readonly whole: number;
  /** Numbers that are written in another way: 2,35, 1,234, $350, 45 %. */
  readonly otherNumbers: number;
  /** Numbers with a zero after the comma: 2,05 is no list of labels. */
  readonly commaZeros: number;
  /** Numbers with two digits after their mark: prices. */
  readonly hundredths: number;
  /** The mark that begins a fraction, where all values are numbers with it, and not without. */
  readonly decimal?: DecimalMark;
  /** Of the values that are no empty list: tags of words, or spans in a text. */
  readonly entities: number;
  /** Of the rows with words in a list: as many numbers as words. */
  readonly numberedTags: number;
  /** Of a column that is called tags: as many of them as words in another list. */
  readonly wordTags: number;
  /** Lists with more than one label, and lists of 0 and 1. */
  readonly several: number;
  readonly vectors: number;
  /** Lists and objects that are neither labels, entities nor chats. */
  readonly nested: number;
  readonly chats: number;
  /** Names of parts: train, test …; dates. */
  readonly parts: number;
  readonly dates: number;
  /** Texts that look English. */
  readonly english: number;
  /** The sign between several labels in one field. */
  readonly separator?: string;
  /** Words that often mean that nothing is there, with their rows. */
  readonly nothingWords: readonly (readonly [word: string, rows: number])[];
  /** Why it cannot be read. */
  readonly unreadable?: string;
  /** Rows of each value, the most frequent first; empty above 200 values. */
  readonly values: readonly (readonly [value: string, rows: number])[];
}

/** The likely role of columns. */
export interface TableRoles {
  readonly text?: string;
  /** Second text of a pair. */
  readonly pair?: string;
  readonly label?: string;
  /** Columns of 0 and 1, one for each label, where no column is the label. */
  readonly labels?: readonly string[];
  readonly group?: string;
  readonly attributes: readonly string[];
  /** Column that names each row's part. */
  readonly part?: string;
  /** Other columns that could be the label. */
  readonly otherLabels: readonly string[];
}

/** What a label column is most likely for, and why, as a key of messages where it is not plain. */
export interface LikelyTask {
  readonly task: TaskName;
  readonly why?: "classes" | "amounts" | "tags" | "vectors" | "words";
}

const onlyLabel =
  /^(labels?|gold|gold.?label|y|stance|sentiment|sentiments|emotion|intent|polarity|toxic(ity)?|ner.?tags|tags|entities|spans|cats|标签|情感|意图|立场|实体)$/i;
const usualLabel =
  /^(target|class|classes|category|categories|categoryname|topic|answer|star.?rating|rating|stars|score|grade|price|amount|severity|diagnosis|disease|icd.?(code|10)?|类别|分类|疾病|诊断|评分|星级|主题)$/i;
const labelOfSplit =
  /label|class|categor|kategorie|target|disease|diagnos|intent|topic|sentiment|emotion|rating|stance|标签|类别|分类|疾病|诊断|情感/i;
const groupName = /patient|user|customer|client|person|subject|author|speaker|case.?id|患者|病人|用户|客户/i;
const attributeName =
  /^(sex|gender|age|age.?(band|group)|region|language|lang|country|ethnicity|race|site|性别|年龄.*|地区|语言|民族)$/i;
const idName =
  /^(id|idx|index|no|nr|num(ber)?|row|.*[_ ]id|uuid|guid|year|zip|phone|__index_level_\d+__|\(column \d+\)|unnamed.*)$/i;

/** Two texts that belong together, by the names of their columns. */
const pairNames: readonly (readonly [RegExp, RegExp])[] = [
  [
    /^(sentence|text|question|sent|s|q|句子|文本)[_ -]?(1|a)$/i,
    /^(sentence|text|question|sent|s|q|句子|文本)[_ -]?(2|b)$/i,
  ],
  [/^premise$/i, /^hypothesis$/i],
  [/^context$/i, /^(hypothesis|question|response)$/i],
  [/^(question|query|问题)$/i, /^(answer|sentence|context|passage|document|doc|title|text|response|答案|段落)$/i],
  [/^claim$/i, /^evidence$/i],
  [/^(anchor|utterance|prompt)$/i, /^(positive|response)$/i],
];

export function rolesOf(columns: readonly ColumnFacts[], rows: number): TableRoles {
  const usable = columns.filter((c) => c.unreadable === undefined && c.filled > 0);
  const tagged = usable.find((c) => c.entities > 0.9 || c.numberedTags > 0.9 || c.wordTags > 0.9);
  const byLength = usable.filter((c) => c !== tagged && c.nested < 0.5).sort((a, b) => b.characters - a.characters);
  const texts = byLength.filter((c) => c.numeric < 0.5 && c.filled > 0.5 && c.vectors < 0.5 && c.dates < 0.5);
  const [first, second] = pairIn(texts, rows) ?? [];
  const text = first ?? texts[0];
  const part = usable.find((c) => c !== text && isPartColumn(c));
  const few = (c: ColumnFacts) => c !== text && c !== second && c !== part && isFew(c, rows);
  const attributes = usable.filter((c) => few(c) && attributeName.test(c.name) && c.distinct <= 50);
  const group = usable.find((c) => c !== text && c !== second && groupName.test(c.name) && c.distinct > 20);
  const free = usable.filter((c) => c !== group && !attributes.includes(c) && c !== text && c !== second && c !== part);
  const classes = free.filter((c) => few(c) && c.dates < 0.5 && (c.nested < 0.5 || c.entities > 0.9));
  const numbers = free.filter((c) => isAmount(c, rows));
  const bits = classes.filter((c) => c.values.length > 0 && c.values.every(([value]) => /^[01](\.0)?$/.test(value)));
  const ranked = [...new Set([...classes, ...numbers])].sort((a, b) => rank(a) - rank(b) || a.distinct - b.distinct);
  const named = ranked.filter((c) => rank(c) < 3);
  const spread =
    !tagged && named.filter((c) => !bits.includes(c) || !nearBits(bits, c)).length === 0 && bits.length > 2;
  const label =
    tagged ??
    (spread
      ? undefined
      : (named[0] ?? ranked.find((c) => classes.includes(c)) ?? ranked[0] ?? free.find((c) => rank(c) < 3)));
  return {
    text: text?.name,
    pair: second?.name,
    label: label?.name,
    labels: spread ? bits.map((c) => c.name) : undefined,
    group: group?.name,
    attributes: attributes.map((c) => c.name),
    part: part?.name,
    otherLabels: ranked.filter((c) => c !== label && !(spread && bits.includes(c))).map((c) => c.name),
  };
}

/** How much a name says that its column is the label; less is more. */
const rank = ({ name }: ColumnFacts): number =>
  onlyLabel.test(name.trim())
    ? 0
    : usualLabel.test(name.trim())
      ? 1
      : labelOfSplit.test(name)
        ? 2
        : idName.test(name.trim())
          ? 4
          : 3;

/** One of several columns of 0 and 1, such as toxic, insult, threat. */
const nearBits = (bits: readonly ColumnFacts[], column: ColumnFacts): boolean =>
  bits.includes(column) && bits.length > 2 && !/^(labels?|y|target|class)$/i.test(column.name);

/** Values that come again; a column that is named like a label may have many of them. */
const isFew = (c: ColumnFacts, rows: number): boolean =>
  c.distinct >= 2 &&
  (c.distinct <= Math.max(20, rows / 5) || (rank(c) === 0 && c.numeric < 0.9 && c.distinct < 0.8 * rows));

/** Numbers that differ from row to row and count nothing up. */
function isAmount(
  { name, numeric, otherNumbers, distinct, whole, values, filled }: ColumnFacts,
  rows: number,
): boolean {
  if (numeric + otherNumbers <= 0.99 || distinct <= 20 || idName.test(name.trim())) return false;
  const every = distinct === Math.round(filled * rows) && whole > 0.99;
  const numbers = values.map(([value]) => numberIn(value) ?? Number.NaN);
  return !(every && numbers.length > 0 && Math.max(...numbers) - Math.min(...numbers) === distinct - 1);
}

const isPartColumn = (c: ColumnFacts): boolean =>
  c.parts > 0.999 && c.distinct >= 2 && c.distinct <= 6 && c.values.some(([value]) => /^train/i.test(value));

function pairIn(texts: readonly ColumnFacts[], rows: number): readonly [ColumnFacts, ColumnFacts] | undefined {
  const long = texts.filter((c) => c.distinct > rows / 10 && c.characters >= 3);
  for (const [one, two] of pairNames) {
    const first = long.find((c) => one.test(c.name));
    const second = long.find((c) => c !== first && two.test(c.name));
    if (first && second) return [first, second];
  }
  return undefined;
}

/** The task that a label column is for: numbers are classes where each comes again and again. */
export function likelyTask(column: ColumnFacts | undefined, rows: number): LikelyTask {
  if (column === undefined) return { task: "multi-label" }; // columns of 0 and 1
  if (column.numberedTags > 0.9) return { task: "entities", why: "tags" };
  if (column.entities > 0.9) return { task: "entities" };
  if (column.wordTags > 0.9) return { task: "entities", why: "words" };
  if (column.vectors > 0.5) return { task: "multi-label", why: "vectors" };
  if (column.numeric + column.otherNumbers > 0.99 && column.distinct > 20) {
    const amount = /price|amount|cost|score|age|income|salary|weight|value|severity|价格|金额|评分/i.test(column.name);
    if (column.separator === "," && column.commaZeros === 0 && column.hundredths < 0.9 && !amount)
      return { task: "multi-label" }; // 1,2 may be two labels
    const classes =
      column.whole > 0.99 && column.otherNumbers === 0 && !amount && column.distinct <= (rows * column.filled) / 10;
    return classes ? { task: "single-label", why: "classes" } : { task: "regression", why: "amounts" };
  }
  return { task: column.several > 0 || column.separator !== undefined ? "multi-label" : "single-label" };
}
