// This version beside an earlier one, in one process and in turn: tokenizing by the expressions of known tokenizers, one member's secret sum, opening
// a log of 100,000 entries. CONCORD_BENCH_BEFORE names a checkout of the earlier version whose sources are compiled (dist/src).
import { generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { canonicalJson } from "../src/base/index.ts";
import { keyIdOf, leafHash, treeRoots } from "../src/store/index.ts";
import { readCsv } from "./csv.ts";
import { median, peer, shared } from "./peers.ts";
import { type SumLibrary, sumCost } from "./together-sums.ts";

type Row = Record<string, string | number>;
/** Compiled sources of one version. */
interface Version {
  readonly store: typeof import("../src/store/index.ts");
  readonly tokenizers: typeof import("../src/tokenizers/index.ts");
  readonly sums: SumLibrary;
}
const repeats = Number(process.env.CONCORD_BENCH_REPEATS ?? 7);

async function versionAt(checkout: string): Promise<Version> {
  const load = (room: string) => import(join(resolve(checkout), "dist/src", room, "index.js"));
  const [store, tokenizers, base, federated, node] = await Promise.all(
    ["store", "tokenizers", "base", "federated", "federated/node"].map(load),
  );
  return { store, tokenizers, sums: { ...federated, random: base.random, primitives: node.nodePrimitives } };
}

/** Without an earlier checkout the times of this version alone. */
export async function beforeBench(): Promise<Row[]> {
  const now = await versionAt(join(import.meta.dirname, "../.."));
  const earlier = process.env.CONCORD_BENCH_BEFORE;
  const before = earlier === undefined ? undefined : await versionAt(earlier);
  return [...(await tokenizing(now, before)), ...sums(now, before), await opening(now, before)];
}

/** Milliseconds of both, in turn; the first round of each fills caches and is left out. */
async function inTurn(
  what: string,
  target: string,
  work: (version: Version) => unknown,
  now: Version,
  before: Version | undefined,
): Promise<Row> {
  const times: Record<"now" | "before", number[]> = { now: [], before: [] };
  for (let round = 0; round <= repeats; round++)
    for (const [side, version] of [
      ["now", now],
      ["before", before],
    ] as const) {
      if (!version) continue;
      const start = performance.now();
      await work(version);
      if (round > 0) times[side].push(performance.now() - start);
    }
  const ratios = times.before.map((ms, i) => ms / times.now[i]!);
  return {
    what,
    "now ms": Math.round(median(times.now)),
    "before ms": before ? Math.round(median(times.before)) : "–",
    "before ÷ now, median": before ? median(ratios).toFixed(2) : "–",
    target,
    rounds: repeats,
  };
}

const expressions = {
  "GPT-2": "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
  "Llama 3":
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  Qwen: "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
} as const;

/** Symptom texts and Chinese news, whole, by byte-level tokenizers whose words an expression splits off. */
async function tokenizing(now: Version, before: Version | undefined): Promise<Row[]> {
  const texts = {
    English: readCsv(readFileSync(peer.data, "utf8")).map((row) => row.text!),
    Chinese: readFileSync(join(shared, "data/cluener.train.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { text: string }).text),
  };
  const file = JSON.parse(readFileSync(join(shared, "golden/tokenizers/bpe-gpt2/tokenizer.json"), "utf8"));
  const rows: Row[] = [];
  for (const [name, Regex] of Object.entries(expressions)) {
    const split = { type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false };
    const bytes = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false };
    const source = JSON.stringify({ ...file, pre_tokenizer: { type: "Sequence", pretokenizers: [split, bytes] } });
    for (const [language, rowsOf] of Object.entries(texts))
      rows.push(
        await inTurn(
          `${rowsOf.length} ${language} texts, ${name}`,
          "≥ 0.8",
          async ({ tokenizers }) => {
            // anew each time: a tokenizer remembers words
            const tokenizer = await tokenizers.jsTokenizer(new TextEncoder().encode(source));
            await tokenizer.encodeIds(rowsOf, { maxLength: 512 });
          },
          now,
          before,
        ),
      );
  }
  return rows;
}

/** What one member does and sends, 1,000,000 numbers. */
function sums(now: Version, before: Version | undefined): Row[] {
  return [3, 10, 100].map((parties) => {
    const costs: Record<"now" | "before", { member: number; bytes: number }[]> = { now: [], before: [] };
    for (let round = 0; round <= repeats; round++)
      for (const [side, version] of [
        ["now", now],
        ["before", before],
      ] as const) {
        if (!version) continue;
        const cost = sumCost(version.sums, 1_000_000, parties);
        if (round > 0) costs[side].push(cost);
      }
    const ratio = (of: "member" | "bytes") =>
      median(costs.before.map((cost, i) => costs.now[i]![of] / cost[of])).toFixed(3);
    return {
      what: `one member's secret sum, ${parties} parties`,
      "now ms": Math.round(1000 * median(costs.now.map(({ member }) => member))),
      "before ms": before ? Math.round(1000 * median(costs.before.map(({ member }) => member))) : "–",
      "now ÷ before, median": before ? ratio("member") : "–",
      "bytes, now ÷ before": before ? ratio("bytes") : "–",
      target: "≤ 1.2",
      rounds: repeats,
    };
  });
}

const entries = 100_000;

/** A log with a signed head for each entry, as `concord log` would have grown it. */
async function opening(now: Version, before: Version | undefined): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), "concord-bench-"));
  try {
    writeFileSync(join(folder, "log.jsonl"), logText());
    const open = ({ store }: Version) => store.openReleaseLog(folder);
    return await inTurn(`opening a log of ${entries} entries`, "now < 1000 ms", open, now, before);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function logText(): string {
  const { privateKey } = generateKeyPairSync("ed25519");
  const keyid = keyIdOf(privateKey);
  const facts = Array.from({ length: entries }, (_, i) => ({
    kind: "release",
    name: `model ${i}`,
    passport: i.toString(16).padStart(64, "0"),
    at: new Date(1.76e12 + 60_000 * i).toISOString(),
  }));
  const roots = treeRoots(facts.map((entry) => leafHash(canonicalJson(entry))));
  return facts
    .map((entry, i) => {
      const head = { size: i + 1, root: roots[i]!, at: entry.at, keyid };
      const sig = sign(null, Buffer.from(`concord-log-head ${canonicalJson(head)}`), privateKey).toString("base64");
      return `${canonicalJson({ entry, head: { ...head, sig } })}\n`;
    })
    .join("");
}
