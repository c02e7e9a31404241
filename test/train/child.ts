// Trains the tiny job in a process of its own, from the newest checkpoint of a folder; prints each step, then the weights' hash.
import { createHash } from "node:crypto";
import { train } from "../../src/train/node/train.ts";
import { tinyJob } from "./tiny.ts";

const result = await train(tinyJob(), {
  folder: process.argv[2],
  onEvent: (e) => e.kind === "step" && process.stdout.write(`step ${e.step}\n`),
});
if (result.finished) {
  const hash = createHash("sha256");
  for (const [name, { data }] of result.weights)
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  process.stdout.write(`done ${hash.digest("hex")}\n`);
}
