// Text the commands print.
export const cliMessages = {
  "cli.cached": { en: "nothing to do", zh: "无需重新运行" },
} as const;
