// Jobs on a Slurm cluster through its programs sbatch, scontrol and scancel; no accounting database is needed. Knows no study.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConcordError } from "../base/index.ts";
import { type JobState, type Jobs, shellLine } from "./jobs.ts";

export interface SlurmOptions {
  /** Folder that all nodes see: what jobs write goes to `slurm-<id>.out` there. */
  readonly folder: string;
  /** Options of sbatch without their dashes, such as `partition=main`. Default none: Slurm's own, and its variables `SBATCH_…`. */
  readonly options?: readonly string[];
}

/** Longest wait for one of Slurm's programs, in milliseconds. */
const longestMs = 60_000;
/** Options by which a job would be several, or be found elsewhere. */
const ours = ["array", "clusters", "error", "output", "parsable", "test-only", "wait", "wrap"];

/**
 * The jobs of the cluster that this machine belongs to. A job is not requeued by Slurm: who placed it starts another one.
 * @throws E_ARGUMENT for what is no option of sbatch, and for those that are set here
 * @example const id = await slurmJobs({ folder: "/shared/study" }).submit(["node", "worker.js"], 2);
 */
export function slurmJobs({ folder, options = [] }: SlurmOptions): Jobs {
  for (const option of options) checkOption(option);
  const output = join(folder.replaceAll("%", "%%"), "slurm-%j.out");
  const asked = ["--job-name=concord", "--no-requeue", `--output=${output}`];
  return {
    cluster: "Slurm",
    async submit(command, cpus) {
      const given = options.map((option) => `--${option}`);
      const script = `#!/bin/sh\nexec ${shellLine(command)}\n`; // Slurm reads no #SBATCH line after the first command
      const { code, text, said } = await ran(
        "sbatch",
        ["--parsable", ...asked, `--cpus-per-task=${cpus}`, ...given],
        script,
      );
      const id = /^\d+/.exec(text)?.[0];
      if (code === 0 && id !== undefined) return id;
      throw isAway(said) ? away(said) : refused(said || text);
    },
    async state(id) {
      const { code, text, said } = await ran("scontrol", ["--oneliner", "show", "job", id]);
      if (code === 0) return jobStateIn(text);
      if (/Invalid job id/.test(said)) return undefined; // Slurm forgets an ended job after its MinJobAge
      throw away(said);
    },
    logs: (id) => readFile(join(folder, `slurm-${id}.out`), "utf8").catch(() => ""),
    async stop(id) {
      const { code, said } = await ran("scancel", [id]);
      if (code !== 0 && !/Invalid job id/.test(said)) throw away(said);
    },
  };
}

/** States of jobs that run or will (Slurm's JOB STATE CODES); others than these and `COMPLETED` are ends of a kind. */
const alive = /^(PENDING|REQUEUED|REQUEUE_HOLD|REQUEUE_FED|SPECIAL_EXIT|RESV_DEL_HOLD)$/;
const busy = /^(RUNNING|COMPLETING|CONFIGURING|RESIZING|SIGNALING|STAGE_OUT|STOPPED|SUSPENDED)$/;

/** State in a line of `scontrol show job`. @example jobStateIn("JobId=7 JobName=x JobState=OUT_OF_MEMORY Reason=None") // "FAILED" */
export function jobStateIn(line: string): JobState {
  const state = /\sJobState=(\w+)/.exec(line)?.[1] ?? "";
  if (alive.test(state)) return "PENDING";
  if (busy.test(state)) return "RUNNING";
  if (state === "COMPLETED") return "SUCCEEDED";
  return state === "CANCELLED" ? "STOPPED" : "FAILED";
}

/** Runs a program of Slurm: no shell reads its arguments. @throws E_DEPENDENCY where it is not installed */
const ran = (
  program: string,
  args: readonly string[],
  input = "",
): Promise<{ code: number; text: string; said: string }> =>
  new Promise((resolve, reject) => {
    const child = execFile(program, args, { timeout: longestMs }, (fault, text, said) => {
      if (fault?.code === "ENOENT") return reject(missing(program));
      const code = typeof fault?.code === "number" ? fault.code : fault ? -1 : 0;
      resolve({ code, text, said: said.trim() || (fault?.killed ? "no answer in time" : "") });
    });
    child.stdin?.on("error", () => undefined); // a program that ends before it has read
    child.stdin?.end(input);
  });

/** What Slurm's programs say while its controller is down or busy. */
const isAway = (said: string): boolean =>
  /no answer in time|Unable to contact slurm controller|Socket timed out|Zero Bytes were transmitted|Connection (refused|timed out)|Resource temporarily unavailable/.test(
    said,
  );

function checkOption(option: string): void {
  const [, name] = /^([a-z][a-z-]+)(?:=.*)?$/.exec(option) ?? [];
  if (name !== undefined && !ours.includes(name)) return;
  throw new ConcordError("E_ARGUMENT", {
    operation: "--sbatch",
    problem: name === undefined ? "not an option of sbatch" : "Concord sets this option of sbatch itself",
    expected: "--sbatch partition=main",
    got: option,
    path: "--sbatch",
  });
}

/** The last line says why. */
const lastLine = (text: string): string | undefined => text.trim().split("\n").at(-1)?.slice(0, 200);

const missing = (program: string): ConcordError =>
  new ConcordError("E_DEPENDENCY", {
    operation: "Slurm",
    problem: "a program of Slurm is not installed here",
    got: program,
    hint: "run concord tune where jobs are submitted, such as a login node of the cluster",
  });
const refused = (said: string): ConcordError =>
  new ConcordError("E_ARGUMENT", {
    operation: "Slurm",
    problem: "Slurm refused the job",
    got: lastLine(said),
    hint: "name what this cluster asks for, such as --sbatch account=team",
    path: "--sbatch",
  });
const away = (said: string): ConcordError =>
  new ConcordError("E_SERVER", { operation: "Slurm", problem: "the cluster does not answer", got: lastLine(said) });
