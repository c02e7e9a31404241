// concord participant: takes part in a study with the rows of this machine; Ctrl-C saves, and starting it again goes on. At a terminal it
// shows what a proposal asks, and asks.
import type { Readable, Writable } from "node:stream";
import { ConcordError, visible } from "../../base/index.ts";
import type { Proposal } from "../../federated/index.ts";
import { say } from "../../messages/index.ts";
import { type ParticipantNews, reviewProposal, takePart } from "../../studies/index.ts";
import { inLanguage } from "../../translations/index.ts";
import { asCalled } from "../as-called.ts";
import { askOne } from "../ask.ts";
import { argumentError, type CommandContext, rawOf, writeResult } from "../context.ts";
import { untilInterrupted } from "../interrupted.ts";
import { type Progress, progress } from "../progress.ts";
import { reviewText } from "./study.ts";

export interface ParticipantCommandOptions {
  readonly table?: string;
  readonly consent?: string;
  readonly siteValues?: boolean;
  readonly policy?: string;
  readonly threads?: number;
}

/** @throws E_ARGUMENT without a table; E_INTERRUPTED after Ctrl-C; E_SIGNATURE once revoked; E_ROUND when the study stopped */
export async function participant(
  folder: string,
  { table, consent, siteValues, policy, threads }: ParticipantCommandOptions,
  context: CommandContext,
): Promise<void> {
  if (!table)
    throw argumentError("--table", { problem: "say where your rows are", expected: "--table rows.csv", got: table });
  const passphrase = context.env.CONCORD_PASSPHRASE;
  const show = shown(folder, context);
  let stopped = "";
  const onNews = (news: ParticipantNews) => {
    if (news.kind === "stopped") stopped = news.reason;
    show(news);
  };
  const atTerminal = consent === undefined && !context.json && Boolean(context.stdin.isTTY && context.stdout.isTTY);
  const ask = atTerminal
    ? (proposal: Proposal, signal: AbortSignal) => askOwner(proposal, siteValues, context, signal)
    : undefined;
  const end = await untilInterrupted(context, (signal) =>
    takePart({ folder, table, consent, ask, siteValues, policy, threads, passphrase, signal, onNews }),
  );
  if (end === "stopped")
    throw new ConcordError("E_ROUND", {
      operation: "take part in a study",
      problem: stopped || "the study stopped before",
    });
  writeResult(context, { end }, () => say(context.language, `together.end.${end}`));
}

/** The review, then the question; the answer that is offered first is no. */
async function askOwner(
  proposal: Proposal,
  siteValues: boolean | undefined,
  { language, stdin, stdout }: CommandContext,
  signal: AbortSignal,
) {
  const at = { input: stdin as Readable, output: rawOf(stdout) as unknown as Writable, signal };
  const [yes, no] = [say(language, "together.ask.yes"), say(language, "together.ask.no")];
  const isYes = async (question: string) => (await askOne(question, [{ value: no }, { value: yes }], no, at)) === yes;
  stdout.write(`${reviewText(reviewProposal(proposal, true), language)}\n`);
  if (!(await isYes(say(language, "together.ask")))) return undefined;
  const shows = siteValues ?? (proposal.siteValues && (await isYes(say(language, "together.ask.siteValues"))));
  return { siteValues: shows };
}

/** Events in words, with a progress line of rounds; JSON lines where asked for. */
function shown(
  folder: string,
  { language, json, quiet, stdout, stderr, env }: CommandContext,
): (news: ParticipantNews) => void {
  let bar: Progress | undefined;
  let round = 0;
  let lastRetry = -Infinity;
  const line = (text: string) => {
    bar?.end();
    stderr.write(`${visible(text)}\n`);
  };
  return (news) => {
    if (json) return void stdout.write(`${JSON.stringify(news)}\n`);
    if (quiet && news.kind !== "asked" && news.kind !== "alarm") return;
    switch (news.kind) {
      case "asked":
        return stderr.write(`${asCalled(say(language, "together.asked", { ...news, folder }), env)}\n`);
      case "consented":
        return line(say(language, "together.agreed", news));
      case "prepared":
        return line(say(language, "together.prepared", news));
      case "round":
        bar ??= progress({ total: news.rounds, label: say(language, "together.rounds"), stream: stderr, language });
        round = Math.min(news.round, news.rounds);
        return bar.update(round, "");
      case "step":
        return bar?.update(round, say(language, "together.step", news));
      case "privacy":
        return line(say(language, "together.privacy", { round: news.round, epsilon: news.epsilon.toFixed(3) }));
      case "clipped": {
        const count = Object.values(news.parts).reduce((a, b) => a + b, 0);
        if (count > 0) line(say(language, "together.clipped", { round: news.round, count }));
        if (news.norm === undefined) return;
        return line(say(language, "together.scaled", { round: news.round, norm: news.norm.toPrecision(4) }));
      }
      case "alarm":
        return line(say(language, "together.alarm", { round: news.round, reason: inLanguage(language, news.reason) }));
      case "refused":
        return line(
          say(language, "together.refused", {
            who: say(language, "together.coordinator"),
            problem: inLanguage(language, news.problem),
          }),
        );
      case "retry":
        if (performance.now() - lastRetry < 30_000) return;
        lastRetry = performance.now();
        return line(say(language, "together.retry", { problem: inLanguage(language, news.problem) }));
      case "warning":
        return line(inLanguage(language, news.text));
      case "left":
        return line(say(language, "together.left", { member: news.member, reason: inLanguage(language, news.reason) }));
      case "stopped":
        return line(say(language, "together.stopped", { reason: inLanguage(language, news.reason) }));
      case "finished":
        return bar?.end();
    }
  };
}
