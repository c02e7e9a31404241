// The same mails as a table, one JSON object a line, for `concord run`. node dist/examples/spam/table.js FILE
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { writeFileAtomically } from "../../src/formats/node/index.ts";
import { readMails } from "./mail.ts";

const file = process.argv[2] ?? "runs/mails.jsonl";
await mkdir(dirname(file), { recursive: true });
const lines = readMails().map(({ text, label }) => `${JSON.stringify({ text, label })}\n`);
await writeFileAtomically(file, [new TextEncoder().encode(lines.join(""))]);
console.log(`${lines.length} mails in ${file}`);
