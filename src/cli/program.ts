// The command line: parses arguments, loads one command's file, turns errors into words and exit codes. The door to commander.
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { type ConcordError, errorCodes, isConcordError, numberIn } from "../base/index.ts";
import { type Language, type MessageKey, say } from "../messages/index.ts";
import { argumentError, type CommandContext, chosenLanguage, type Surroundings } from "./context.ts";
import { ownVersion } from "./package-root.ts";
import { renderFault } from "./render-error.ts";

/**
 * Runs the command line.
 * @param args without the program's name
 * @returns the exit code: 0, an error's own (docs/errors.md), or 1 for a fault of Concord itself
 * @example process.exitCode = await execute(["run", "recipe.yaml"], { ...process, signals: process });
 */
export async function execute(args: readonly string[], around: Surroundings): Promise<number> {
  let language: Language = chosenLanguage(undefined, around.env);
  const json = args.includes("--json");
  try {
    language = chosenLanguage(languageAsked(args), around.env);
    await commandLine(around, language).parseAsync(args as string[], { from: "user" as const });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0; // --help, --version
    const fault = error instanceof CommanderError ? usageFault(error) : error;
    if (isConcordError(fault)) {
      const { hint = say(language, `remedy.${fault.code}`), ...facts } = fault.toJSON();
      around.stderr.write(`${json ? JSON.stringify({ ...facts, hint }) : renderFault(fault, language)}\n`);
      return exitCode(fault);
    }
    around.stderr.write(`${(error as Error)?.stack ?? String(error)}\n${say(language, "error.bug")}\n`);
    return 1;
  }
}

const exitCode = (error: ConcordError): number => errorCodes[error.code].exit;

/** `--lang` before the arguments are parsed: help and usage errors are in that language too. */
function languageAsked(args: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => arg === "--lang" || arg.startsWith("--lang="));
  if (at < 0) return undefined;
  return args[at] === "--lang" ? (args[at + 1] ?? "") : args[at]!.slice("--lang=".length);
}

/** What commander found wrong, as an error of ours. */
function usageFault({ message }: CommanderError): ConcordError {
  const [problem = "", ...more] = message.replace(/^error: /, "").split("\n");
  const hint = more.join(" ").replace(/^\(Did|\)$/g, (part) => (part === ")" ? "" : "did"));
  return argumentError("concord", { problem, hint: hint || undefined });
}

const titles: Record<string, Parameters<Text>[0]> = {
  "Usage:": "help.usage",
  "Options:": "help.options",
  "Arguments:": "help.arguments",
  "Commands:": "help.commands",
};

const number = (text: string): number => {
  const value = numberIn(text);
  if (value === undefined) throw new InvalidArgumentError("Not a number.");
  return value;
};

function commandLine(around: Surroundings, language: Language): Command {
  const t: Text = (key) => say(language, key);
  const program = new Command("concord");
  const context = (): CommandContext => {
    const { json = false, quiet = false } = program.opts<{ json?: boolean; quiet?: boolean }>();
    return { ...around, language, json, quiet };
  };
  program
    .exitOverride()
    .configureOutput({
      writeOut: (text) => around.stdout.write(text),
      writeErr: (text) => around.stderr.write(text),
      outputError: () => {}, // shown by execute
      getOutHelpWidth: () => around.stdout.columns ?? 80,
    })
    .configureHelp({ styleTitle: (title) => (titles[title] ? t(titles[title]) : title) })
    .helpOption("-h, --help", t("help.help"))
    .helpCommand("help [command]", t("help.help"))
    .description(t("help.concord"))
    .option("--json", t("help.json"))
    .option("--quiet", t("help.quiet"))
    .option("--lang <en|zh>", t("help.lang"))
    .option("--version", t("help.version"))
    .on("option:version", () => {
      around.stdout.write(`${ownVersion()}\n`);
      throw new CommanderError(0, "version", "");
    });
  program
    .command("init")
    .description(t("help.init"))
    .argument("[file]", t("help.init.file"))
    .option("--out <recipe>", t("help.init.out"))
    .option("--name <name>", t("help.init.name"))
    .option("--text <column>", t("help.init.text"))
    .option("--label <column>", t("help.init.label"))
    .option("--group <column>", t("help.init.group"))
    .option("--attributes <columns>", t("help.init.attributes"))
    .option("--task <task>", t("help.init.task"))
    .option("--model <folder>", t("help.init.model"))
    .option("--unlabelled <table>", t("help.init.unlabelled"))
    .option("--set <key=value...>", t("help.init.set"))
    .option("--yes", t("help.init.yes"))
    .action(async (file, options) => (await import("./commands/init.ts")).init(file, options, context()));
  addRunning(program, context, t);
  addAudit(program, context, t);
  addHanding(program, context, t);
  addReleasing(program, context, t);
  addStudies(program, context, t);
  addLooking(program, context, t);
  return program;
}

