// Records of annotation tools, as plain fields: Label Studio's projects (tasks with annotations). Other records pass as they are. Pure.
import type { SourceRow } from "../data/index.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Flattens tasks of Label Studio: the fields of `data`, and one field for each thing annotated, named as in its labelling interface.
 * Of several annotations the first that was not cancelled counts; where others differ, that is told. A task that was annotated without
 * a span has an empty list of them.
 */
export async function* toolFields(
  rows: AsyncIterable<SourceRow>,
  onGuess?: (guess: string) => void,
): AsyncGenerator<SourceRow> {
  const tasks: SourceRow[] = []; // a project is one JSON value: its tasks are in memory already
  for await (const row of rows) {
    if (isTask(row)) tasks.push(row);
    else yield row;
  }
  const answers = tasks.map(answersOf);
  const spanNames = new Set(answers.flat().flatMap((one) => [...one.keys()].filter((name) => isSpans(one.get(name)))));
  const none = Object.fromEntries([...spanNames].map((name) => [name, []]));
  for (const [i, { fields, ...row }] of tasks.entries()) {
    const firstAnswer = answers[i]![0];
    yield {
      ...row,
      fields: {
        id: fields.id,
        ...(fields.data as Fields),
        ...(firstAnswer && { ...none, ...Object.fromEntries(firstAnswer) }),
      },
    };
  }
  const differing = tasks.filter((_, i) => new Set(answers[i]!.map((one) => JSON.stringify([...one]))).size > 1);
  const [first] = differing;
  if (first)
    onGuess?.(
      `${differing.length} tasks have annotations that differ, such as ${first.file}:${first.line}: the first of each is read`,
    );
}

/** Records of Prodigy that were accepted: in a rejected one the label is wrong, an ignored one was not judged. Others pass as they are. */
export async function* acceptedRows(
  rows: AsyncIterable<SourceRow>,
  onGuess?: (guess: string) => void,
): AsyncGenerator<SourceRow> {
  let left = 0;
  for await (const row of rows) {
    const { answer, _input_hash: input, _task_hash: task } = row.fields;
    if ((input ?? task) !== undefined && (answer === "reject" || answer === "ignore")) left++;
    else yield row;
  }
  if (left)
    onGuess?.(`${left} records of Prodigy were rejected or ignored: left out, because their labels do not hold`);
}

/** Questions of SQuAD's layout, a row each: an article has paragraphs, and each of them questions. Other records pass as they are. */
export async function* questionRows(rows: AsyncIterable<SourceRow>): AsyncGenerator<SourceRow> {
  let line = 0;
  for await (const row of rows) {
    const { paragraphs, ...article } = row.fields;
    if (!isList(paragraphs) || !paragraphs.every((one) => isList(one.qas))) {
      yield row;
      continue;
    }
    for (const { qas, ...paragraph } of paragraphs)
      for (const { is_impossible: none, plausible_answers: _, ...question } of qas as readonly Fields[])
        yield {
          ...row,
          line: ++line,
          fields: { ...article, ...paragraph, ...question, answers: none === true ? [] : (question.answers ?? []) },
        };
  }
}

const isList = (value: unknown): value is readonly Fields[] => Array.isArray(value) && value.every(isObject);

const isTask = ({ fields }: SourceRow): boolean =>
  isObject(fields.data) && (Array.isArray(fields.annotations) || Array.isArray(fields.completions));

const answersOf = ({ fields }: SourceRow): ReadonlyMap<string, unknown>[] =>
  ((fields.annotations ?? fields.completions) as readonly unknown[]) // an array by isTask
    .filter((one): one is Fields => isObject(one) && one.was_cancelled !== true)
    .map(({ result }) => resultFields(Array.isArray(result) ? result : []));

const isSpans = (value: unknown): boolean =>
  Array.isArray(value) && value.some((one) => isObject(one) && "start" in one);

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What was annotated, by the name of the control that it was annotated with. */
function resultFields(result: readonly unknown[]): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown[]>();
  const single = new Map<string, unknown>();
  for (const one of result) {
    if (!isObject(one) || !isObject(one.value)) continue;
    const name = typeof one.from_name === "string" ? one.from_name : "label";
    const { choices, labels, start, end, text, taxonomy, number, rating } = one.value;
    const list = found.get(name) ?? [];
    if (Array.isArray(labels)) list.push({ start, end, text, labels });
    else if (Array.isArray(choices)) list.push(...choices);
    else if (Array.isArray(taxonomy))
      list.push(...taxonomy.map((path) => (Array.isArray(path) ? path.join("/") : path)));
    else if (number !== undefined || rating !== undefined) single.set(name, number ?? rating);
    else if (text !== undefined) single.set(name, Array.isArray(text) ? text.join("\n") : text);
    if (list.length) found.set(name, list);
  }
  return new Map([...single, ...found]);
}
