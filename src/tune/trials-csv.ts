// The trials of a study as Optuna's data frame in CSV, as pandas writes it: `study.trials_dataframe().to_csv()`.
import { csvCell } from "../base/index.ts";
import { type OptunaTrial, type OptunaValue, optunaTrials, type StudyTrials } from "./optuna-trials.ts";

type Cell = OptunaValue | undefined;

/**
 * Trials as CSV: number, each objective in its own direction, times (UTC), each key of the space, what went wrong, state.
 * @example trialsCsv(study) // ",number,value_score,datetime_start,…\n0,0,0.91,2026-11-30 18:01:45.406,…\n"
 */
export function trialsCsv(study: StudyTrials): string {
  const trials = optunaTrials(study);
  const of = (read: (trial: OptunaTrial) => Cell, write = written): ((trial: OptunaTrial) => string) => {
    const text = write(trials.map(read));
    return (trial) => text(read(trial));
  };
  const { objectives } = study.search;
  const many = objectives.length > 1 ? "values" : "value";
  const sorted = [...study.space].sort(({ name: a }, { name: b }) => (a < b ? -1 : 1));
  const columns: [string, (trial: OptunaTrial) => string][] = [
    ["", ({ number }) => String(number)],
    ["number", ({ number }) => String(number)],
    ...objectives.map((name): [string, (trial: OptunaTrial) => string] => [
      `${many}_${name}`,
      of(({ values }) => values[name], floats),
    ]),
    ["datetime_start", of(({ started }) => started, dates)],
    ["datetime_complete", of(({ ended }) => ended, dates)],
    [
      "duration",
      of(({ started, ended }) => (started === undefined || ended === undefined ? null : ended - started), durations),
    ],
    ...sorted
      .filter(({ name }) => trials.some(({ params }) => params.has(name)))
      .map(({ name, range }): [string, (trial: OptunaTrial) => string] => [
        `params_${name}`,
        of(({ params }) => params.get(name), range.kind === "number" ? floats : written),
      ]),
    ...(trials.some(({ problem }) => problem !== undefined)
      ? [["user_attrs_problem", of(({ problem }) => problem)] as [string, (trial: OptunaTrial) => string]]
      : []),
    ["state", ({ state }) => state],
  ];
  const lines = [columns.map(([name]) => name), ...trials.map((trial) => columns.map(([, text]) => text(trial)))];
  return lines.map((cells) => `${cells.map((cell) => csvCell(cell)).join(",")}\n`).join("");
}

const isNone = (cell: Cell) => cell === undefined || cell === null;

/** As pandas has a column: whole numbers, floating point where one lacks or is none, else each value as Python writes it. */
function written(column: readonly Cell[]): (cell: Cell) => string {
  const there = column.filter((cell) => !isNone(cell));
  if (there.every((cell) => typeof cell === "number")) {
    const whole = there.length === column.length && there.every((cell) => Number.isInteger(cell));
    return whole ? String : floats();
  }
  return (cell) => {
    if (isNone(cell)) return "";
    if (typeof cell === "boolean") return cell ? "True" : "False";
    return typeof cell === "number" && !Number.isInteger(cell) ? floatText(cell) : String(cell);
  };
}

const floats = (_column?: readonly Cell[]) => (cell: Cell) => (isNone(cell) ? "" : floatText(Number(cell)));

/** A floating-point number as Python's repr. @example floatText(1e-5) // "1e-05" */
function floatText(value: number): string {
  if (Number.isNaN(value)) return "";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const [digits, exponent] = value.toExponential().split("e") as [string, string];
  const power = Number(exponent);
  if (value !== 0 && (power < -4 || power >= 16))
    return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  if (Number.isInteger(value)) return `${value}.0`;
  return String(value);
}

/** pandas writes as many decimals of times as their column needs. */
const isWhole = (column: readonly Cell[]) => column.every((cell) => isNone(cell) || Number(cell) % 1000 === 0);

const dates = (column: readonly Cell[]) => {
  const length = isWhole(column) ? 19 : 23;
  return (cell: Cell) => (isNone(cell) ? "" : new Date(Number(cell)).toISOString().slice(0, length).replace("T", " "));
};

const durations = (column: readonly Cell[]) => {
  const whole = isWhole(column);
  return (cell: Cell) => {
    if (isNone(cell)) return "";
    const time = new Date(Number(cell) % dayMs).toISOString().slice(11, whole ? 19 : 23);
    return `${Math.floor(Number(cell) / dayMs)} days ${time}${whole ? "" : "000"}`;
  };
};

const dayMs = 86_400_000;
