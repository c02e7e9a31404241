// The demo's generator against its data card: counts, groups, noise, planted rows. No model is trained here.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { diseases } from "../../examples/disease/generate/diseases.ts";
import {
  generate,
  type Message,
  noiseRate,
  parts,
  sizes,
  unlabelledShares,
} from "../../examples/disease/generate/generate.ts";
import { nearCounts, type Planted } from "../../examples/disease/generate/plant.ts";
import { symptoms } from "../../examples/disease/generate/symptoms.ts";
import { groupBy } from "../../src/base/index.ts";
import { cleanText, prepareTexts, type SourceRow } from "../../src/data/index.ts";

const data = generate(7);
const { labelled, unlabelled, planted } = data;
const byId = new Map([...labelled, ...unlabelled].map((m) => [m.id, m]));
const plantedOf = <K extends Planted["kind"]>(kind: K) =>
  planted.filter((p): p is Extract<Planted, { kind: K }> => p.kind === kind);

async function* records(messages: readonly Message[]): AsyncGenerator<SourceRow> {
  for (const [i, m] of messages.entries())
    yield {
      file: "messages.csv",
      line: i + 2,
      fields: { text: m.text, disease: m.label, patient: m.patient.id, region: m.patient.region, part: m.part },
    };
}
const columns = { text: "text", label: "disease", group: "patient", attributes: ["region"] };

test("the same seed gives the same rows, another seed gives others", () => {
  const small = generate(7, { unlabelled: 2000 });
  expect(generate(7, { unlabelled: 2000 })).toEqual(small);
  expect(small.labelled).toEqual(labelled); // how many messages are unlabelled changes no other row
  const other = new Set(generate(8, { unlabelled: 0 }).labelled.map((m) => m.text));
  expect(labelled.filter((m) => other.has(m.text)).length).toBeLessThan(labelled.length / 20);
});

test("there are as many rows of each region in each part as the data card says", () => {
  const card = readFileSync("examples/disease/DATA-CARD.md", "utf8");
  for (const part of parts) {
    const counts = Object.fromEntries(
      [
        ...groupBy(
          labelled.filter((m) => m.part === part),
          (m) => m.patient.region,
        ),
      ].map(([k, v]) => [k, v.length]),
    );
    expect(counts).toEqual(sizes[part]);
    const { capital, north, south, islands } = sizes[part];
    const all = capital + north + south + islands;
    expect(card).toContain(
      `| ${[part, all, capital, north, south, islands].map((n) => n.toLocaleString("en")).join(" | ")} |`,
    );
  }
  expect(sizes.train.islands / Object.values(sizes.train).reduce((a, b) => a + b)).toBe(0.05);
  expect(Math.min(...Object.values(sizes.test))).toBeGreaterThanOrEqual(400);
  expect(unlabelled).toHaveLength(40_000);
  for (const [region, share] of Object.entries(unlabelledShares))
    expect(unlabelled.filter((m) => m.patient.region === region)).toHaveLength(40_000 * share);
  expect(card).toContain(`${diseases.size} diseases, ${symptoms.size} symptoms`);
});

test("every disease, language, sex and age band occurs in every part, and most patients write several times", () => {
  for (const part of parts) {
    const own = labelled.filter((m) => m.part === part);
    expect(new Set(own.map((m) => m.truth)).size).toBe(diseases.size);
    expect(new Set(own.map((m) => `${m.patient.language} ${m.patient.sex} ${m.patient.age}`)).size).toBe(16);
  }
  const perPatient = [...groupBy(labelled, (m) => m.patient.id).values()].map((list) => list.length);
  expect(perPatient.filter((n) => n > 1).length).toBeGreaterThan(perPatient.length / 2);
  expect(new Set([...byId.keys()]).size).toBe(labelled.length + unlabelled.length);
});

test("only training rows of the islands carry wrong labels, each the disease that theirs is taken for, and all are listed", () => {
  const wrong = labelled.filter((m) => m.label !== m.truth);
  expect(wrong.every((m) => m.part === "train" && m.patient.region === "islands")).toBe(true);
  expect(wrong.every((m) => diseases.get(m.truth)!.takenFor === m.label)).toBe(true);
  expect(wrong.map((m) => m.id).sort()).toEqual(
    plantedOf("label-noise")
      .map((p) => p.id)
      .sort(),
  );
  expect(Math.abs(wrong.length / sizes.train.islands - noiseRate)).toBeLessThan(0.08);
});

test("some messages name only what two diseases share", () => {
  const ambiguous = labelled.filter((m) => m.ambiguous !== undefined);
  expect(ambiguous.length / labelled.length).toBeGreaterThan(0.03);
  expect(ambiguous.every((m) => m.ambiguous === diseases.get(m.truth)!.takenFor)).toBe(true);
});

describe("planted rows", () => {
  test("private details stand in the rows that the list names, in no dev or test row", () => {
    const details = planted.filter((p) => "value" in p);
    expect(details).toHaveLength(320);
    expect(new Set(details.map((p) => p.kind))).toEqual(new Set(["name", "phone", "id", "email"]));
    for (const { id, value } of details) {
      expect(byId.get(id)!.text).toContain(value);
      expect(["train", "unlabelled"]).toContain(byId.get(id)!.part);
    }
  });

  test("prepare finds the near-duplicates, and parts that it draws itself tear neither them nor a patient apart", async () => {
    const near = plantedOf("near-duplicate");
    expect(near).toHaveLength(nearCounts.train + nearCounts.dev + nearCounts.test);
    const own = await prepareTexts(records(labelled), { columns, kind: "label", seed: 1 });
    expect(own.report.duplicates.nearClusters).toBeGreaterThanOrEqual(near.length);
    expect(own.report.duplicates.nearRows).toBeLessThan(2.1 * near.length);
    const partOf = new Map(own.rows.map((row, i) => [row.text, own.parts[i]!]));
    const part = (id: string) => partOf.get(cleanText(byId.get(id)!.text))!;
    for (const { id, of } of near) expect(part(id)).toBe(part(of));
    const patients = groupBy(own.rows.keys(), (i) => own.rows[i]!.group);
    for (const rows of patients.values()) expect(new Set(rows.map((i) => own.parts[i])).size).toBe(1);
  });

  test("the parts that the table names tear no cluster and no patient apart, and no row is lost", async () => {
    const given = await prepareTexts(records(labelled), {
      columns: { ...columns, part: "part" },
      kind: "label",
    });
    expect(given.report.duplicates.straddling).toBe(0);
    expect(given.report.rows).toEqual({
      in: labelled.length,
      kept: labelled.length,
      dropped: 0,
      quarantined: 0,
      excluded: 0,
    });
    expect(given.report.warnings).toEqual([]);
  });
});
