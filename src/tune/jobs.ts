// Jobs of a cluster that run a command: what Ray and Slurm have in common. Knows no study.

export type JobState = "PENDING" | "RUNNING" | "SUCCEEDED" | "FAILED" | "STOPPED";

export interface Jobs {
  /** The cluster's kind, for messages. */
  readonly cluster: "Ray" | "Slurm";
  /**
   * Starts a program on the cluster.
   * @param command the program and its arguments, each as the program gets it
   * @returns its id @throws E_SERVER where the cluster is away; E_ARGUMENT for what it will never take
   */
  submit(command: readonly string[], cpus: number): Promise<string>;
  /** Undefined for a job that the cluster does not know, as after its head was replaced. @throws E_SERVER */
  state(id: string): Promise<JobState | undefined>;
  /** What it wrote. @throws E_SERVER */
  logs(id: string): Promise<string>;
  /** @throws E_SERVER */
  stop(id: string): Promise<void>;
}

/** A command as a line of a POSIX shell that changes none of its words. @example shellLine(["echo", "it's"]) // "'echo' 'it'\\''s'" */
export const shellLine = (command: readonly string[]): string =>
  command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
