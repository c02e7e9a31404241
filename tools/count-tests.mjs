// Sums the counts of vitest's JSON reports in a folder, names what failed and what took longest, and prints the line that CI reads. Exits 1 on any
// failure or no test.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
const files = [];
const total = { passed: 0, failed: 0, skipped: 0 };
for (const name of readdirSync(folder).filter((n) => n.endsWith(".json"))) {
  const report = JSON.parse(readFileSync(join(folder, name), "utf8"));
  const brokenFiles = report.testResults.filter((f) => f.status === "failed" && f.assertionResults.every((t) => t.status !== "failed"));
  const failures = report.testResults.flatMap((f) => f.assertionResults.filter((t) => t.status === "failed"));
  for (const { fullName, failureMessages } of failures) console.log(`FAILED ${fullName}\n${failureMessages.join("\n").slice(0, 3000)}`);
  for (const { name: file, message } of brokenFiles) console.log(`FAILED ${file}\n${message}`);
  for (const { name: file, startTime, endTime } of report.testResults)
    files.push({ seconds: (endTime - startTime) / 1000, file: `${name.replace(".json", "")}: ${file.replace(`${process.cwd()}/`, "")}` });
  total.passed += report.numPassedTests;
  total.failed += failures.length + brokenFiles.length;
  total.skipped += report.numPendingTests;
}
const longest = files.sort((a, b) => b.seconds - a.seconds).slice(0, 25);
console.log(`longest files:\n${longest.map(({ seconds, file }) => `${seconds.toFixed(0).padStart(6)} s  ${file}`).join("\n")}`);
console.log(`tests: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
