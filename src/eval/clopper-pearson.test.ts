// Exact intervals against SciPy 1.17.1 (binomtest(k, n).proportion_ci(method="exact"), special.betainc, special.gammaln).
import { expect, test } from "vitest";
import { betaCdf, betaQuantile, clopperPearson, logGamma } from "./clopper-pearson.ts";

const close = (got: number, want: number, relative = 1e-12) =>
  expect(Math.abs(got - want)).toBeLessThanOrEqual(relative * Math.max(Math.abs(want), 1e-12));

test.each([
  [0, 100, 0.0, 0.03621669264519054],
  [1, 10, 0.0025285785444625728, 0.44501611702819543],
  [5, 10, 0.1870860284474045, 0.8129139715525955],
  [37, 1000, 0.02618270884399008, 0.0506411230599609],
  [999, 1000, 0.9944410757201502, 0.9999746825125083],
  [1000, 1000, 0.9963179161033608, 1.0],
  [123456, 1000000, 0.12281184162963026, 0.1241023402768027],
  [3, 7, 0.09898827844243689, 0.81594843235993],
])("%i of %i have SciPy's interval", (k, n, low, high) => {
  const found = clopperPearson(k, n);
  close(found.low, low, 1e-9);
  close(found.high, high, 1e-9);
});

test("the beta distribution and ln Γ agree with SciPy", () => {
  for (const [x, a, b, want] of [
    [0.3, 2, 5, 0.5798250000000003],
    [0.01, 0.5, 0.5, 0.06376856085851985],
    [0.999, 30, 2, 0.9995438962809783],
    [0.5, 1000, 1001, 0.5089195055729272],
  ] as const)
    close(betaCdf(x, a, b), want, 1e-10);
  for (const [x, want] of [
    [0.1, 2.252712651734206],
    [0.5, 0.5723649429247],
    [1.5, -0.12078223763524526],
    [14.9, 24.924132002217277],
    [1e6, 12815504.569147611],
  ] as const)
    close(logGamma(x), want, 1e-13);
  close(betaCdf(betaQuantile(0.2, 3, 9), 3, 9), 0.2);
});

test("numbers that are no successes of trials are refused", () => {
  for (const [k, n] of [
    [-1, 5],
    [6, 5],
    [0, 0],
  ] as const)
    expect(() => clopperPearson(k, n)).toThrow("E_ARGUMENT");
});
