// Symbolic sizes agree with numbers: what is computed on text and then evaluated equals what is computed on the values.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDims, broadcastShapes, type Dim, divDims, evalDim, mulDims } from "../../src/graph/index.ts";
import { fuzzRuns, fuzzSeed } from "../fuzz.ts";

const settings = { numRuns: fuzzRuns, seed: fuzzSeed };
const symbols = fc.record({
  B: fc.integer({ min: 1, max: 9 }),
  S: fc.integer({ min: 1, max: 9 }),
  T: fc.integer({ min: 1, max: 9 }),
});
/** A size made of symbols, numbers, products and sums, with its value under given symbols. */
const size: fc.Arbitrary<Dim> = fc.letrec<{ size: Dim }>((tie) => ({
  size: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<Dim>("B", "S", "T", 0, 1, 2, 3, 12),
    fc.tuple(tie("size"), tie("size")).map(([a, b]) => mulDims(a, b)),
    fc.tuple(tie("size"), tie("size")).map(([a, b]) => addDims(a, b)),
  ),
})).size;
const bind = (s: Record<string, number>) => new Map(Object.entries(s));

describe("sizes", () => {
  test("multiply and add as their values do, in either order", () => {
    fc.assert(
      fc.property(size, size, symbols, (a, b, s) => {
        const value = (d: Dim) => evalDim(d, bind(s));
        expect(value(mulDims(a, b))).toBe(value(a) * value(b));
        expect(value(addDims(a, b))).toBe(value(a) + value(b));
        expect(mulDims(a, b)).toBe(mulDims(b, a));
        expect(addDims(a, b)).toBe(addDims(b, a));
      }),
      settings,
    );
  });

  test("divide exactly, and a product by its factor gives the other one back", () => {
    fc.assert(
      fc.property(size, size, symbols, (a, b, s) => {
        const value = (d: Dim) => evalDim(d, bind(s));
        const quotient = divDims(a, b);
        if (quotient !== undefined) expect(value(quotient) * value(b)).toBe(value(a));
        if (mulDims(a, b) !== 0) expect(divDims(mulDims(a, b), b)).toBe(mulDims(a, 1));
      }),
      settings,
    );
  });

  test("are the same text when they are the same product", () => {
    expect(mulDims("S", 4, "B", 3)).toBe("12*B*S");
    expect(mulDims(mulDims("B", 4), mulDims("S", 3))).toBe("12*B*S");
    expect(mulDims("B", 0)).toBe(0);
    expect(addDims("S", 1)).toBe("(S+1)");
    expect(addDims("B", "B")).toBe("2*B");
    expect(mulDims(2, addDims("S", 1))).toBe("2*(S+1)");
    expect(divDims("12*B*S", "4*S")).toBe("3*B");
    expect(divDims("B", "S")).toBeUndefined();
    expect(divDims(7, 2)).toBeUndefined();
  });

  test("name the symbol that no input binds", () => {
    expect(() => evalDim("2*Q", new Map())).toThrow(/Q is not bound/);
  });

  test("broadcast as their values do, where they do", () => {
    const shape = fc.array(fc.constantFrom<Dim>("B", "S", 1, 2, 3), { maxLength: 3 });
    fc.assert(
      fc.property(shape, shape, (a, b) => {
        const s = bind({ B: 5, S: 7 });
        const values = (list: readonly Dim[]) => list.map((d) => evalDim(d, s));
        const both = broadcastShapes(a, b);
        expect(both && values(both)).toEqual(broadcastShapes(values(a), values(b)));
      }),
      settings,
    );
  });
});
