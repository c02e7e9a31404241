// One process of bench/first-answer.ts: from nothing to a first answer, then warm answers. first-answer-child.js SIDE FOLDER; prints JSON.
import { basename, dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { median } from "./peers.ts";

/** Times of one process or one visit, in milliseconds. */
export interface Answered {
  /** From before the library is imported until the first answer is there. */
  readonly firstMs: number;
  /** Median of the answers after it. */
  readonly warmMs: number;
  /** Of the first answer's label: both sides must agree. */
  readonly score: number;
}

export const text =
  "the printer on the second floor is on fire again and nobody in the office can find the form that reports it";
export const warmAnswers = 20;

type Classify = (text: string) => Promise<{ label: string; score: number }[]>;

/** Both sides on two threads, which is Concord's default. */
const sides: Readonly<Record<string, (folder: string) => Promise<Classify>>> = {
  async concord(folder) {
    const bundled = new URL("../bundle/node.js", import.meta.url).href; // what Node gets of the package
    const { pipeline } = (await import(bundled)) as typeof import("../src/node.ts");
    return await pipeline("text-classification", folder);
  },
  async transformers(folder) {
    const { env, pipeline } = await import("@huggingface/transformers");
    Object.assign(env, { localModelPath: dirname(folder), allowRemoteModels: false });
    const session_options = { intraOpNumThreads: 2, interOpNumThreads: 1 };
    const classify = await pipeline("text-classification", basename(folder), { dtype: "fp32", session_options });
    return async (text) => (await classify(text)) as { label: string; score: number }[];
  },
};

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [side = "", folder = ""] = process.argv.slice(2);
  const start = performance.now();
  const classify = await sides[side]!(folder);
  const [best] = await classify(text);
  const firstMs = performance.now() - start;
  const times: number[] = [];
  for (let i = 0; i < warmAnswers; i++) {
    const from = performance.now();
    await classify(text);
    times.push(performance.now() - from);
  }
  console.log(JSON.stringify({ firstMs, warmMs: median(times), score: best!.score } satisfies Answered));
  process.exit(0);
}