type Text = (key: Extract<MessageKey, `help.${string}`>) => string;

/** Commands that train and answer. */
function addRunning(program: Command, context: () => CommandContext, t: Text): void {
  program
    .command("run")
    .description(t("help.run"))
    .argument("[recipe]", t("help.run.recipe"))
    .option("--set <key=value...>", t("help.run.set"))
    .option("--out <folder>", t("help.run.out"))
    .option("--until <stage>", t("help.run.until"))
    .option("--no-store", t("help.run.noStore"))
    .option("--dry-run", t("help.run.dryRun"))
    .action(async (recipe, options) => (await import("./commands/run.ts")).run(recipe, options, context()));
  program
    .command("resume")
    .description(t("help.resume"))
    .argument("<run>", t("help.folder"))
    .option("--no-store", t("help.run.noStore"))
    .action(async (folder, options) => (await import("./commands/run.ts")).resume(folder, options, context()));
  program
    .command("predict")
    .description(t("help.predict"))
    .argument("<run>", t("help.runOrModel"))
    .argument("[text...]", t("help.predict.text"))
    .option("--file <table>", t("help.predict.file"))
    .option("--column <name>", t("help.predict.column"))
    .option("--encoding <name>", t("help.encoding"))
    .option("--delimiter <sign>", t("help.delimiter"))
    .option("--group <value>", t("help.predict.group"))
    .option("--out <file>", t("help.predict.out"))
    .option("--abstain <probability>", t("help.predict.abstain"), number)
    .option("--top <count>", t("help.predict.top"), number)
    .option("--sets <coverage>", t("help.predict.sets"), number)
    .option("--device <cpu|gpu>", t("help.device"))
    .action(async (folder, texts, options) =>
      (await import("./commands/predict.ts")).predict(folder, texts, options, context()),
    );
  program
    .command("explain")
    .description(t("help.explain"))
    .argument("<run>", t("help.runOrModel"))
    .argument("<text>", t("help.explain.text"))
    .option("--method <method>", t("help.explain.method"))
    .option("--label <label>", t("help.explain.label"))
    .option("--word <word>", t("help.explain.word"))
    .option("--baseline <token>", t("help.explain.baseline"))
    .option("--steps <count>", t("help.explain.steps"), number)
    .option("--nearest <count>", t("help.explain.nearest"), number)
    .option("--group <value>", t("help.predict.group"))
    .option("--out <page>", t("help.explain.out"))
    .action(async (folder, text, options) =>
      (await import("./commands/explain.ts")).explain(folder, text, options, context()),
    );
  program
    .command("evaluate")
    .description(t("help.evaluate"))
    .argument("<run>", t("help.folder"))
    .option("--data <table>", t("help.evaluate.data"))
    .option("--encoding <name>", t("help.encoding"))
    .option("--delimiter <sign>", t("help.delimiter"))
    .option("--decimal <mark>", t("help.decimal"))
    .option("--out <folder>", t("help.evaluate.out"))
    .option("--device <cpu|gpu>", t("help.device"))
    .action(async (folder, options) => (await import("./commands/evaluate.ts")).evaluate(folder, options, context()));
}

/** The command that audits. */
function addAudit(program: Command, context: () => CommandContext, t: Text): void {
  program
    .command("audit")
    .description(t("help.audit"))
    .argument("[run]", t("help.audit.run"))
    .option("--parts <parts>", t("help.audit.parts"))
    .option("--predictions <table>", t("help.audit.predictions"))
    .option("--truth <column>", t("help.audit.truth"))
    .option("--predicted <column>", t("help.audit.predicted"))
    .option("--score <column>", t("help.audit.score"))
    .option("--threshold <score>", t("help.audit.threshold"), number)
    .option("--positive <value>", t("help.audit.positive"))
    .option("--probabilities <columns>", t("help.audit.probabilities"))
    .option("--numbers", t("help.audit.numbers"))
    .option("--attributes <columns>", t("help.audit.attributes"))
    .option("--bins <edges>", t("help.audit.bins"), (text: string, before: string[] = []) => [...before, text])
    .option("--missing <words>", t("help.audit.missing"))
    .option("--encoding <name>", t("help.encoding"))
    .option("--delimiter <sign>", t("help.delimiter"))
    .option("--decimal <mark>", t("help.decimal"))
    .option("--group <column>", t("help.audit.group"))
    .option("--tolerance <gap>", t("help.audit.tolerance"), number)
    .option("--measures <names>", t("help.audit.measures"))
    .option("--no-pairs", t("help.audit.noPairs"))
    .option("--resamples <count>", t("help.audit.resamples"), number)
    .option("--smallest <rows>", t("help.audit.smallest"), number)
    .option("--out <file>", t("help.audit.out"))
    .action(async (run, options) => (await import("./commands/audit.ts")).audit(run, options, context()));
}

