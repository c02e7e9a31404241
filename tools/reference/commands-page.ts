// The page of all commands, from the definitions that the command line itself reads.
import type { Command, CommandGroup } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands/index.ts";
import { inWords } from "../../src/messages/index.ts";
import { cell, code, generatedBy, type Language, table } from "./markdown.ts";

/** Commands by what one wants to do, in the order of the page. A command that is in none fails the page's test. */
const chapters: readonly { readonly en: string; readonly zh: string; readonly names: readonly string[] }[] = [
  {
    en: "Train and predict",
    zh: "训练与预测",
    names: [
      "init",
      "run",
      "resume",
      "tune",
      "predict",
      "explain",
      "evaluate",
      "compare",
      "audit",
      "compress",
      "adapters",
      "export",
    ],
  },
  { en: "Choose by context", zh: "按上下文选择", names: ["bandit"] },
  { en: "Release", zh: "发布", names: ["keys", "policy", "release", "sign", "verify", "log"] },
  { en: "Serve", zh: "提供服务", names: ["serve", "api-keys", "monitor", "deploy"] },
  {
    en: "Train with other organisations",
    zh: "与其他机构共同训练",
    names: ["study", "enrol", "participant", "coordinator"],
  },
  { en: "Runs, models, machine", zh: "运行、模型与机器", names: ["inspect", "models", "runs", "clean", "doctor"] },
];

const say = {
  en: {
    opening: `# Commands

Write \`npx concord\` where the package is installed in a folder, \`concord\` where it is installed globally, \`npm run concord --\` in a clone.
\`concord COMMAND --help\` prints what stands here.

Every command takes \`--lang zh\` or \`--lang en\` (default: the locale), \`--json\` for programs and \`--quiet\`. A failure has an exit code and
says what to try: [errors](errors.md).`,
    head: ["command", "what it does"],
    option: ["argument or option", "meaning"],
  },
  zh: {
    opening: `# 命令

软件包安装在文件夹中时写 \`npx concord\`，全局安装时写 \`concord\`，在克隆的仓库中写 \`npm run concord --\`。
\`concord 命令 --help\` 会输出本页的内容。

每个命令都接受 \`--lang zh\` 或 \`--lang en\`（默认取系统语言）、供程序使用的 \`--json\` 以及 \`--quiet\`。失败时有退出码，
并说明可以怎样做：[错误](errors.md)。`,
    head: ["命令", "作用"],
    option: ["参数或选项", "含义"],
  },
} as const;

const sentence = (text: string): string => cell(text.replaceAll(" --", " `--").replace(/`--([\w-]+)/g, "`--$1`"));

function details(command: Command, before: string, language: Language): string {
  const given = [...Object.entries(command.arguments ?? {}), ...Object.entries(command.options ?? {})];
  const rows = given.map(([usage, help]) => [code(usage.replaceAll("|", "\\|")), sentence(inWords(language, help))]);
  const usage = Object.keys(command.arguments ?? {}).map((name) => ` ${name}`);
  const name = `${before}${command.name}`;
  return [
    `\`concord ${name}${usage.join("")}\` — ${sentence(inWords(language, command.about))}`,
    ...(rows.length ? [table(say[language].option, rows)] : []),
    `\`\`\`console\n${command.examples.map((line) => `$ ${line}`).join("\n")}\n\`\`\``,
  ].join("\n\n");
}

const section = (one: Command | CommandGroup, language: Language): string =>
  "commands" in one
    ? [
        `### ${one.name}`,
        sentence(inWords(language, one.about)),
        ...one.commands.map(
          (command) => `#### ${one.name} ${command.name}\n\n${details(command, `${one.name} `, language)}`,
        ),
      ].join("\n\n")
    : `### ${one.name}\n\n${details(one, "", language)}`;

/** @throws Error for a command in no chapter, or a name that is no command */
export function commandsPage(language: Language): string {
  const byName = new Map(commands.map((command) => [command.name, command]));
  const placed = chapters.flatMap(({ names }) => names);
  const astray = [
    ...placed.filter((name) => !byName.has(name)),
    ...[...byName.keys()].filter((n) => !placed.includes(n)),
  ];
  if (astray.length)
    throw new Error(`tools/reference/commands-page.ts: chapters and commands differ: ${astray.join(", ")}`);
  const chaptersShown = chapters.map((chapter) => {
    const own = chapter.names.map((name) => byName.get(name)!);
    const overview = own.map(({ name, about }) => [`[${code(name)}](#${name})`, sentence(inWords(language, about))]);
    return [
      `## ${chapter[language]}`,
      table(say[language].head, overview),
      ...own.map((one) => section(one, language)),
    ].join("\n\n");
  });
  return [generatedBy("tools/reference from src/cli/commands"), say[language].opening, ...chaptersShown].join("\n\n");
}
