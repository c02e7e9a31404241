import { expect, test } from "vitest";
import { textOf } from "../../pages/index.ts";
import type { ReportInput } from "../input.ts";
import { privacySection } from "./privacy.ts";

const share = { value: 0.01, low: 0.005, high: 0.02 };
const attacks = ["threshold", "lira", "blind", "strongest"];
const measures = ["auc", "tprAtFpr0.001", "epsilonLower"];
const values = Object.fromEntries([
  ...attacks.flatMap((attack) => measures.map((name) => [`privacy.membership.${attack}.${name}`, share])),
  ["privacy.membership.references", { value: 4 }],
  ["privacy.canaries.exposure", share],
]);

test("what attacks found is named in words, in both languages", () => {
  const shown = (language: "en" | "zh") =>
    textOf(privacySection({ language, audit: { privacy: { values } } } as unknown as ReportInput)!);
  for (const page of [shown("en"), shown("zh")]) {
    expect(page).not.toMatch(/membership\.|canaries\.|tprAtFpr|epsilonLower/);
    expect(page.match(/<tr /g)).toHaveLength(1 + Object.keys(values).length);
  }
  expect(shown("en")).toContain("strongest membership inference attack, at a false-alarm rate of 0.1 %");
  expect(shown("zh")).toContain("误报率为 0.1 % 时");
});
