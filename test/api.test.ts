// What the package gives out changes on purpose only: test/api.txt has every public name.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { publicApi } from "../tools/api.ts";

test("public names are those of test/api.txt (run `npm run api` after a change that is meant)", () => {
  expect(publicApi(["src/index.ts", "src/node.ts", "src/web.ts"])).toBe(readFileSync("test/api.txt", "utf8"));
});
