// What Slurm says of jobs, and what it is not asked. A real Slurm runs a study in test/slow/tune-slurm.slow.ts.
import { afterEach, expect, test, vi } from "vitest";
import { shellLine } from "./jobs.ts";
import { jobStateIn, slurmJobs } from "./slurm-jobs.ts";

afterEach(() => vi.unstubAllEnvs());

test.each([
  ["PENDING", "PENDING"],
  ["REQUEUED", "PENDING"],
  ["CONFIGURING", "RUNNING"],
  ["COMPLETING", "RUNNING"],
  ["SUSPENDED", "RUNNING"],
  ["COMPLETED", "SUCCEEDED"],
  ["CANCELLED", "STOPPED"],
  ["OUT_OF_MEMORY", "FAILED"],
  ["PREEMPTED", "FAILED"],
  ["NODE_FAIL", "FAILED"],
  ["TIMEOUT", "FAILED"],
])("a job that is %s is %s", (state, expected) => {
  const line = `JobId=1 JobName=concord UserId=root(0) Account=(null) QOS=(null) JobState=${state} Reason=None Dependency=(null) Requeue=0`;
  expect(jobStateIn(line)).toBe(expected);
});

test.each(["--partition=main", "partition main", "-p", "output=x", "array=1-3", "clusters=all", "wrap=id"])(
  "%s is refused as an option of sbatch",
  (option) => {
    expect(() => slurmJobs({ folder: "/tmp", options: [option] })).toThrow(/--sbatch/);
  },
);

test("a machine without Slurm is told where to run", async () => {
  vi.stubEnv("PATH", "/nowhere");
  await expect(slurmJobs({ folder: "/tmp" }).submit(["true"], 1)).rejects.toMatchObject({
    code: "E_DEPENDENCY",
    facts: { got: "sbatch", hint: expect.stringMatching(/login node/) },
  });
});

test("a shell reads each word as it is", () => {
  expect(shellLine(["echo", "it's", "$(id)", ""])).toBe(`'echo' 'it'\\''s' '$(id)' ''`);
});
