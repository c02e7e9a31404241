// concord coordinator: makes a study's coordinator, invites and revokes members, proposes, and serves rounds to their end.
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { ConcordError, visible } from "../../base/index.ts";
import { proposalDigest } from "../../federated/index.ts";
import { nodePrimitives } from "../../federated/node/index.ts";
import { ioError } from "../../formats/node/index.ts";
import { say } from "../../messages/index.ts";
import { readRecipe } from "../../recipe/index.ts";
import {
  type CoordinatorNews,
  coordinate,
  initCoordinator,
  openCoordinatorFolder,
  proposeInFolder,
} from "../../studies/index.ts";
import { inLanguage } from "../../translations/index.ts";
import { argumentError, type CommandContext, writeResult } from "../context.ts";
import { untilInterrupted } from "../interrupted.ts";
import { type Progress, progress } from "../progress.ts";

function needed(option: string, value: string | undefined, expected: string): string {
  if (value?.trim()) return value;
  throw argumentError(option, { problem: "this option is needed", expected, got: value });
}

/** @throws E_ARGUMENT without name, key or address */
export async function init(
  folder: string,
  options: { readonly name?: string; readonly key?: string; readonly address?: string },
  context: CommandContext,
): Promise<void> {
  const name = needed("--name", options.name, "--name ministry");
  if (!/^[\p{L}\p{N}][\p{L}\p{N}_-]{0,39}$/u.test(name))
    throw argumentError("--name", { problem: "not a name", expected: "1 to 40 letters, digits, - or _", got: name });
  const keyFile = needed("--key", options.key, "--key keys/ministry.key");
  const address = needed("--address", options.address, "--address together.example.org:8443");
  if (!/^(\[[0-9a-f:.]+\]|[^\s:/]+):\d{1,5}$/i.test(address))
    throw argumentError("--address", { problem: "not an address", expected: "host:port", got: address });
  const passphrase = context.env.CONCORD_PASSPHRASE;
  const fingerprint = await initCoordinator({ folder, name, keyFile, address, passphrase, now: new Date() });
  writeResult(context, { name, folder, address, authority: fingerprint }, () =>
    [
      say(context.language, "together.init", { name, folder }),
      say(context.language, "together.authority", { fingerprint }),
    ].join("\n"),
  );
}

export async function invite(
  folder: string,
  name: string,
  { hours = 72 }: { readonly hours?: number },
  context: CommandContext,
): Promise<void> {
  if (!(hours > 0 && hours <= 8760))
    throw argumentError("--hours", { problem: "not a time", expected: "0 < hours ≤ 8760", got: String(hours) });
  const expires = new Date(Date.now() + hours * 3_600_000);
  const code = await (await openCoordinatorFolder(folder)).members.invite(name, expires);
  const at = expires.toISOString();
  writeResult(context, { name, code, expires: at }, () => {
    if (!context.quiet) context.stderr.write(`${say(context.language, "together.code", { name, expires: at })}\n`);
    return code;
  });
}

export async function propose(
  folder: string,
  file: string,
  { start, run, set = [] }: { readonly start?: string; readonly run?: string; readonly set?: readonly string[] },
  context: CommandContext,
): Promise<void> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw ioError(cause, "read recipe", file);
  });
  const recipe = readRecipe(text, file, set);
  const proposal = await proposeInFolder(await openCoordinatorFolder(folder), {
    recipe,
    start: needed("--start", start, "--start models/start"),
    run: run ?? `run-${randomBytes(8).toString("hex")}`,
    passphrase: context.env.CONCORD_PASSPHRASE,
  });
  const digest = proposalDigest(nodePrimitives, proposal);
  const facts = { run: proposal.run, members: proposal.members.length, rounds: proposal.rounds, digest };
  writeResult(context, facts, () => say(context.language, "together.proposed", facts));
}

export async function revoke(folder: string, name: string, reason: string, context: CommandContext): Promise<void> {
  await (await openCoordinatorFolder(folder)).members.revoke(name, reason);
  writeResult(context, { name, reason }, () => say(context.language, "together.revoked", { name, reason }));
}

export interface ServeOptions {
  readonly host?: string;
  readonly phaseSeconds?: number;
  readonly workSeconds?: number;
  readonly consentSeconds?: number;
}

/** @throws E_ROUND when the study stopped; E_INTERRUPTED after Ctrl-C: started again, it goes on */
export async function serve(folder: string, options: ServeOptions, context: CommandContext): Promise<void> {
  const { phaseSeconds, workSeconds, consentSeconds, host } = options;
  for (const [name, value] of Object.entries({ phaseSeconds, workSeconds, consentSeconds }))
    if (value !== undefined && !(value > 0))
      throw argumentError(name, { problem: "not a time", expected: "seconds above 0", got: String(value) });
  const { address } = await openCoordinatorFolder(folder);
  const waits = {
    ...(phaseSeconds && { phaseMs: phaseSeconds * 1000 }),
    ...(workSeconds && { workMs: workSeconds * 1000 }),
    ...(consentSeconds && { consentMs: consentSeconds * 1000 }),
  };
  let stopped = "";
  const show = shown(context);
  const end = await untilInterrupted(context, (signal) =>
    coordinate({
      folder,
      listen: host === undefined ? undefined : { host, port: Number(new URL(`https://${address}`).port) },
      passphrase: context.env.CONCORD_PASSPHRASE,
      waits,
      signal,
      onNews: (news) => {
        if (news.kind === "stopped") stopped = news.reason;
        show(news);
      },
    }),
  );
  if (end === "stopped")
    throw new ConcordError("E_ROUND", {
      operation: "coordinate a study",
      problem: stopped || "the study stopped before",
    });
}

/** Events in words, with a progress line of rounds; JSON lines where asked for. */
function shown(context: CommandContext): (news: CoordinatorNews) => void {
  const { language, json, quiet, stdout, stderr } = context;
  let bar: Progress | undefined;
  const line = (text: string) => {
    bar?.end();
    stderr.write(`${visible(text)}\n`);
  };
  return (news) => {
    if (json) {
      const { model: _, ...facts } = news as CoordinatorNews & { model?: unknown };
      return void stdout.write(`${JSON.stringify(facts)}\n`);
    }
    if (news.kind === "done") return void stdout.write(`${say(language, "together.done", news)}\n`);
    if (quiet) return;
    if (news.kind === "listening") line(say(language, "together.listening", news));
    else if (news.kind === "enrolled") line(say(language, "together.joined", news));
    else if (news.kind === "proposed")
      bar = progress({
        total: news.rounds,
        label: say(language, "together.rounds"),
        stream: stderr,
        language,
        plainEveryMs: 0,
      });
    else if (news.kind === "counted") {
      const { survivors, examples, round, task } = news.result;
      if (task === "train")
        bar?.update(round, say(language, "together.counted", { members: survivors.length, examples }));
    } else if (news.kind === "failed")
      line(say(language, "together.failed", { round: news.round, reason: inLanguage(language, news.reason) }));
    else if (news.kind === "missing") line(say(language, "together.missing", { members: news.members.join(", ") }));
    else if (news.kind === "stopped")
      line(say(language, "together.stopped", { reason: inLanguage(language, news.reason) }));
    else if (news.kind === "refused")
      line(say(language, "together.refused", { who: news.member, problem: inLanguage(language, news.problem) }));
    else line(say(language, "together.fault", { problem: inLanguage(language, news.problem) }));
  };
}
