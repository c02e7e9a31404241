// The page of errors and exit codes, from src/base/errors.ts and src/messages/errors.ts.
import { ConcordError, type ErrorCode, errorCodes, groupBy, renderError } from "../../src/base/index.ts";
import { say } from "../../src/messages/index.ts";
import { generatedBy, type Language, table } from "./markdown.ts";

const example = new ConcordError("E_SHAPE", {
  operation: "matmul",
  problem: "inner sizes differ",
  expected: "a[.., K] · b[K, ..]",
  got: "a float32[8,128,768] · b float32[512,768]",
  hint: "transpose b",
});

/** Kinds of failure by exit code (the numbers are those of BSD's sysexits where it has one). */
const kinds: Readonly<Record<number, Readonly<Record<Language, string>>>> = {
  64: { en: "the command line is wrong", zh: "命令行有误" },
  65: { en: "data, or a file of a model, is wrong", zh: "数据或模型文件有误" },
  68: { en: "a server cannot be reached or refuses", zh: "无法连接服务器，或服务器拒绝" },
  69: { en: "a device or a package is missing", zh: "缺少设备或软件包" },
  70: { en: "a graph is wrong (library)", zh: "计算图有误（程序库）" },
  71: { en: "the runtime failed", zh: "运行时失败" },
  74: { en: "a file cannot be read or written", zh: "文件无法读取或写入" },
  75: { en: "the folder is in use: try later", zh: "文件夹正在使用，请稍后再试" },
  76: { en: "training diverged", zh: "训练发散" },
  77: { en: "not enough memory", zh: "内存不足" },
  78: { en: "a recipe or another configuration is wrong", zh: "配方或其他配置有误" },
  79: { en: "a signature is not one to trust", zh: "签名不可信" },
  80: { en: "a release does not meet its policy", zh: "发布不符合策略" },
  81: { en: "a message of a federated round is refused", zh: "联邦轮次中的消息被拒绝" },
  130: { en: "interrupted; what was done is saved", zh: "已中断；已完成的部分已保存" },
};

const words = {
  en: {
    title: "Errors",
    opening: `Concord throws one class, \`ConcordError\`. It is data: \`code\` (below) and \`facts\`. \`JSON.stringify(error)\` prints both, and so
does \`--json\` on standard error.`,
    fact: ["fact", "what it says"],
    facts: [
      ["`operation`", "what was being done"],
      ["`problem`", "what went wrong, in one clause"],
      ["`expected`, `got`", "what should have been there, and what was"],
      ["`hint`", "what to try"],
      ["`path`", "the file, and the line or entry in it, that holds the fault"],
      ["`at`", "the line of your code"],
    ],
    rendered: "In words:",
    exits: "Exit codes of `concord`",
    exit: ["exit code", "kind of failure", "codes"],
    none: "none",
    bug: "a fault of Concord itself: please report it",
    codes: "Codes",
    remedy: "The remedy is what a command shows after “try” where the error has no closer one.",
    code: ["code", "meaning", "remedy", "exit code"],
  },
  zh: {
    title: "错误",
    opening: `Concord 只抛出一个类 \`ConcordError\`。它是数据：\`code\`（见下文）和 \`facts\`。\`JSON.stringify(error)\` 输出两者，
\`--json\` 也会把它们写到标准错误。`,
    fact: ["字段", "内容"],
    facts: [
      ["`operation`", "当时在做什么"],
      ["`problem`", "哪里出了问题，一个短句"],
      ["`expected`, `got`", "应有的内容与实际的内容"],
      ["`hint`", "可以怎样做"],
      ["`path`", "出错的文件，以及其中的行或条目"],
      ["`at`", "您代码中的行"],
    ],
    rendered: "以文字显示：",
    exits: "`concord` 的退出码",
    exit: ["退出码", "失败的种类", "代码"],
    none: "无",
    bug: "Concord 自身的错误，请报告",
    codes: "错误代码",
    remedy: "错误本身没有更具体的建议时，命令会显示下表中的处理办法。",
    code: ["代码", "含义", "处理办法", "退出码"],
  },
} as const;

export function errorsPage(language: Language): string {
  const phrases = words[language];
  const codes = Object.entries(errorCodes) as [ErrorCode, (typeof errorCodes)[ErrorCode]][];
  const byExit = [...groupBy(codes, ([, { exit }]) => exit)].sort(([a], [b]) => a - b);
  const exits = byExit.map(([exit, own]) => [
    String(exit),
    kinds[exit]![language],
    own.map(([code]) => `\`${code}\``).join(", "),
  ]);
  const rows = codes.map(([code, { exit }]) => [
    `\`${code}\``,
    say(language, `meaning.${code}`),
    say(language, `remedy.${code}`).replaceAll("<", "&lt;"),
    String(exit),
  ]);
  return [
    generatedBy("tools/reference from src/base/errors.ts and src/messages/errors.ts"),
    `# ${phrases.title}`,
    phrases.opening,
    table(phrases.fact, phrases.facts),
    phrases.rendered,
    `\`\`\`text\n${renderError(example.code, example.facts)}\n\`\`\``,
    `## ${phrases.exits}`,
    table(phrases.exit, [["0", phrases.none, ""], ["1", phrases.bug, ""], ...exits]),
    `## ${phrases.codes}`,
    phrases.remedy,
    table(phrases.code, rows),
  ].join("\n\n");
}
