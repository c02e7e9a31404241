// Images as rows: folders, tables, repeats, files that are no images.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { faultLater } from "../../../test/fault.ts";
import { type PrepareOptions, prepareRows } from "../../data/index.ts";
import type { Picture } from "../image/picture.ts";
import { resized } from "../image/resample.ts";
import { decodeImage, encodePng, readImage } from "./decode.ts";
import { type ImageRow, imageRecords, imageRows, imagesFingerprint, pictureOf } from "./image-rows.ts";

const home = mkdtempSync(join(tmpdir(), "concord-images-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Waves of a colour; no two numbers give the same picture. */
const picture = (n: number, side = 12): Picture => ({
  width: side,
  height: side,
  data: Uint8Array.from({ length: side * side * 3 }, (_, i) => {
    const [x, y] = [((i / 3) | 0) % side, (i / 3 / side) | 0];
    return 128 + 120 * Math.sin((n + 1) * (x / side) * 3 + ((n * 7) % 5) * (y / side) * 4 + (i % 3));
  }),
});
const put = async (path: string, of: Picture) => {
  mkdirSync(join(home, path, ".."), { recursive: true });
  writeFileSync(join(home, path), await encodePng(of));
};

beforeAll(async () => {
  for (let i = 0; i < 12; i++) await put(`plain/${i % 2 ? "odd" : "even"}/${i}.png`, picture(i));
  for (const part of ["train", "test"])
    for (let i = 0; i < 6; i++)
      await put(`parts/${part}/${i % 2 ? "odd" : "even"}/${i}.png`, picture(i + (part === "test" ? 20 : 0)));
  writeFileSync(join(home, "plain/even/notes.txt"), "not an image");
});

const options = (more: Partial<PrepareOptions> = {}): PrepareOptions => ({
  kind: "label",
  columns: { text: "image", label: "label" },
  shares: { train: 0.6, dev: 0.1, test: 0.3 },
  seed: 1,
  ...more,
});
const prepared = (file: string, more?: Partial<PrepareOptions>) =>
  prepareRows(imageRecords(join(home, file), {}), options(more), imageRows(home));

test("a folder for each label: paths from home, labels by folder, files of other kinds left alone", async () => {
  const { rows, labels, report } = await prepared("plain");
  expect(labels).toEqual(["even", "odd"]);
  expect(report.rows).toMatchObject({ in: 12, kept: 12 });
  expect(rows[0]).toMatchObject({ image: "plain/even/0.png", labels: ["even"], place: join(home, "plain/even/0.png") });
});

test("folders named train and test are the parts", async () => {
  const { rows, parts } = await prepared("parts");
  for (const [i, { image }] of rows.entries()) expect(image).toContain(`parts/${parts[i]}/`);
});

test("a table names images from its own folder, with labels, patients and attributes beside them", async () => {
  const lines = Array.from(
    { length: 12 },
    (_, i) => `plain/${i % 2 ? "odd" : "even"}/${i}.png,${i % 2 ? "b" : "a"},p${i % 3},${i % 2}`,
  );
  writeFileSync(join(home, "list.csv"), `image,kind,patient,sex\n${lines.join("\n")}\n`);
  const columns = { text: "image", label: "kind", group: "patient", attributes: ["sex"] };
  const { rows } = await prepared("list.csv", { columns });
  expect(rows[0]).toMatchObject({ image: "plain/even/0.png", labels: ["a"], group: "p0", attributes: { sex: "0" } });
});

test("a folder with Hugging Face's metadata table is read by the table", async () => {
  mkdirSync(join(home, "hub"));
  for (let i = 0; i < 4; i++)
    copyFileSync(join(home, `plain/${i % 2 ? "odd" : "even"}/${i}.png`), join(home, `hub/${i}.png`));
  writeFileSync(
    join(home, "hub/metadata.csv"),
    `file_name,label\n${[0, 1, 2, 3].map((i) => `${i}.png,${i % 2 ? "b" : "a"}`).join("\n")}\n`,
  );
  const { labels, report } = await prepared("hub", { shares: { train: 1, dev: 0, test: 0 } });
  expect([labels, report.rows.kept]).toEqual([["a", "b"], 4]);
});

test("the same picture again is a repeat, under another label a conflict, in another size it stays in one part", async () => {
  const folder = join(home, "again");
  for (let i = 0; i < 12; i++) await put(`again/${i % 2 ? "odd" : "even"}/${i}.png`, picture(i, 40));
  copyFileSync(join(folder, "even/0.png"), join(folder, "even/copy.png"));
  copyFileSync(join(folder, "even/2.png"), join(folder, "odd/2.png"));
  await put("again/even/smaller.png", resized(picture(4, 40), { width: 30, height: 30 }, "bilinear"));
  const { report, rows, parts } = await prepared("again");
  expect(report.duplicates).toMatchObject({ exact: 1, conflicting: 1 });
  expect(report.duplicates.nearRows).toBeGreaterThanOrEqual(2);
  const partOf = (name: string) => parts[rows.findIndex((r) => r.image.endsWith(name))];
  expect(partOf("even/smaller.png")).toBe(partOf("even/4.png"));
  expect(report.warnings.join()).toMatch(/the same image as another row/);
});

test("a file that is no image is put aside with its reason; many stop the run", async () => {
  for (let i = 0; i < 30; i++) await put(`broken/${i % 2 ? "odd" : "even"}/${i}.png`, picture(i));
  writeFileSync(join(home, "broken/odd/31.png"), "no image");
  const { quarantined } = await prepared("broken");
  expect(quarantined).toEqual([expect.objectContaining({ reason: "broken-image" })]);
  for (let i = 32; i < 40; i++) writeFileSync(join(home, `broken/odd/${i}.png`), "no image");
  await faultLater("E_DATA", () => prepared("broken"));
});

test("a folder without images says what it holds", async () => {
  mkdirSync(join(home, "none"));
  writeFileSync(join(home, "none/readme.md"), "");
  expect((await faultLater("E_DATA", () => prepared("none"))).message).toMatch(/no image[\s\S]*readme\.md/);
});

test("an image that has changed since is refused, and so is its stage's fingerprint another", async () => {
  const { rows } = await prepared("plain");
  const row = rows.find((r): r is ImageRow => r.image === "plain/odd/1.png")!;
  expect((await pictureOf(row, home)).data).toEqual(picture(1).data);
  const print = () => imagesFingerprint(join(home, "plain"), {}, { text: "image" });
  const before = await print();
  expect(await print()).toEqual(before);
  await put("plain/odd/1.png", picture(99));
  expect(await print()).not.toEqual(before);
  await faultLater("E_DATA", () => pictureOf(row, home));
});

test("an image is bounded before it is decoded, and formats that name other files are refused", async () => {
  const png = await encodePng(picture(1));
  expect((await faultLater("E_FORMAT", () => decodeImage(png, "a.png", { maxPixels: 100 }))).message).toMatch(
    /too large/,
  );
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>');
  expect((await faultLater("E_FORMAT", () => decodeImage(svg, "a.svg"))).message).toMatch(/svg/);
  await faultLater("E_FORMAT", () => decodeImage(png.slice(0, 60), "cut.png"));
  await faultLater("E_FORMAT", () => decodeImage(new Uint8Array(), "empty.png"));
  await faultLater("E_IO", () => readImage(join(home, "nowhere.png")));
});
