// The pairs as a table, one JSON object a line, for `concord run`. node dist/examples/embeddings/table.js FILE
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { writeFileAtomically } from "../../src/formats/node/index.ts";
import { mailPairs } from "./mail-pairs.ts";

const file = process.argv[2] ?? "runs/mail-pairs.jsonl";
await mkdir(dirname(file), { recursive: true });
const lines = mailPairs().map((pair) => `${JSON.stringify(pair)}\n`);
await writeFileAtomically(file, [new TextEncoder().encode(lines.join(""))]);
console.log(`${lines.length} pairs in ${file}`);
