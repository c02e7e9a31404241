// The commands, in the order of the help.
import type { Command, CommandGroup } from "../command.ts";
import { adapters } from "./adapters/index.ts";
import { apiKeys } from "./api-keys/index.ts";
import { audit } from "./audit.ts";
import { bandit } from "./bandit/index.ts";
import { clean } from "./clean.ts";
import { compare } from "./compare.ts";
import { compress } from "./compress.ts";
import { coordinator } from "./coordinator/index.ts";
import { deploy } from "./deploy.ts";
import { doctor } from "./doctor.ts";
import { enrol } from "./enrol.ts";
import { evaluate } from "./evaluate.ts";
import { explain } from "./explain.ts";
import { exportCommand } from "./export.ts";
import { init } from "./init.ts";
import { inspect } from "./inspect.ts";
import { keys } from "./keys/index.ts";
import { logCommand } from "./log.ts";
import { models } from "./models/index.ts";
import { monitor } from "./monitor.ts";
import { participant } from "./participant.ts";
import { policy } from "./policy/index.ts";
import { predict } from "./predict.ts";
import { release } from "./release.ts";
import { resume } from "./resume.ts";
import { run } from "./run.ts";
import { runs } from "./runs.ts";
import { serve } from "./serve.ts";
import { sign } from "./sign.ts";
import { study } from "./study/index.ts";
import { tune } from "./tune.ts";
import { verify } from "./verify.ts";

export const commands: readonly (Command | CommandGroup)[] = [
  init,
  run,
  resume,
  tune,
  predict,
  explain,
  evaluate,
  compare,
  audit,
  compress,
  adapters,
  exportCommand,
  bandit,
  keys,
  policy,
  release,
  sign,
  verify,
  serve,
  apiKeys,
  monitor,
  deploy,
  logCommand,
  study,
  enrol,
  participant,
  coordinator,
  inspect,
  models,
  runs,
  clean,
  doctor,
];
