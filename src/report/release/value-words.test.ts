// Values of a study have words in both languages, so no page shows a dotted name of them.
import { expect, test } from "vitest";
import { valueWords } from "./value-words.ts";

test.each([
  ["together.members", "number of participants in the study", "联合研究的参与方数"],
  ["together.rounds", "number of rounds of the study", "联合研究的轮次数"],
  ["together.survivors.least", "fewest participants in any one sum", "单次求和中最少的参与方数"],
  ["together.clinic-b.budget", "privacy budget of clinic-b, ε", "clinic-b 的隐私预算 ε"],
  ["together.clinic-b.epsilon", "privacy budget spent by clinic-b, ε", "clinic-b 已用的隐私预算 ε"],
  ["together.clinic-b.left", "clinic-b left the study before its end", "clinic-b 在研究结束前退出"],
  ["sites.clinic-b.macroF1", "macro F1 of clinic-b on its own test rows", "clinic-b 在自己测试数据上的宏平均 F1"],
])("%s", (name, en, zh) => {
  expect([valueWords(name, "en"), valueWords(name, "zh")]).toEqual([en, zh]);
});
