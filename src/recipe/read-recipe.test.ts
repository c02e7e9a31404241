import { expect, test } from "vitest";
import type { ConcordError } from "../base/index.ts";
import { readRecipe, recipeText } from "./read-recipe.ts";

const plain = `
version: 1
name: disease
data: { file: messages.csv, label: disease, group: patient }
model: { scratch: {} }
`;
const faultOf = (text: string, ...overrides: string[]): ConcordError => {
  try {
    readRecipe(text, "recipe.yaml", overrides);
  } catch (error) {
    return error as ConcordError;
  }
  return expect.unreachable();
};

test("what a recipe leaves out has its default", () => {
  const recipe = readRecipe(plain, "recipe.yaml");
  expect(recipe.adapt).toMatchObject({ method: "full", epochs: 5, batchSize: 16, learningRate: 2e-5 });
  expect(recipe.model).toEqual({
    scratch: { vocabulary: 8000, width: 128, layers: 2, heads: 4, inner: 512, scale: 0.02, dropout: 0.1 },
    maxLength: 128,
  });
  expect(recipe.data.split).toEqual({ dev: 0.1, test: 0.2 });
});

test("words that YAML reads as numbers, true or null stand for what is written", () => {
  const recipe = readRecipe(`${plain}audit: { fairness: { positive: 1 } }`, "recipe.yaml", [
    "data.missing=[NA, null, 99]",
    "data.exclude=[false, '-']",
    "data.labels=[0, 1]",
  ]);
  expect(recipe.data).toMatchObject({ missing: ["NA", "null", "99"], exclude: ["false", "-"], labels: ["0", "1"] });
  expect(recipe.audit?.fairness).toMatchObject({ positive: "1" });
});

test("--set changes a value, or makes it", () => {
  const recipe = readRecipe(plain, "recipe.yaml", [
    "adapt.learningRate=1e-4",
    "data.attributes=[sex, region]",
    "pretrain.epochs=2",
  ]);
  expect(recipe.adapt.learningRate).toBe(1e-4);
  expect(recipe.data.attributes).toEqual(["sex", "region"]);
  expect(recipe.pretrain!.epochs).toBe(2);
  expect(readRecipe(`${plain}pretrain: { epochs: 2 }`, "recipe.yaml", ["pretrain=null"]).pretrain).toBeUndefined();
});

test.each<[string, string, RegExp]>([
  ["an unknown key", plain.replace("group", "gruop"), /data\.gruop: there is no such key[\s\S]*did you mean group/],
  ["an unknown key below a default", `${plain}adapt: { learningrate: 1 }`, /did you mean learningRate/],
  ["a missing key", plain.replace("name: disease", ""), /name: the key is missing/],
  ["a wrong type", `${plain}seed: high`, /seed: the value is wrong[\s\S]*"high"/],
  ["a value out of range", plain.replace("{ scratch: {} }", "{ scratch: {}, maxLength: 1000000 }"), /model\.maxLength/],
  ["a model twice", plain.replace("{ scratch: {} }", "{ scratch: {}, from: m }"), /choose one/],
  ["no model", plain.replace("{ scratch: {} }", "{}"), /choose one/],
  ["parts that leave no rows", plain.replace("group: patient", "split: { dev: 0.5, test: 0.5 }"), /leave no rows/],
  ["a path above the recipe", plain.replace("messages.csv", "../../etc/passwd"), /leaves the recipe's folder/],
  ["a tab", plain.replace("data:", "data:\n\t"), /a tab[\s\S]*recipe\.yaml:5/],
  ["broken YAML", `${plain}adapt: [`, /not YAML/],
  ["a list", "- a\n- b", /list of keys and values/],
  ["nothing", "", /list of keys and values/],
  [
    "a misspelt key where false may stand too",
    `${plain}audit: { fairness: { pirs: true } }`,
    /audit\.fairness\.pirs: there is no such key[\s\S]*did you mean pairs/,
  ],
  [
    "a wrong value there",
    `${plain}audit: { fairness: { tolerance: high } }`,
    /audit\.fairness\.tolerance: the value is wrong[\s\S]*expected +a number/,
  ],
  [
    "something else there",
    `${plain}audit: { fairness: 3 }`,
    /audit\.fairness[\s\S]*expected +one of: false, or keys and values/,
  ],
  ["a label without a name", plain.replace("group: patient", 'rename: { "-": "" }'), /list it in data\.exclude/],
  ["a label renamed to nothing", plain.replace("group: patient", 'rename: { "-": null }'), /list it in data\.exclude/],
  ["a number too small", plain.replace("{ scratch: {} }", "{ scratch: {}, maxLength: 3 }"), /expected +at least 8/],
  ["a word that is none of those known", `${plain}task: guess`, /expected +one of: single-label, ordinal, multi-label/],
])("%s is refused with its key", (_name, text, message) => {
  const error = faultOf(text);
  expect(error.code).toBe("E_CONFIG");
  expect(error.message).toMatch(message);
});

test("a fault is placed on the line of its entry; one that --set makes has no line", () => {
  const places: [string, string][] = [
    [plain.replace("seed", "").replace("group", "gruop"), "recipe.yaml:4"],
    [`${plain}adapt:\n  method: lora\n  epochs: many\n`, "recipe.yaml:8"],
    [`${plain}adapt:\n  method: lora\n  rnak: 4\n`, "recipe.yaml:8"],
    [plain.replace("{ scratch: {} }", "{ scratch: {}, maxLength: 3 }"), "recipe.yaml:5"],
  ];
  for (const [text, place] of places) expect(faultOf(text).facts.path).toBe(place);
  expect(faultOf(plain, "adapt.rnak=4").facts.path).toBe("recipe.yaml");
});

test("a recipe written out and read again is the same recipe", () => {
  const recipe = readRecipe(plain, "recipe.yaml", ["adapt.learningRate=1e-7", "data.rename={ '@a: #': \"b\\nc\" }"]);
  expect(readRecipe(recipeText(recipe), "run/recipe.yaml")).toEqual(recipe);
});

test("a recipe of a newer version says so", () => {
  expect(faultOf(plain.replace("version: 1", "version: 2")).code).toBe("E_VERSION");
});

test("overrides that are none, or reach for prototypes, are refused", () => {
  expect(faultOf(plain, "adapt.epochs").code).toBe("E_ARGUMENT");
  expect(faultOf(plain, "__proto__.x=1").code).toBe("E_ARGUMENT");
  expect(faultOf(plain, "adapt.epochs=[").code).toBe("E_CONFIG");
});

test("aliases that would grow without end are refused", () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefg"
    .split("")
    .map((k, i) => `${k}: &${k} [${Array(9).fill(`*${"abcdef"[i]}`)}]`)
    .join("\n")}\n`;
  expect(faultOf(bomb).code).toBe("E_CONFIG");
});
