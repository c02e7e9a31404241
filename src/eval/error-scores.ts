// Which scores are errors: less is better.
const errorScores = ["mae", "rmse", "rankMae"];

/** @example isErrorScore("mae") // true */
export const isErrorScore = (name: string): boolean => errorScores.includes(name);
