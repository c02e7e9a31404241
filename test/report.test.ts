// report.html as text: what it says for each task, in both languages, and that nothing from data becomes markup.
import { expect, test } from "vitest";
import { reportPage } from "../src/report/index.ts";
import { reportInput } from "./report-input.ts";

/** Every tag and attribute of a page, without texts. */
const tagsOf = (page: string) =>
  [...page.matchAll(/<(\/?[a-zA-Z!][^\s>]*)((?:[^>"]|"[^"]*")*)>/g)].map((m) => [m[1]!, m[2]!] as const);

/** Tables of a page as cells of text, by caption. */
function tablesOf(page: string): Record<string, string[][]> {
  const text = (html: string) => html.replace(/<[^>]*>/g, "").trim();
  return Object.fromEntries(
    [...page.matchAll(/<table[^>]*>([\s\S]*?)<\/table>/g)].map(([, table]) => [
      text(/<caption>([\s\S]*?)<\/caption>/.exec(table!)![1]!),
      [...table!.matchAll(/<tr[^>]*>([\s\S]*?)<\/tr>/g)].map(([, row]) =>
        [...row!.matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map((m) => text(m[1]!)),
      ),
    ]),
  );
}

const hostile = [
  `</script><img src=x onerror="alert(1)">`,
  `"><svg onload='alert(2)'>&amp;</title></style>`,
  "\u202eesrever\u0000\u0007",
  "__proto__",
  "constructor",
];

test("names, labels and texts made to break out of the page stay text, in tables, in attributes and in charts", async () => {
  const input = reportInput(hostile, {
    name: hostile[0]!,
    sizes: { [hostile[1]!]: 1 },
    versions: { [hostile[0]!]: hostile[1]! },
  });
  const page = await reportPage(input);
  const known = await reportPage(
    reportInput(["a", "b", "c", "d", "e"], { name: "n", sizes: { s: 1 }, versions: { v: "1" } }),
  );
  const names = (html: string) => [...new Set(tagsOf(html).map(([name]) => name))].sort();
  expect(names(page)).toEqual(names(known));
  expect(names(page)).not.toEqual(expect.arrayContaining(["script"]));
  const attributes = (html: string) =>
    new Set(
      tagsOf(html).flatMap(([, rest]) => [...rest.replace(/"[^"]*"/g, '""').matchAll(/([\w:-]+)=/g)].map((m) => m[1]!)),
    );
  expect([...attributes(page)].sort()).toEqual([...attributes(known)].sort());
  expect([...attributes(page)].filter((name) => /^on/i.test(name))).toEqual([]);
  for (const sign of ["\0", "\x07", "\u202e"]) expect(page.includes(sign)).toBe(false);
  expect(page).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;");
  expect(page).toContain("esrever\ufffd\ufffd");
  expect(tablesOf(page)["Scores of each class"]!.map((row) => row[0])).toContain("__proto__");
});

test("a value that is no text cannot pass for markup", async () => {
  const input = reportInput(["a", "b"]);
  const label = { html: "<script>", toString: () => "<script>" };
  const metrics = { ...input.metrics, classes: [{ label, precision: null, recall: null, f1: null, support: 1 }] };
  const page = await reportPage({ ...input, metrics });
  expect(page).not.toContain("<script>");
});

test("the page forbids scripts and loading, has one title, a language, and no id twice", async () => {
  for (const language of ["en", "zh"] as const) {
    const page = await reportPage(reportInput(["flu", "cold"], { language }));
    expect(page.replaceAll("&#39;", "'")).toMatch(
      /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'/,
    );
    expect(page).toContain(`<html lang="${language === "zh" ? "zh-CN" : "en"}">`);
    expect(page.match(/<title>/g)).toHaveLength(1);
    expect(page).not.toMatch(/<(script|link|iframe|object|embed|form|img)|url\(|@import|href="[^#]/);
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map((m) => m[1]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, link] of page.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(link);
    const figures = [...page.matchAll(/<figure>[\s\S]*?<\/figure>/g)].map((m) => m[0]);
    expect(figures.length).toBeGreaterThan(5);
    for (const figure of figures)
      expect(figure).toMatch(/role="img" aria-label="[^"]{2,}"[\s\S]*<figcaption><b>.{2,}<\/b> .{8,}<\/figcaption>/);
  }
});

test("scores stand with their intervals, undefined ones as a dash, small cells as words, groups apart are named", async () => {
  const page = await reportPage(reportInput(["flu", "cold"]));
  const tables = tablesOf(page);
  expect(tables["Scores of each class"]).toEqual([
    ["class", "precision", "recall", "F1", "test rows"],
    ["flu", "–", "0.500 0.450–0.540", "0.600 0.550–0.640", "6"],
    ["cold", "–", "0.500 0.450–0.540", "0.600 0.550–0.640", "6"],
    ["macro average", "0.510", "0.520", "0.530", "12"],
  ]);
  expect(tables["Rows by flu"]![1]).toEqual(["cold", "30", "under 10", "12"]);
  expect(tables["accuracy by cold"]!.slice(1)).toEqual([
    ["flu", "80", "0.700 0.650–0.740", "below"],
    ["cold", "under 10", "–", ""],
  ]);
  expect(page.match(/<strong class="worse">below<\/strong>/g)).toHaveLength(1);
  expect(page.indexOf('id="verdict"')).toBeLessThan(page.indexOf("<table"));
  expect(tables["Most frequent confusions"]![1]).toEqual(["flu", "cold", "1", "16.7 %"]);
  expect(page).toContain("Temperature 1.50");
  expect(page).toContain("0.100 before, 0.010 after");
});

test("Chinese says the same: no English heading is left", async () => {
  const page = await reportPage(reportInput(["流感", "感冒"], { language: "zh" }));
  const tables = tablesOf(page);
  expect(tables.各类别得分![0]).toEqual(["类别", "精确率", "召回率", "F1", "测试行数"]);
  expect(tables["按 感冒 分组的准确率"]![2]![1]).toBe("少于 10");
  const heads = [...page.matchAll(/<h[12][^>]*>(.*?)<\/h[12]>/g)].map((m) => m[1]!);
  for (const head of heads) expect(head).toMatch(/\p{Script=Han}/u);
});

test("regression shows errors and a scatter, no classes; many labels fall on one page; nothing trained on dev is said", async () => {
  const metrics = { mae: { value: 12.5, low: 11, high: 14 }, r2: { value: 0.4, low: 0.3, high: 0.5 }, groups: {} };
  const base = reportInput(["x", "y"]);
  const regression = await reportPage(
    reportInput(["x", "y"], {
      task: "regression",
      metrics,
      data: { ...base.data, labels: {}, attributes: {}, parts: { train: 30, dev: 0, test: 12 } },
      pairs: [
        [1, 2],
        [3, 2.5],
      ],
    }),
  );
  expect(regression).toContain("mean absolute error");
  expect(regression).toMatch(/<strong>12\.5<\/strong>.*11–14/);
  expect(regression).toContain("Predicted and true values");
  expect(regression).toContain("There is no validation set");
  expect(regression).not.toMatch(/id="(groups|confusions|calibration)"/);
  const many = Array.from({ length: 70 }, (_, i) => `class ${i}`);
  const page = await reportPage(reportInput(many));
  expect(page).toContain("the 40 classes with the most errors, of 70");
  expect(page).toContain(">100%</text>"); // too many classes for numbers: a legend
  expect(await reportPage(reportInput(["a", "b"]))).not.toContain(">100%</text>");
  expect(page.length).toBeLessThan(600_000);
});

test("entities show a table for each type and each tag", async () => {
  const row = (f1: number) => ({ precision: f1, recall: f1, "f1-score": f1, support: 4 });
  const metrics = {
    f1: { value: 0.7, low: 0.6, high: 0.8 },
    entities: { PER: row(0.6), "micro avg": row(0.7) },
    tokens: { "B-PER": row(0.9) },
  };
  const page = await reportPage(reportInput(["PER"], { task: "entities", metrics }));
  const tables = tablesOf(page);
  expect(tables["Scores of each entity type"]!.slice(1)).toEqual([
    ["PER", "0.600", "0.600", "0.600", "4"],
    ["micro average", "0.700", "0.700", "0.700", "4"],
  ]);
  expect(tables["Scores of each tag"]![1]![0]).toBe("B-PER");
  expect(page).toContain("entity F1");
});

test("entity types with intervals take the averages of seqeval's report", async () => {
  const [row, score] = [
    { precision: 0.5, recall: 0.5, "f1-score": 0.5, support: 4 },
    { value: 0.6, low: 0.5, high: 0.7 },
  ];
  const classes = [{ label: "PER", precision: score, recall: score, f1: score, support: 4 }];
  const metrics = { classes, entities: { PER: row, "macro avg": row }, tokens: { "B-PER": row } };
  const tables = tablesOf(await reportPage(reportInput(["PER"], { task: "entities", metrics })));
  expect(tables["Scores of each entity type"]!.slice(1).map((cells) => cells.slice(0, 2))).toEqual([
    ["PER", "0.600 0.500–0.700"],
    ["macro average", "0.500"],
  ]);
});

test("without examples nothing of the texts is quoted", async () => {
  const page = await reportPage(reportInput(["flu", "cold"], { examples: { worst: [], uncertain: [] } }));
  expect(page).not.toContain("a text about");
  expect(await reportPage(reportInput(["flu", "cold"]))).toContain("a text about flu");
});
