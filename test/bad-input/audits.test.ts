// Tables that cannot be audited: each mistake with its place, what was expected, what was found and what to try.
import { expect, test } from "vitest";
import { concord } from "../command-line.ts";
import { expectRefusal, put, temporaryFolder } from "./refusal.ts";

const folder = temporaryFolder();
const rows = Array.from({ length: 40 }, (_, i) => [
  i % 2,
  (i + (i % 7 === 0 ? 1 : 0)) % 2,
  0.1 + 0.02 * i,
  i % 3 ? "f" : "m",
  "here",
  i,
  i >> 1,
]);
const table = (name: string, change: (row: (string | number)[], i: number) => (string | number)[] = (r) => r) =>
  put(
    folder,
    name,
    `truth,said,p,sex,country,id,visit\n${rows.map((r, i) => change([...r], i).join(",")).join("\n")}\n`,
  );
const good = table("good.csv");
const audit = (file: string, ...args: string[]) => ["audit", "--predictions", file, "--truth", "truth", ...args];

test("a group column that is missing, with the nearest name", () =>
  expectRefusal(audit(good, "--predicted", "said", "--attributes", "sexx"), {
    code: "E_DATA",
    place: good,
    problem: "there is no column sexx",
    expected: /truth, said, p, sex/,
    got: "sexx",
    remedy: "did you mean sex?",
  }));

test.each([
  ["country", "all rows have one value", "1 group"],
  ["id", "each row has its own value", "40 groups"],
  ["visit", "fewer than two groups", "5 groups"], // 20 numbers, cut at their quintiles
])("a group column %s of which nothing can be compared", (name, problem, got) =>
  expectRefusal(audit(good, "--predicted", "said", "--attributes", name), {
    code: "E_DATA",
    place: good,
    problem,
    expected: /group|values/,
    got,
    remedy: "--attributes",
  }),
);

test("a score that is NaN, with its row", () => {
  const file = table("nan.csv", (r, i) => (i === 6 ? r.with(2, "NaN") : r));
  return expectRefusal(audit(file, "--score", "p", "--attributes", "sex"), {
    code: "E_DATA",
    place: file,
    problem: "p holds a value that is no finite number",
    expected: "a number",
    got: "NaN at row 7",
    remedy: "leave out such rows",
  });
});

test("probabilities that do not sum to 1, with the row and the sum", async () => {
  const file = put(
    folder,
    "sums.csv",
    `truth,a,b,sex\n${rows.map((_, i) => `${"ab"[i % 2]},0.4,${i === 3 ? 0.9 : 0.6},${"fm"[i % 2]}`).join("\n")}\n`,
  );
  const { code, err } = await concord(audit(file, "--probabilities", "a,b", "--attributes", "sex"));
  expect(code).toBe(65);
  expect(err).toMatch(/do not sum to 1/);
  expect(err).toMatch(/1\.30000 at row 3/);
});

test("classes where nobody says which is positive", () => {
  const file = table("words.csv", (r) => r.with(0, r[0] ? "sick" : "well"));
  return expectRefusal(audit(file, "--score", "p", "--attributes", "sex"), {
    code: "E_ARGUMENT",
    place: file,
    problem: "which value of truth is the positive class",
    expected: "positive",
    got: /sick|well/,
    remedy: "--positive",
  });
});

test.each([
  [["audit"], /nothing to audit/],
  [["audit", "runs/none", "--predictions", good], /a run and a table/],
  [audit(good, "--attributes", "sex"), /prediction column is not named/],
  [audit(good, "--predicted", "said"), /--attributes/],
  [audit(good, "--predicted", "said", "--attributes", "sex", "--threshold", "0.3"), /no scores to compare/],
  [audit(good, "--predicted", "said", "--attributes", "sex", "--resamples", "1.5"), /--resamples/],
  [audit(good, "--predicted", "said", "--attributes", "sex", "--tolerance", "-1"), /below 0/],
  [audit(good, "--predicted", "said", "--attributes", "sex", "--measures", "acuracy"), /did you mean accuracy/],
  [audit(good, "--predicted", "said", "--attributes", "sex", "--out", "audit.txt"), /\.json/],
  [["audit", "runs/none", "--truth", "y"], /a run has its own columns/],
  [["audit", "runs/none", "--parts", "fairnes"], /did you mean fairness/],
])("%j is refused", async (args, words) => {
  const { code, err } = await concord(args);
  expect(code).toBe(64);
  expect(err).toMatch(words);
});
