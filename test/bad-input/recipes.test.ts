// Recipes that ask for what is not there.
import { join } from "node:path";
import { test } from "vitest";
import { expectRefusal, goodRows, put, type Refusal, recipeFor, temporaryFolder } from "./refusal.ts";

const home = temporaryFolder();
put(home, "t.csv", `text,label\n${goodRows.join("\n")}\n`);
const plain = recipeFor("file: t.csv");

test.each<[name: string, text: string, Refusal]>([
  [
    "a tab",
    plain.replace("adapt:", "\tadapt:"),
    { code: "E_CONFIG", place: "recipe.yaml:5", problem: "a tab", expected: "spaces", got: "\\t", remedy: "replace" },
  ],
  [
    "a newer version",
    plain.replace("version: 1", "version: 2"),
    {
      code: "E_VERSION",
      place: "recipe.yaml",
      problem: "newer version",
      expected: "version: 1",
      got: "version: 2",
      remedy: "newer Concord",
    },
  ],
  [
    "a path that leaves the folder",
    plain.replace("t.csv", "../t.csv"),
    {
      code: "E_CONFIG",
      place: /recipe\.yaml:\d$/,
      problem: "data.file",
      expected: "absolute path",
      got: "../t.csv",
      remedy: "schema",
    },
  ],
  [
    "a huge maxLength",
    plain.replace("maxLength: 16", "maxLength: 1000000"),
    {
      code: "E_CONFIG",
      place: /recipe\.yaml:\d$/,
      problem: "model.maxLength",
      expected: "8192",
      got: "1000000",
      remedy: "schema",
    },
  ],
  [
    "training on a GPU",
    plain.replace("epochs: 1", "epochs: 1, device: gpu"),
    {
      code: "E_CONFIG",
      place: /recipe\.yaml:\d$/,
      problem: "adapt.device: there is no such key",
      expected: "epochs",
      got: "device",
      remedy: "training runs on the CPU",
    },
  ],
])("%s is refused with its key and a remedy", async (_name, text, wanted) => {
  const recipe = put(home, "recipe.yaml", text);
  await expectRefusal(["run", recipe, "--out", join(home, "run")], wanted);
});
