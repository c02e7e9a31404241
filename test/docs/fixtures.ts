// What pages take as given (`<!-- given: mails run -->`): real tables, a real model folder, a real run. Each is made once per suite.
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readMails } from "../../examples/spam/mail.ts";
import { random } from "../../src/base/index.ts";
import { configOf } from "../../src/formats/index.ts";
import { initialise, modelOf } from "../../src/models/index.ts";
import { saveModel } from "../../src/models/node/index.ts";
import { jsTokenizer, trainWordPiece } from "../../src/tokenizers/index.ts";
import { choiceRows } from "../choice-rows.ts";
import { homesSquad } from "../homes.ts";
import { ticketRows, ticketTable } from "../ticket-rows.ts";

/** Runs a command line in a folder. @throws Error where it fails */
export type Shell = (folder: string, script: string) => string;

const made = new Map<string, string>();

/** A small BERT with random weights in the layout of the Hugging Face Hub: what `models get` leaves, but quick to train. */
async function modelFolder(at: string): Promise<void> {
  const texts = readMails()
    .slice(0, 300)
    .map(({ text }) => text.slice(0, 300));
  const file = trainWordPiece(texts, { vocabSize: 800 });
  const tokenizer = await jsTokenizer(file);
  const config = {
    model_type: "bert",
    architectures: ["BertModel"],
    vocab_size: tokenizer.vocabSize,
    hidden_size: 32,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 64,
    max_position_embeddings: 128,
    type_vocab_size: 2,
  };
  const model = modelOf(configOf(config, "config.json"));
  await saveModel(at, model, initialise(model, random(1)), { "tokenizer.json": JSON.stringify(file) });
}

/** Opinions about a message, one of which is called NA. */
const stances = (): string =>
  `text,stance\n${Array.from({ length: 60 }, (_, i) => `a message with number ${i} in it,${i % 30 === 7 ? "NA" : ["FAVOR", "AGAINST"][i % 2]}`).join("\n")}\n`;

/** Three tables of other systems: labels, scores beyond 1, and scores with a decimal comma in Latin-1. */
function audited(folder: string): void {
  const rng = random("audited");
  const rows = Array.from({ length: 300 }, (_, i) => ({
    y: rng.int(2),
    wrong: rng.float() < 0.2,
    sex: i % 2 ? "female" : "male",
    race: ["a", "b", "c"][i % 3]!,
    age: 18 + rng.int(60),
    ort: i % 2 ? "Köln" : "Bonn",
  }));
  const given = (row: (typeof rows)[number]) => (row.wrong ? 1 - row.y : row.y);
  const lines = (head: string, line: (row: (typeof rows)[number]) => string) =>
    `${head}\n${rows.map(line).join("\n")}\n`;
  const tables = {
    "decisions.csv": lines("y,yhat,sex,race", (r) => `${r.y},${given(r)},${r.sex},${r.race}`),
    "scores.csv": lines("y,risk,sex,age", (r) => `${r.y},${given(r) ? 5 + rng.int(5) : rng.int(4)},${r.sex},${r.age}`),
    "german.csv": lines("y;p;ort", (r) => `${r.y};0,${given(r) ? 6 + rng.int(3) : 1 + rng.int(3)};${r.ort}`),
  };
  for (const [name, text] of Object.entries(tables)) writeFileSync(join(folder, name), Buffer.from(text, "latin1"));
}

const recipe = `version: 1
name: mails
data: { file: mails.csv, text: message, label: kind, attributes: [sent] }
model: { scratch: { width: 32, layers: 1, heads: 2, inner: 64, vocabulary: 1000 } }
adapt: { epochs: 8, learningRate: 3e-3 }
audit: { fairness: { counterfactuals: 0 }, privacy: false, explanation: false, robustness: false }
`;

/** How each given thing gets into a folder. */
const makers: Readonly<Record<string, (folder: string, shell: Shell, cache: string) => Promise<void>>> = {
  mails: async (folder) => cpSync("docs/public/mails.csv", join(folder, "mails.csv")),
  messages: async (folder) => cpSync("docs/public/mails.csv", join(folder, "messages.csv")),
  questions: async (folder) => writeFileSync(join(folder, "questions.json"), JSON.stringify(homesSquad(160))),
  exam: async (folder) =>
    writeFileSync(
      join(folder, "exam.jsonl"),
      choiceRows(200)
        .map((row) => JSON.stringify(row))
        .join("\n"),
    ),
  waits: async (folder) => writeFileSync(join(folder, "tickets.csv"), ticketTable(ticketRows(300))),
  stances: async (folder) => writeFileSync(join(folder, "messages.csv"), stances()),
  audited: async (folder) => audited(folder),
  model: async (folder) => modelFolder(join(folder, "models/minilm-l6")),
  run: async (folder, shell, cache) => {
    if (!made.has("run")) {
      const own = mkdtempSync(join(cache, "run-"));
      cpSync("docs/public/mails.csv", join(own, "mails.csv"));
      writeFileSync(join(own, "recipe.yaml"), recipe);
      symlinkSync(join(cache, "node_modules"), join(own, "node_modules"));
      shell(own, "npx concord run recipe.yaml --quiet --no-store");
      made.set("run", own);
    }
    for (const name of ["mails.csv", "recipe.yaml", "runs"])
      cpSync(join(made.get("run")!, name), join(folder, name), { recursive: true });
  },
  tickets: async (folder, shell, cache) => {
    await makers.run!(folder, shell, cache);
    cpSync(join(folder, "runs/mails"), join(folder, "runs/tickets"), { recursive: true });
    cpSync(join(folder, "mails.csv"), join(folder, "new.csv"));
    rmSync(join(folder, "recipe.yaml")); // the page's own is written by concord init
  },
};

/** Puts what a page takes as given into its folder. @throws Error for a name that is nothing */
export async function give(names: readonly string[], folder: string, shell: Shell, cache: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const name of names) {
    const make = makers[name];
    if (!make) throw new Error(`given: ${name} is none of ${Object.keys(makers).join(", ")}`);
    await make(folder, shell, cache);
  }
}
