// Writes a trained encoder as the package's own: matrices in 8 bits with a scale per row, all else in float32.
// node dist/examples/encoder/pack.js ENCODER OUT
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { HostArray } from "../../src/base/index.ts";
import { makeFolder, writeFileAtomically, writeSafetensorsFile } from "../../src/formats/node/index.ts";
import { eightBits, scaleName } from "../../src/models/eight-bits.ts";
import { loadModel } from "../../src/models/node/index.ts";

const [from, out] = process.argv.slice(2) as [string, string];
const { model, weights } = await loadModel(from);
const tensors = [...weights].flatMap(([name, array]): [string, HostArray][] => {
  if (array.shape.length < 2) return [[name, array]];
  const { rows, scale } = eightBits(array);
  return [
    [name, rows],
    [scaleName(name), scale],
  ];
});
const write = (name: string, content: string) =>
  writeFileAtomically(join(out, name), [new TextEncoder().encode(content)]);
await makeFolder(out);
await writeSafetensorsFile(join(out, "model.safetensors"), tensors);
for (const name of ["tokenizer.json", "tokenizer_config.json"])
  await write(name, JSON.stringify(JSON.parse(await readFile(join(from, name), "utf8"))));
const { _name_or_path: _, ...config } = model.config;
await write("config.json", `${JSON.stringify({ ...config, classifier_pooling: "mean" }, null, 2)}\n`);
