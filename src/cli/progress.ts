// One progress bar with elapsed time and time left; plain lines where the output is not a terminal. Knows nothing of what is counted.
import { oneLine, visible } from "../base/index.ts";
import { type Language, say } from "../messages/index.ts";
import { type Output, rawOf } from "./context.ts";

export interface Progress {
  /** Shows `done` of the total with a short text. */
  update(done: number, text: string): void;
  /** Writes a line above the bar, which the next update draws again. */
  above(text: string): void;
  /** Ends the bar; later lines are written below it. */
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
  /** When the work began, as `now` counts. Default now. */
  readonly since?: number;
}

/** Text of a duration: `2:05`, `1:02:03`. */
export function clock(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m] = [Math.floor(s / 3600), Math.floor(s / 60) % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}

const width = 24;

/** A bar on a terminal, a line now and then elsewhere. @example const p = progress({ total: 100, label: "train" }); p.update(1, "loss 0.7"); */
export function progress({
  total,
  label,
  stream = process.stderr,
  language = "en",
  plainEveryMs = 10_000,
  now = performance.now.bind(performance),
  since = now(),
}: ProgressOptions): Progress {
  let first: { readonly done: number; readonly at: number } | undefined; // a resumed run must not count earlier steps
  let shown = -Infinity;
  let last = -1;
  let open = false; // a bar on a terminal whose line has not ended
  const line = (done: number, text: string) => {
    first ??= { done, at: now() };
    const fresh = done - first.done;
    const left = fresh > 0 ? clock(((now() - first.at) / 1000 / fresh) * Math.max(0, total - done)) : "–";
    const times = say(language, "run.left", { elapsed: clock((now() - since) / 1000), left });
    const filled = Math.round(width * Math.min(1, done / Math.max(1, total)));
    const bar = `${"█".repeat(filled)}${"░".repeat(width - filled)}`;
    return {
      bar: `${label} ${bar} ${done}/${total}  ${times}  ${text}`,
      plain: `${label} ${done}/${total}  ${times}  ${text}`,
    };
  };
  return {
    update: (done, text) => {
      const { bar, plain } = line(done, text);
      if (stream.isTTY) {
        open = true;
        rawOf(stream).write(`\r\x1b[2K${oneLine(bar).slice(0, (stream.columns ?? 120) - 1)}`);
      } else if (now() - shown >= plainEveryMs || (done === total && last !== total)) {
        shown = now();
        last = done;
        stream.write(`${plain}\n`);
      }
    },
    above: (text) => {
      rawOf(stream).write(`${open ? "\r\x1b[2K" : ""}${visible(text)}\n`);
      open = false;
    },
    end() {
      if (open) stream.write("\n");
      open = false;
    },
  };
}
