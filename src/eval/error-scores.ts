// Which scores are errors: less is better.
export const errorScores: readonly string[] = ["mae", "rmse", "rankMae", "wql", "mase", "smape"];

/** @example isErrorScore("mae") // true */
export const isErrorScore = (name: string): boolean => errorScores.includes(name);
