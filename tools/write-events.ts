// Writes the event file of test/tracking/run.ts for tools/tensorboard-reading.py: `npx tsx tools/write-events.ts`.
import { writeFileSync } from "node:fs";
import { eventFile } from "../src/tracking/index.ts";
import { trackedExample } from "../test/tracking/run.ts";

writeFileSync("test/golden/tracking/events.out.tfevents.0.concord", eventFile(trackedExample));
