// Run by checkpoints-crash.test.ts and killed at random moments: saves checkpoint after checkpoint and never ends.
import { saveCheckpoint } from "../../src/train/node/checkpoints.ts";
import { stateAt, tensorsAt } from "./checkpoint-content.ts";

const [folder = "", firstStep = "1"] = process.argv.slice(2);
for (let step = Number(firstStep); ; step++) {
  const tensors = tensorsAt(step);
  if (step === Number(firstStep)) process.stdout.write("ready\n");
  await saveCheckpoint(folder, { step, tensors, state: stateAt(step) });
  process.stdout.write(`${step}\n`);
}
