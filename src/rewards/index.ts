// Rewards of answers by their names. Those that ask a server are in `node`.
export { type JudgedAnswer, judged, type Reward } from "./reward.ts";
export { exactAnswer, lengthBetween, matchingPattern, validJson } from "./rules.ts";
