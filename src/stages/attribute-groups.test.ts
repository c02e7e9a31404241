import { expect, test } from "vitest";
import { readRecipe } from "../recipe/read-recipe.ts";
import { attributeGroupsOf, mitigationGroups } from "./attribute-groups.ts";

const recipe = (bins: string) =>
  readRecipe(
    `version: 1\nname: x\ndata: { file: a.csv, attributes: [age, sex] }\nmodel: { scratch: {} }\nevaluate: { bins: ${bins} }\n`,
    "r.yaml",
  );
const rows = Array.from({ length: 300 }, (_, i) => ({
  attributes: { age: i % 50 ? String(18 + (i % 60)) : "", sex: "fm"[i % 2]! },
}));

test("numbers are five groups unless edges are given; what is no number stays", () => {
  const { age, sex } = attributeGroupsOf(recipe("{}"), rows);
  expect(new Set(age!.groups).size).toBe(6); // five, and rows without an age
  expect(age!.cut!.found).toBe(true);
  expect(sex).toEqual({ groups: rows.map((r) => r.attributes.sex) });
  const given = attributeGroupsOf(recipe("{ age: [40, 65] }"), rows).age!;
  expect([...new Set(given.groups)].sort()).toEqual(["", "0–39", "40–64", "65+"]);
  expect(given.cut).toEqual({ edges: [40, 65], found: false });
  expect(new Set(attributeGroupsOf(recipe("{ age: [] }"), rows).age!.groups).size).toBe(61);
});

test("groups that are called as their numbers are groups all the same", () => {
  const levels = Array.from({ length: 30 }, (_, i) => ({ attributes: { age: String(1 + (i % 2)), sex: "f" } }));
  const { age } = attributeGroupsOf(recipe("{ age: [1, 2, 3] }"), levels);
  expect([...new Set(age!.groups)]).toEqual(["1", "2"]);
  expect(age!.cut!.edges).toEqual([1, 2, 3]);
});

test("edges that cut nothing are refused", () => {
  expect(() => attributeGroupsOf(recipe("{ sex: [1] }"), rows)).toThrow("E_CONFIG");
  expect(() => attributeGroupsOf(recipe("{ region: [1] }"), rows)).toThrow("there is no such attribute");
  expect(() => recipe("{ age: [65, 40] }")).toThrow("ascending numbers");
});

test("a mitigation sees the groups that the audit sees: edges have to be given for numbers", () => {
  const asked = (attribute: string, bins: string, more = "weighting: balancing") =>
    readRecipe(
      `version: 1\nname: x\ndata: { file: a.csv, attributes: [age, sex] }\nmodel: { scratch: {} }\nevaluate: { bins: ${bins} }\nadapt: { mitigation: { attribute: ${attribute}, ${more} } }\n`,
      "r.yaml",
    );
  const texts = rows.map(({ attributes }, i) => ({ id: `${i}`, text: "t", labels: ["a"], attributes }));
  const parts = [texts.slice(0, 200), texts.slice(200)] as unknown as Parameters<typeof mitigationGroups>[1];
  const ages = (bins: string) =>
    mitigationGroups(asked("age", bins), parts).map((own) => own.map((r) => r.attributes.age));
  expect(() => ages("{}")).toThrow(/age is a number/);
  expect(() => ages("{}")).toThrow("E_CONFIG");
  expect(ages("{ age: [] }").flat()).toEqual(rows.map((r) => r.attributes.age));
  const cut = attributeGroupsOf(recipe("{ age: [40, 65] }"), rows).age!.groups;
  expect(ages("{ age: [40, 65] }")).toEqual([cut.slice(0, 200), cut.slice(200)]);
  expect(mitigationGroups(asked("sex", "{ age: [40] }"), parts)).toEqual(parts);
  const thresholds = asked("age", "{ age: [40] }", "decisions: group-thresholds, criterion: demographic-parity");
  expect(() => mitigationGroups(thresholds, parts)).toThrow(/groups of numbers are not told/);
  const linear = asked("age", "{ age: [40] }", "decisions: linear-post, criterion: demographic-parity");
  expect(mitigationGroups(linear, parts)[0]![1]!.attributes.age).toBe("0–39");
});