/** Commands that hand on. */
function addHanding(program: Command, context: () => CommandContext, t: Text): void {
  program
    .command("export")
    .description(t("help.export"))
    .argument("<run>", t("help.folder"))
    .option("--to <target>", t("help.export.to"))
    .option("--out <folder>", t("help.export.out"))
    .option("--uri <address>", t("help.export.uri"))
    .option("--experiment <name>", t("help.export.experiment"))
    .action(async (folder, options) =>
      (await import("./commands/export.ts")).exportCommand(folder, options, context()),
    );
}

/** Commands that vouch, and that check who vouched. */
function addReleasing(program: Command, context: () => CommandContext, t: Text): void {
  program
    .command("keys")
    .description(t("help.keys"))
    .argument("<path>", t("help.keys.path"))
    .option("--name <name>", t("help.keys.name"))
    .option("--expires <date>", t("help.keys.expires"))
    .action(async (path, options) => (await import("./commands/keys.ts")).keys(path, options, context()));
  const load = () => import("./commands/release.ts");
  program
    .command("release")
    .description(t("help.release"))
    .argument("<run>", t("help.folder"))
    .option("--policy <file>", t("help.policy"))
    .option("--key <file...>", t("help.key"))
    .option("--out <folder>", t("help.release.out"))
    .option("--log <folder>", t("help.release.log"))
    .option("--override <value...>", t("help.release.override"))
    .option("--reason <text>", t("help.release.reason"))
    .action(async (folder, options) => (await load()).release(folder, options, context()));
  program
    .command("sign")
    .description(t("help.sign"))
    .argument("<passport>", t("help.sign.passport"))
    .option("--key <file...>", t("help.key"))
    .action(async (path, options) => (await load()).sign(path, options, context()));
  program
    .command("verify")
    .description(t("help.verify"))
    .argument("<release>", t("help.verify.release"))
    .option("--policy <file>", t("help.policy"))
    .option("--log <folder>", t("help.verify.log"))
    .option("--recompute <table...>", t("help.verify.recompute"))
    .option("--key <file...>", t("help.key"))
    .action(async (folder, options) => (await load()).verify(folder, options, context()));
  program
    .command("log")
    .description(t("help.log"))
    .argument("<folder>", t("help.log.folder"))
    .option("--prove <entry>", t("help.log.prove"), number)
    .option("--from <file>", t("help.log.from"))
    .action(async (folder, options) => (await load()).log(folder, options, context()));
}

