// One progress line with rate and time left; plain lines where the output is not a terminal. Knows nothing of what is counted.
import { type Language, say } from "../messages/index.ts";
import type { Output } from "./context.ts";

export interface Progress {
  /** Shows `done` of the total with a short text. */
  update(done: number, text: string): void;
  /** Ends the line, for others to be written below; the next update begins a new one and counts on. */
  end(): void;
}

export interface ProgressOptions {
  readonly total: number;
  readonly label: string;
  /** Where to write. Default standard error. */
  readonly stream?: Output;
  /** Default English. */
  readonly language?: Language;
  /** Least time between plain lines, ms. Default 10,000. */
  readonly plainEveryMs?: number;
  readonly now?: () => number;
}

/** Text of a duration: `2:05`, `1:02:03`. */
export function clock(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m] = [Math.floor(s / 3600), Math.floor(s / 60) % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}

/** A bar on a terminal, a line now and then elsewhere. @example const p = progress({ total: 100, label: "train" }); p.update(1, "loss 0.7"); */
export function progress({
  total,
  label,
  stream = process.stderr,
  language = "en",
  plainEveryMs = 10_000,
  now = performance.now.bind(performance),
}: ProgressOptions): Progress {
  const start = now();
  let first: number | undefined;
  let shown = -Infinity;
  let last = -1;
  let open = false; // a line on a terminal that has no end yet
  const width = 24;
  const line = (done: number, text: string) => {
    const fresh = done - (first ?? 0);
    const elapsed = (now() - start) / 1000;
    const left = fresh > 0 ? clock((elapsed / fresh) * (total - done)) : "–";
    const filled = Math.round((width * done) / Math.max(1, total));
    return {
      bar: `${label} ${"█".repeat(filled)}${"░".repeat(width - filled)} ${done}/${total}  ${clock(elapsed)} < ${left}  ${text}`,
      plain: `${label} ${done}/${total}  ${say(language, "run.left", { elapsed: clock(elapsed), left })}  ${text}`,
    };
  };
  return {
    update: (done, text) => {
      first ??= done - 1; // a resumed run must not count what was there before
      const { bar, plain } = line(done, text);
      if (stream.isTTY) {
        open = true;
        stream.write(`\r\x1b[2K${bar.slice(0, (stream.columns ?? 120) - 1)}`);
      } else if (now() - shown >= plainEveryMs || (done === total && last !== total)) {
        shown = now();
        last = done;
        stream.write(`${plain}\n`);
      }
    },
    end() {
      if (open) stream.write("\n");
      open = false;
    },
  };
}
