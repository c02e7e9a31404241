#!/usr/bin/env node
// The first file that runs. It checks the version of Node.js in syntax that old versions read, before newer syntax is loaded.
(function start() {
  var needed = "20.19";
  var now = process.versions.node.split(".").map(Number);
  var least = needed.split(".").map(Number);
  if (now[0]! > least[0]! || (now[0] === least[0] && now[1]! >= least[1]!)) {
    void import("./main.ts");
    return;
  }
  var args = process.argv.slice(2);
  var at = args.indexOf("--lang");
  var env = process.env;
  var language = at >= 0 ? args[at + 1] || "" : env.LC_ALL || env.LC_MESSAGES || env.LANG || "";
  args.forEach(function (arg) {
    if (arg.indexOf("--lang=") === 0) language = arg.slice(7);
  });
  var chinese = /^zh/i.test(language);
  var facts = {
    code: "E_DEPENDENCY",
    operation: "start",
    problem: "Node.js is too old",
    expected: needed + " or newer",
    got: process.version,
    hint: "install a newer Node.js, for example the LTS version from https://nodejs.org",
  };
  var text = chinese
    ? "E_DEPENDENCY  Node.js 版本过旧\n  要求      " + needed + " 或更高版本\n  实际      " + process.version +
      "\n  建议      请安装较新的 Node.js，例如 https://nodejs.org 上的 LTS 版本"
    : "E_DEPENDENCY  " + facts.operation + ": " + facts.problem + "\n  expected  " + facts.expected + "\n  got       " + facts.got +
      "\n  try       " + facts.hint;
  process.stderr.write((args.indexOf("--json") >= 0 ? JSON.stringify(facts) : text) + "\n");
  process.exit(69); // exit code of E_DEPENDENCY
})();
