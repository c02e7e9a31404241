import { describe, expect, test } from "vitest";
import { attributeGroups, binned, fifths } from "./bins.ts";

const ages = Array.from({ length: 500 }, (_, i) => String(18 + ((i * 37) % 73)));

describe("numbers in groups", () => {
  test("fifths have about as many rows each", () => {
    const edges = fifths(ages)!;
    expect(edges).toHaveLength(4);
    const { groups } = binned(ages, edges);
    const counts = [...new Set(groups)].map((name) => groups.filter((g) => g === name).length);
    expect(Math.min(...counts)).toBeGreaterThan(85);
    expect(Math.max(...counts)).toBeLessThan(115);
  });

  test("few different numbers, codes and words are groups as they are; words among numbers stay groups of their own", () => {
    expect(fifths(Array.from({ length: 500 }, (_, i) => String(i % 12)))).toBeUndefined();
    expect(fifths([...ages, "unknown"])).toHaveLength(4);
    expect(fifths([...ages, ...ages.map((age) => `age ${age}`), "x"])).toBeUndefined(); // less than half are numbers
    expect(fifths(ages.map((age) => `0${age}`))).toBeUndefined(); // codes
    expect(binned(["17", "NA", "40", ""], [18]).groups).toEqual(["0–17", "NA", "18+", ""]);
    expect(fifths([...ages, ""])).toHaveLength(4);
    expect(fifths([])).toBeUndefined();
  });

  test("an edge that many rows share is one edge", () => {
    const mostlyZero = Array.from({ length: 500 }, (_, i) => String(i % 5 ? 0 : i));
    expect(fifths(mostlyZero)).toEqual([5]); // more than four fifths are 0
    expect(fifths(mostlyZero.slice(10))).toEqual([10]);
  });

  test("a group begins at its edge; names say which numbers are meant", () => {
    expect(binned(["0", "17", "18", "39", "40", "65", "90", ""], [18, 40, 65]).groups).toEqual(
      ["0–17", "0–17", "18–39", "18–39", "40–64", "65+", "65+", ""],
    ); // biome-ignore format: a table
    expect(binned(["-3", "2"], [0, 1, 2]).groups).toEqual(["<0", "2+"]);
    expect(binned(["0.4", "0.5", "0.9"], [0.5, 0.8]).groups).toEqual(["0–<0.5", "0.5–<0.8", "0.8+"]);
    expect(binned(["1", "2"], [1, 2, 3]).groups).toEqual(["1", "2"]);
    expect(binned(["1", "x"], [1]).numbers).toBe(1);
  });

  test("decimal commas are numbers where that is told, else each is a group", () => {
    const commas = ages.map((age) => `${age},5`);
    expect(attributeGroups(commas).cut).toBeUndefined();
    expect(attributeGroups(commas, undefined, ",").cut?.edges).toHaveLength(4);
    expect(binned(["36,5", "37,5", "007"], [37], ",").groups).toEqual(["0–<37", "37+", "007"]);
  });
});
