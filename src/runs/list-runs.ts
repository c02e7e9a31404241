// What a list of runs says of one: how far it came, how good it is, how large.
import { openRunFolder } from "../artifacts/index.ts";
import { stagesOf } from "../pipeline/index.ts";
import { finishedStage, type StageRecord } from "../store/index.ts";
import { folderBytes } from "./folder-size.ts";

export interface ListedRun {
  readonly name: string;
  readonly task: string;
  /** Names of the stages that the recipe asks for, and of those that finished. */
  readonly stages: { readonly asked: readonly string[]; readonly finished: readonly string[] };
  /** The first score of evaluation. */
  readonly score?: { readonly name: string; readonly value: number };
  /** The best simple model on the same rows: its score of the same name, and whether the run is better. */
  readonly baseline?: { readonly name: string; readonly value: number; readonly verdict: string };
  /** When its last stage finished, ISO 8601. */
  readonly finished?: string;
  readonly sizeBytes: number;
}

/**
 * Reads a run folder's recipe and records.
 * @throws E_IO, E_FORMAT, E_VERSION, E_CONFIG for a folder that is no run of this version
 * @example const { score } = await listedRun("runs/disease"); // { name: "macroF1", value: 0.93 }
 */
export async function listedRun(run: string): Promise<ListedRun> {
  const { recipe } = await openRunFolder(run);
  const asked = stagesOf(recipe);
  const records: StageRecord[] = [];
  for (const stage of asked) {
    const record = await finishedStage(run, stage);
    if (record) records.push(record);
  }
  const evaluated = records.find(({ stage }) => stage === "evaluate");
  return {
    name: recipe.name,
    task: recipe.task,
    stages: { asked, finished: records.map(({ stage }) => stage) },
    score: evaluated && mainScore(evaluated.summary),
    baseline: evaluated && bestBaseline(evaluated.summary),
    finished: records
      .map((record) => record.finished)
      .sort()
      .at(-1),
    sizeBytes: await folderBytes(run),
  };
}

/** The score that verdicts are about, where there are baselines; else the first that has a value. */
function mainScore(summary: StageRecord["summary"]): ListedRun["score"] {
  const { baselines } = summary;
  const named =
    typeof baselines === "object" && baselines !== null && "score" in baselines ? baselines.score : undefined;
  const scores = Object.entries(summary).flatMap(([name, score]) =>
    typeof score === "object" && score !== null && "value" in score && typeof score.value === "number"
      ? [{ name, value: score.value }]
      : [],
  );
  return scores.find(({ name }) => name === named) ?? scores[0];
}

/** The baseline that verdicts are about, as the stage evaluate leaves it. */
function bestBaseline({ baselines }: StageRecord["summary"]): ListedRun["baseline"] {
  if (!isFields(baselines) || !isFields(baselines.models)) return undefined;
  const { best, score, verdict } = baselines;
  const own = isFields(baselines.models[String(best)]) ? baselines.models[String(best)] : undefined;
  const found = isFields(own) ? own[String(score)] : undefined;
  const value = isFields(found) ? found.value : found;
  return typeof value === "number" ? { name: String(best), value, verdict: String(verdict) } : undefined;
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
