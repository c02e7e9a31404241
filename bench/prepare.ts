// The stage prepare on a large table: rows per second and memory, against a script with pandas and datasketch that does the same.
// The peer is run on fewer rows where it would take an hour; its rate does not grow with rows.
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random } from "../src/base/index.ts";
import { peer, runForJson } from "./peers.ts";

interface Figures {
  readonly seconds: number;
  readonly peak_rss_mb: number;
  readonly near_rows: number;
  readonly parts: Readonly<Record<string, number>>;
}

const syllables = "ba ce di fo gu ha ke li mo nu pa re si to vu wa ye zi".split(" ");

/** A CSV of `count` messages of about 100 characters: 5 % are another one with a word changed, 1 % another one again. */
function writeTable(path: string, count: number): void {
  const rng = random(count);
  const words = Array.from({ length: 5000 }, () =>
    Array.from({ length: 1 + rng.int(4) }, () => syllables[rng.int(syllables.length)]!).join(""),
  );
  const draw = () => words[Math.floor(words.length * rng.float() ** 2)]!;
  const recent: string[][] = [];
  const file = openSync(path, "w");
  let lines = ["text,label,patient"];
  for (let i = 0; i < count; i++) {
    const kind = rng.float();
    const old = recent.length ? recent[rng.int(recent.length)]! : undefined;
    let text = Array.from({ length: 15 + rng.int(8) }, draw);
    if (old && kind < 0.05) text = old.map((word, at) => (at === 3 ? draw() : word));
    else if (old && kind < 0.06) text = old;
    if (recent.length < 1000) recent.push(text);
    else recent[rng.int(1000)] = text;
    lines.push(`${text.join(" ")},class ${text.length % 10},p${rng.int(count)}`);
    if (lines.length === 10_000 || i === count - 1) {
      writeSync(file, `${lines.join("\n")}\n`);
      lines = [];
    }
  }
  closeSync(file);
}

/** One row a size and side. */
export async function prepareBench(): Promise<Record<string, unknown>[]> {
  const folder = mkdtempSync(join(tmpdir(), "concord-prepare-"));
  const sizes = { both: 20_000, ours: 1_000_000 };
  const rows: Record<string, unknown>[] = [];
  const measured = (side: string, count: number, command: string, args: readonly string[]) => {
    const home = join(folder, `${side}-${count}`);
    mkdirSync(home);
    const { seconds, peak_rss_mb, near_rows, parts } = runForJson<Figures>(command, [
      ...args,
      join(folder, `${count}.csv`),
      home,
    ]);
    rows.push({
      side,
      rows: count,
      seconds,
      rowsPerSecond: count / seconds,
      peakMiB: Math.round(peak_rss_mb),
      near_rows,
      ...parts,
    });
    console.log(rows.at(-1));
    rmSync(home, { recursive: true });
  };
  try {
    for (const count of Object.values(sizes)) writeTable(join(folder, `${count}.csv`), count);
    const own = join(import.meta.dirname, "prepare-rows.js");
    const script = join(import.meta.dirname, "../../bench/prepare.py");
    measured("pandas + datasketch", sizes.both, peer.python!, [script]);
    measured("concord", sizes.both, process.execPath, [own]);
    measured("concord", sizes.ours, process.execPath, [own]);
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
