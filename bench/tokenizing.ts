// Texts to ids with MiniLM's tokenizer, one thread, beside Python `tokenizers` (Rust).
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { openTokenizer } from "../src/tokenizers/node/index.ts";
import { readCsv } from "./csv.ts";
import { median, peer } from "./peers.ts";

const repeats = Number(process.env.CONCORD_BENCH_REPEATS ?? 9);

export async function tokenizerBench(): Promise<Record<string, string | number>[]> {
  const once = readCsv(readFileSync(peer.data, "utf8")).map((r) => r.text!);
  const texts = Array.from({ length: 5 }, (_, i) => once.map((t) => (i === 0 ? t : `${t} (${i})`))).flat();
  const folder = mkdtempSync(join(tmpdir(), "concord-bench-"));
  writeFileSync(join(folder, "texts.json"), JSON.stringify(texts));
  const child = spawn(peer.python!, [resolve("bench/tokenizing.py"), peer.tokenizer, join(folder, "texts.json")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  const python = async () => {
    child.stdin.write("\n");
    return Number((await lines.next()).value);
  };
  let implementation = "";
  const ours = async () => {
    const tokenizer = await openTokenizer(peer.tokenizer); // fresh for each pass: nothing remembered from the one before
    implementation = tokenizer.implementation;
    const start = performance.now();
    await tokenizer.encodeIds(texts, { maxLength: 128 });
    return performance.now() - start;
  };
  const pairs: [number, number][] = [];
  for (let i = -2; i < repeats; i++) {
    const pair: [number, number] = [await ours(), await python()];
    if (i >= 0) pairs.push(pair);
  }
  child.stdin.end();
  rmSync(folder, { recursive: true });
  const rate = (ms: number) => Math.round(texts.length / (ms / 1000));
  const [a, b] = [median(pairs.map((p) => p[0])), median(pairs.map((p) => p[1]))];
  return [
    {
      what: `${texts.length} symptom texts (${implementation})`,
      "ours texts/s": rate(a),
      "Python tokenizers texts/s": rate(b),
      ratio: Math.round(100 * median(pairs.map(([x, y]) => y / x))) / 100,
      target: 0.8,
    },
  ];
}
