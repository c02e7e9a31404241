// The tiny job in a process of its own, with the best epoch kept and early stopping.
import { runJob } from "./run-job.ts";
import { selectingJob, tinyAccuracy, tinyDev } from "./tiny.ts";

await runJob(selectingJob(), tinyAccuracy(tinyDev));
