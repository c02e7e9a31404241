// Where the trials of a study are kept and run, from the options of concord tune: here, as workers of a database, or as jobs of a cluster.
import { basename, join, posix, resolve } from "node:path";
import { hasPassword, isPostgres } from "../../database/index.ts";
import { serviceName, workerFiles } from "../../deployment/index.ts";
import { makeNewFolder, writeTexts } from "../../formats/node/index.ts";
import type { Recipe } from "../../recipe/index.ts";
import { versions } from "../../stages/index.ts";
import { type Placement, rayJobs, slurmJobs } from "../../tune/index.ts";
import { argumentError } from "../context.ts";
import { wholeNumber } from "../whole-number.ts";

/** Options of the command that say where. */
export interface PlaceOptions {
  readonly set?: readonly string[];
  readonly trials?: number;
  readonly for?: string;
  readonly database?: string;
  readonly worker?: boolean;
  readonly ray?: string;
  readonly slurm?: boolean;
  readonly sbatch?: readonly string[];
  readonly kubernetes?: string;
  readonly workers?: number;
}

/** Options that name a cluster, as they are typed. */
const clusters = ["ray", "slurm", "kubernetes"] as const;
const clustersOf = (given: PlaceOptions) => clusters.filter((name) => given[name]).map((name) => `--${name}` as const);

/** @throws E_ARGUMENT without a database where several machines work, and for what is no PostgreSQL */
export function databaseOf(given: PlaceOptions): string | undefined {
  const { database, worker } = given;
  const [shared] = worker ? ["--worker" as const] : clustersOf(given);
  if (database === undefined && shared)
    throw argumentError(shared, {
      problem: "several machines share the trials through a database",
      expected: "--database postgres://…",
    });
  if (database === undefined || isPostgres(database)) return database;
  throw argumentError("--database", {
    problem: "not the address of a PostgreSQL database",
    expected: "postgres://user@host/database",
    got: database,
  });
}

/**
 * The option that names a cluster, if one does.
 * @throws E_ARGUMENT for options that do not go together
 */
function clusterOf(given: PlaceOptions): string | undefined {
  const { slurm, sbatch, workers, worker } = given;
  const [cluster, another] = clustersOf(given);
  if (sbatch && !slurm) throw argumentError("--sbatch", { problem: "these are options of Slurm", expected: "--slurm" });
  if (!cluster) {
    if (workers === undefined) return undefined;
    throw argumentError("--workers", {
      problem: "nothing says where workers run",
      expected: "--ray http://head:8265, --slurm or --kubernetes workers",
    });
  }
  if (another) throw argumentError(another, { problem: "one study runs on one cluster", got: `${cluster} ${another}` });
  if (worker) throw argumentError(cluster, { problem: "a worker places no others", expected: "--worker alone" });
  return cluster;
}

/** Workers at the same time. */
const workersOf = ({ workers }: PlaceOptions): number => wholeNumber("--workers", workers) ?? 2;

/**
 * Workers on a cluster: this program with the same recipe and database, at the same paths.
 * @param folder of the study
 * @throws E_ARGUMENT for options that do not go together
 */
export function placementOf(file: string, folder: string, given: PlaceOptions): Placement | undefined {
  const { ray, sbatch } = given;
  if (!clusterOf(given)) return undefined;
  return {
    jobs: ray === undefined ? slurmJobs({ folder, options: sbatch }) : rayJobs(ray),
    workers: workersOf(given),
    command: [...thisProgram(), ...workerWords(resolve(file), given)],
  };
}

/**
 * Files of workers on Kubernetes, in a folder that is made.
 * @returns paths of the files
 * @throws E_ARGUMENT for options that do not go together; E_IO where the folder is there already
 */
export async function writeWorkers(
  recipe: Recipe,
  file: string,
  folder: string,
  given: PlaceOptions,
): Promise<string[]> {
  clusterOf(given);
  const words = [...workerWords(posix.join("/data", basename(file)), given), "--out", "/work/worker"];
  const texts = workerFiles({
    name: serviceName(recipe.name, "study"),
    packageVersion: versions().concord!,
    threads: recipe.adapt.threads,
    workers: workersOf(given),
    words,
  });
  await makeNewFolder(folder, "--kubernetes", (partial) => writeTexts(partial, texts));
  return Object.keys(texts).map((name) => join(folder, name));
}

const thisProgram = (): string[] => [process.execPath, ...process.execArgv, resolve(process.argv[1]!)];

/** Words of a worker's command. @throws E_ARGUMENT for an address with a password: a cluster shows commands to everybody */
function workerWords(file: string, { set = [], trials, for: time, database = "" }: PlaceOptions): string[] {
  if (hasPassword(database))
    throw argumentError("--database", {
      problem: "a password in the address would stand in the cluster's list of jobs",
      expected: "an address without password",
      hint: "set PGPASSWORD where the workers run, or use a password file (PGPASSFILE)",
    });
  return [
    "tune",
    file,
    ...set.flatMap((one) => ["--set", one]),
    ...(trials === undefined ? [] : ["--trials", String(trials)]),
    ...(time === undefined ? [] : ["--for", time]),
    "--database",
    database,
    "--worker",
    "--quiet",
  ];
}
