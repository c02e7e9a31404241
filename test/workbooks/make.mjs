// Makes the workbooks of this folder with a real spreadsheet program: node test/workbooks/make.mjs
// They were saved by LibreOffice Calc 7.4.7.2 (Debian's package libreoffice-calc); the texts are made up here.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "workbooks-"));

/** A file that Calc opens, saved as .xlsx. @param filter how it is read */
function save(name, text, filter = []) {
  const path = join(home, name);
  writeFileSync(path, text);
  const to = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", here, ...filter, path];
  execFileSync("soffice", ["--headless", `-env:UserInstallation=file://${home}/profile`, ...to], { stdio: "inherit" });
}

const complaints = [
  ["头痛三天，还发烧", "流感"],
  ["fever and shivers, “very” tired", "流感"],
  ["咳嗽，有痰", "感冒"],
  ["runny nose, since monday", "感冒"],
];
const visits = Array.from({ length: 64 }, (_, i) => {
  const [text, label] = complaints[i % 4];
  const day = String(1 + (i % 28)).padStart(2, "0");
  const on = i % 7 === 3 ? "" : `2024-02-${day}`;
  const cost = i % 5 === 2 ? "" : 8 + i * 1.25;
  return `${i + 1},${on},"${text} ${i + 1}",${cost},"=IF(D${i + 2}="""","""",D${i + 2}*2)",${label}`;
});
const detect = "--infilter=CSV:44,34,76,1,,0,false,true,false"; // commas, quotes, UTF-8; formulas and dates are read as such
save("visits.csv", `id,on,text,cost,twice,label\n${visits.join("\n")}\n`, [detect]);

const cell = (type, value, text, more = "") =>
  `<table:table-cell ${more} office:value-type="${type}" ${value}><text:p>${text}</text:p></table:table-cell>`;
const words = (text, more) => cell("string", "", text, more);
const amount = (n) => cell("float", `office:value="${n}"`, n);
const date = (iso) => cell("date", `office:date-value="${iso}"`, iso, 'table:style-name="date"');
const truth = (is) => cell("boolean", `office:boolean-value="${is}"`, is, 'table:style-name="truth"');
const formula = (text) => `<table:table-cell table:formula="of:${text}" office:value-type="float"/>`;
const [empty, covered] = ["<table:table-cell/>", "<table:covered-table-cell/>"];
const row = (cells, more = "") => `<table:table-row ${more}>${cells.join("")}</table:table-row>`;
const table = (name, rows, more = "") => `<table:table table:name="${name}" ${more}>${rows.join("")}</table:table>`;
const two = 'table:number-rows-spanned="2"';

const sheets = [
  table("就诊", [
    row(["id", "on", "text", "cost", "twice", "checked", "label"].map((name) => words(name))),
    row([amount(1), date("2024-01-31"), words("头痛三天"), amount(12.5), formula("=[.D2]*2"), truth(true), words("流感", two)]),
    row([amount(2), date("2024-02-29"), words("runny nose"), amount(8), formula("=[.D3]*2"), truth(false), covered]),
    row([amount(3), empty, words("咳嗽"), empty, empty, truth(true), words("感冒")], 'table:visibility="filter"'),
    row(
      [amount(4), date("2024-12-01T13:05:00"), words("fièvre, 40 °C"), amount(1234.75), formula("=[.D5]/0"), truth(false), words("流感")],
      'table:visibility="collapse"',
    ),
    row([amount(5), date("2024-12-24"), words("sore throat"), amount(0), formula("=SUM([.D2:.D5])"), truth(true), words("感冒")]),
  ]),
  table("Notes", [row([words("notes")]), row([words("written by hand")])]),
  table("Old", [row([words("text"), words("label")]), row([words("old"), words("old")])], 'table:style-name="hidden"'),
];
const names = ["office", "table", "text", "style", "datastyle:number", "of"].map((name) => {
  const [kind, short = kind] = name.split(":");
  return kind === "of"
    ? 'xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"'
    : `xmlns:${short}="urn:oasis:names:tc:opendocument:xmlns:${kind}:1.0"`;
});
const dashed = ["year", "month", "day"].map((part) => `<number:${part} number:style="long"/>`).join("<number:text>-</number:text>");
save(
  "sheets.fods",
  `<?xml version="1.0" encoding="UTF-8"?>
<office:document ${names.join(" ")} office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles>
<number:date-style style:name="day">${dashed}</number:date-style>
<number:boolean-style style:name="yes"><number:boolean/></number:boolean-style>
<style:style style:name="date" style:family="table-cell" style:data-style-name="day"/>
<style:style style:name="truth" style:family="table-cell" style:data-style-name="yes"/>
<style:style style:name="hidden" style:family="table"><style:table-properties table:display="false"/></style:style>
</office:automatic-styles>
<office:body><office:spreadsheet>${sheets.join("")}</office:spreadsheet></office:body>
</office:document>`,
);
rmSync(home, { recursive: true });
