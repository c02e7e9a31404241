// A reward that a server gives: answers are posted as JSON, numbers come back. What it says is checked; nothing is tried twice.
import { ConcordError } from "../../base/index.ts";
import { isJsonRecord, type JsonValue } from "../../formats/index.ts";
import type { Reward } from "../reward.ts";

/** Longest reply that is read, in bytes: a number and a comma for each answer are far less. */
const longestReply = 2 ** 22;

const refused = (url: string, problem: string, facts: { expected?: string; got?: string; cause?: unknown }) =>
  new ConcordError("E_SERVER", {
    operation: "rewards",
    problem,
    ...facts,
    hint: "the endpoint takes { answers: [{ prompt, answer, expected }] } and gives { rewards: [number, …] }",
    path: new URL(url).origin,
  });

/**
 * Posts `{ answers: [{ prompt, answer, expected }] }` and reads `{ rewards: [number, …] }`. Redirects are not followed.
 * @param timeoutSeconds longest wait for a batch. Default 10
 * @throws E_SERVER where nothing answers in time, the status is not 2xx, or the reply is not a number for each answer
 * @example const reward = endpointReward(1, "http://127.0.0.1:9000/judge", { timeoutSeconds: 5 });
 */
export const endpointReward = (
  weight: number,
  url: string,
  { timeoutSeconds = 10 }: { readonly timeoutSeconds?: number } = {},
): Reward => ({
  name: "endpoint",
  weight,
  async of(answers) {
    const { status, text } = await posted(url, JSON.stringify({ answers }), timeoutSeconds);
    if (status < 200 || status > 299)
      throw refused(url, "the reward endpoint refused", { expected: "a status of 2xx", got: `status ${status}` });
    const rewards = rewardsIn(text);
    if (rewards?.length === answers.length && rewards.every((x) => typeof x === "number" && Number.isFinite(x)))
      return rewards as number[];
    throw refused(url, "the reply of the reward endpoint makes no sense", {
      expected: `${answers.length} finite numbers`,
      got: text.slice(0, 100),
    });
  },
});

async function posted(url: string, body: string, timeoutSeconds: number): Promise<{ status: number; text: string }> {
  const signal = AbortSignal.timeout(timeoutSeconds * 1000);
  try {
    const headers = { "content-type": "application/json" };
    const reply = await fetch(url, { method: "POST", headers, body, signal, redirect: "manual" });
    return { status: reply.status, text: await textOf(reply) };
  } catch (cause) {
    const got = signal.aborted
      ? `no reply in ${timeoutSeconds} s`
      : cause instanceof Error
        ? cause.message
        : String(cause);
    throw refused(url, "the reward endpoint did not answer", { got, cause });
  }
}

async function textOf({ body }: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > longestReply) break;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function rewardsIn(text: string): unknown[] | undefined {
  try {
    const read = JSON.parse(text) as JsonValue;
    return isJsonRecord(read) && Array.isArray(read.rewards) ? read.rewards : undefined;
  } catch {
    return undefined;
  }
}