/** Commands about studies of several organisations. */
function addStudies(program: Command, context: () => CommandContext, t: Text): void {
  const study = program.command("study").description(t("help.study"));
  study
    .command("review")
    .description(t("help.study.review"))
    .argument("<proposal>", t("help.study.review.proposal"))
    .action(async (path) => (await import("./commands/study.ts")).review(path, context()));
  study
    .command("start")
    .description(t("help.study.start"))
    .argument("<recipe>", t("help.run.recipe"))
    .option("--labels <file>", t("help.study.start.labels"))
    .option("--texts <file>", t("help.study.start.texts"))
    .option("--out <folder>", t("help.study.start.out"))
    .option("--set <key=value...>", t("help.run.set"))
    .action(async (path, options) => (await import("./commands/study-start.ts")).start(path, options, context()));
  study
    .command("consent")
    .description(t("help.study.consent"))
    .argument("<folder>", t("help.member.folder"))
    .argument("<digest>", t("help.study.consent.digest"))
    .option("--site-values", t("help.siteValues"))
    .action(async (folder, digest, options) =>
      (await import("./commands/study-answer.ts")).consent(folder, digest, options, context()),
    );
  study
    .command("withdraw")
    .description(t("help.study.withdraw"))
    .argument("<folder>", t("help.member.folder"))
    .argument("<reason>", t("help.study.withdraw.reason"))
    .action(async (folder, reason) => (await import("./commands/study-answer.ts")).withdraw(folder, reason, context()));
  program
    .command("enrol")
    .description(t("help.enrol"))
    .argument("<code>", t("help.enrol.code"))
    .option("--key <file>", t("help.enrol.key"))
    .option("--out <folder>", t("help.enrol.out"))
    .action(async (code, options) => (await import("./commands/enrol.ts")).enrolCommand(code, options, context()));
  program
    .command("participant")
    .description(t("help.participant"))
    .argument("<folder>", t("help.member.folder"))
    .option("--table <file>", t("help.participant.table"))
    .option("--consent <digest>", t("help.participant.consent"))
    .option("--site-values", t("help.siteValues"))
    .option("--threads <count>", t("help.participant.threads"), number)
    .action(async (folder, options) =>
      (await import("./commands/participant.ts")).participant(folder, options, context()),
    );
  addCoordinator(program, context, t);
}

/** Commands of whoever coordinates a study. */
function addCoordinator(program: Command, context: () => CommandContext, t: Text): void {
  const load = () => import("./commands/coordinator.ts");
  const coordinator = program.command("coordinator").description(t("help.coordinator"));
  coordinator
    .command("init")
    .description(t("help.coordinator.init"))
    .argument("<folder>", t("help.coordinator.folder"))
    .option("--name <name>", t("help.coordinator.name"))
    .option("--key <file>", t("help.coordinator.key"))
    .option("--address <host:port>", t("help.coordinator.address"))
    .action(async (folder, options) => (await load()).init(folder, options, context()));
  coordinator
    .command("invite")
    .description(t("help.coordinator.invite"))
    .argument("<folder>", t("help.coordinator.folder"))
    .argument("<name>", t("help.coordinator.member"))
    .option("--hours <count>", t("help.coordinator.hours"), number)
    .action(async (folder, name, options) => (await load()).invite(folder, name, options, context()));
  coordinator
    .command("propose")
    .description(t("help.coordinator.propose"))
    .argument("<folder>", t("help.coordinator.folder"))
    .argument("<recipe>", t("help.run.recipe"))
    .option("--start <model>", t("help.coordinator.start"))
    .option("--run <name>", t("help.coordinator.run"))
    .option("--set <key=value...>", t("help.run.set"))
    .action(async (folder, recipe, options) => (await load()).propose(folder, recipe, options, context()));
  coordinator
    .command("serve")
    .description(t("help.coordinator.serve"))
    .argument("<folder>", t("help.coordinator.folder"))
    .option("--host <host>", t("help.coordinator.host"))
    .option("--phase-seconds <seconds>", t("help.coordinator.phaseSeconds"), number)
    .option("--work-seconds <seconds>", t("help.coordinator.workSeconds"), number)
    .option("--consent-seconds <seconds>", t("help.coordinator.consentSeconds"), number)
    .action(async (folder, options) => (await load()).serve(folder, options, context()));
  coordinator
    .command("revoke")
    .description(t("help.coordinator.revoke"))
    .argument("<folder>", t("help.coordinator.folder"))
    .argument("<name>", t("help.coordinator.member"))
    .argument("<reason>", t("help.coordinator.reason"))
    .action(async (folder, name, reason) => (await load()).revoke(folder, name, reason, context()));
}

/** Commands that only look. */
function addLooking(program: Command, context: () => CommandContext, t: Text): void {
  program
    .command("inspect")
    .description(t("help.inspect"))
    .argument("<path>", t("help.inspect.path"))
    .action(async (path) => (await import("./commands/inspect.ts")).inspect(path, context()));
  program
    .command("runs")
    .description(t("help.runs"))
    .argument("[folder]", t("help.runs.folder"))
    .action(async (folder) => (await import("./commands/runs.ts")).runs(folder, context()));
  program
    .command("clean")
    .description(t("help.clean"))
    .argument("[folder]", t("help.runs.folder"))
    .option("--dry-run", t("help.clean.dryRun"))
    .action(async (folder, options) => (await import("./commands/clean.ts")).clean(folder, options, context()));
  program
    .command("doctor")
    .description(t("help.doctor"))
    .action(async () => (await import("./commands/doctor.ts")).doctor(context()));
}
