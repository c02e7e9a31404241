// The tiny job in a process of its own.
import { runJob } from "./run-job.ts";
import { tinyJob } from "./tiny.ts";

await runJob(tinyJob());
