// How the program is named in texts that tell the user what to type next. Texts say `concord run`; this is the one place that knows
// whether the user types `npx concord run` or `npm run concord -- run` instead.

/** Environment variables that package managers set for what they start. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the user types before a command: `concord` where it was started by its own name.
 * @example programName({ npm_command: "exec" }) // "npx concord"
 */
export function programName(env: Environment): string {
  const { npm_command: command, npm_lifecycle_event: script, npm_config_user_agent: agent = "" } = env;
  if (agent.startsWith("pnpm/")) return "pnpm exec concord";
  if (agent.startsWith("yarn/")) return "yarn concord";
  if (command === undefined) return "concord";
  return command === "run-script" && script === "concord" ? "npm run concord --" : "npx concord";
}

/**
 * A text with its commands as the user types them.
 * @example asCalled("concord resume runs/a", { npm_command: "exec" }) // "npx concord resume runs/a"
 */
export const asCalled = (text: string, env: Environment): string =>
  text.replace(/(?<![\w/\\.@-])concord (?=[a-z]+\b|<)/g, `${programName(env)} `);
