import { expect, test } from "vitest";
import { concord } from "../../test/command-line.ts";
import { asCalled, programName } from "./as-called.ts";

test("the program is named as the user's package manager starts it", () => {
  expect(programName({})).toBe("concord");
  expect(programName({ npm_command: "exec", npm_lifecycle_event: "npx" })).toBe("npx concord");
  expect(programName({ npm_command: "run-script", npm_lifecycle_event: "concord" })).toBe("npm run concord --");
  expect(programName({ npm_command: "run-script", npm_lifecycle_event: "train" })).toBe("npx concord");
  expect(programName({ npm_config_user_agent: "pnpm/10.0.0 node/v22" })).toBe("pnpm exec concord");
  expect(programName({ npm_config_user_agent: "yarn/4.9.0 node/v22", npm_command: "run-script" })).toBe("yarn concord");
});

test("commands in a text are named so, and paths and packages are not", () => {
  const npx = { npm_command: "exec" };
  expect(asCalled("adapt it first: concord init, then concord run", npx)).toBe(
    "adapt it first: npx concord init, then npx concord run",
  );
  expect(asCalled("npm install @concord-ai/concord now", npx)).toBe("npm install @concord-ai/concord now");
  expect(asCalled("/home/concord run", npx)).toBe("/home/concord run");
});

test("an error's remedy can be typed as it stands; JSON keeps the program's own name", async () => {
  const env = { npm_command: "exec" };
  expect((await concord(["predict"], { env })).err).toMatch(/try +npx concord predict runs/);
  expect((await concord(["predict", "--json"], { env })).err).not.toMatch(/npx/);
});
