// Which test rows a report quotes: the answers that were most wrong, and those that were least certain.

import { rowsFolder } from "../artifacts/index.ts";
import { labelOfTask, type Row } from "../data/index.ts";
import { modalities } from "../modalities/node/index.ts";
import type { Recipe } from "../recipe/index.ts";
import type { ExampleRow } from "../report/index.ts";
import { type Prediction, taskOf } from "../tasks/index.ts";

/** A row's number, how wrong its answer is (0: right), how far it is from certain, and what is shown beside it. */
interface Judged {
  readonly row: number;
  readonly wrong: number;
  readonly doubt?: number;
  readonly number?: number;
}

/** @returns at most `report.examples` rows of each kind, in order; those of equal rank in the order of the table */
export async function quotedRows(
  recipe: Recipe,
  home: string,
  predictions: readonly Prediction[],
  testRows: () => Promise<readonly Row[]>,
): Promise<{ worst: ExampleRow[]; uncertain: ExampleRow[] }> {
  const { examples } = recipe.report;
  if (examples === 0 || taskOf(recipe.task).forecasts) return { worst: [], uncertain: [] };
  const test = await testRows();
  const judged = predictions.map((prediction, row) => judge(prediction, row));
  const worst = judged.filter((j) => j.wrong > 0).sort((a, b) => b.wrong - a.wrong);
  const uncertain = judged.filter((j) => j.doubt !== undefined).sort((a, b) => b.doubt! - a.doubt!);
  const { show } = modalities[recipe.modality];
  const quoted = async ({ row, number }: Judged): Promise<ExampleRow> => {
    const { text, image } = await show(test[row]!, rowsFolder(recipe, home));
    const { truth, predicted } = predictions[row]!;
    const signs = recipe.data.offsets === "utf-16" ? text.split("") : [...text];
    const words = (value: unknown) => shown(value, (start, end) => signs.slice(start, end).join(""));
    return { place: test[row]!.place, text, image, truth: words(truth), predicted: words(predicted), number };
  };
  const first = (list: readonly Judged[]) => Promise.all(list.slice(0, examples).map(quoted));
  return { worst: await first(worst), uncertain: await first(uncertain) };
}

/** By what the prediction is: bits of a text, a number, a class, classes, or entities. */
function judge({ truth, predicted, probabilities, bytes }: Prediction, row: number): Judged {
  if (isTasks(predicted) && isTasks(truth)) return judgeTasks(truth, predicted, probabilities ?? {}, row);
  if (bytes !== undefined) return { row, wrong: Number(predicted) / bytes, number: Number(predicted) / bytes };
  if (typeof predicted === "number") {
    const error = predicted - Number(truth);
    return { row, wrong: Math.abs(error), number: error };
  }
  if (typeof predicted === "string") {
    const certain = probabilities?.[predicted] ?? 0;
    return { row, wrong: predicted === truth ? 0 : certain, doubt: 1 - certain, number: certain };
  }
  const [wanted, given] = [namesOf(truth), namesOf(predicted)];
  if (probabilities) {
    const named = Object.entries(probabilities);
    const wrong = named
      .filter(([name]) => wanted.has(JSON.stringify(name)) !== given.has(JSON.stringify(name)))
      .map(([, p]) => Math.abs(p - 0.5) + 0.5);
    return {
      row,
      wrong: Math.max(0, ...wrong),
      doubt: 0.5 - Math.min(...named.map(([, p]) => Math.abs(p - 0.5))),
    };
  }
  const missed = [...wanted].filter((name) => !given.has(name)).length;
  const invented = [...given].filter((name) => !wanted.has(name)).length;
  return { row, wrong: missed + invented };
}

type Tasks = Readonly<Record<string, unknown>>;
const isTasks = (value: unknown): value is Tasks =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Of several tasks: by the label that is most wrong, or least certain; numbers have units of their own, and are not compared with labels. */
function judgeTasks(
  truth: Tasks,
  predicted: Tasks,
  probabilities: NonNullable<Prediction["probabilities"]>,
  row: number,
): Judged {
  const labelled = Object.keys(predicted).filter((name) => typeof predicted[name] !== "number");
  const judged = labelled.map((name) => {
    const start = labelOfTask(name, "");
    const own = Object.entries(probabilities).filter(([label]) => label.startsWith(start));
    const named = Object.fromEntries(own.map(([label, p]) => [label.slice(start.length), p]));
    return judge({ truth: truth[name], predicted: predicted[name], probabilities: named }, row);
  });
  const doubts = judged.flatMap(({ doubt }) => (doubt === undefined ? [] : [doubt]));
  return {
    row,
    wrong: Math.max(0, ...judged.map(({ wrong }) => wrong)),
    ...(doubts.length && { doubt: Math.max(...doubts) }),
  };
}

/** Each entity or class as something that can be compared. */
const namesOf = (value: unknown): Set<string> =>
  new Set((Array.isArray(value) ? value : [value]).map((one) => JSON.stringify(one)));

/** A class, classes, a number, entities or answers of several tasks as words. @param between the text that an entity covers */
function shown(value: unknown, between: (start: number, end: number) => string): string {
  if (typeof value === "number") return String(Number(value.toPrecision(4)));
  if (Array.isArray(value)) return value.length ? value.map((one) => shown(one, between)).join(", ") : "–";
  if (typeof value !== "object" || value === null) return String(value ?? "–");
  if (!("type" in value && "start" in value))
    return Object.entries(value)
      .map(([name, one]) => labelOfTask(name, shown(one, between)))
      .join("; ");
  const { type, start, end } = value as Record<string, unknown>;
  return `${String(type)}: ${between(Number(start), Number(end))}`;
}
