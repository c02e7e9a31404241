// Misspellings as people make them: English neighbours on the keyboard, swapped, dropped and doubled letters (Belinkov & Bisk 2018,
// arXiv:1711.02173); Chinese characters that sound or look alike, or are dropped. Pure: the same seed gives the same text.
import type { Random } from "../../base/index.ts";

const rows = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/** Letters beside a letter on a QWERTY keyboard. */
const beside = new Map<string, string>(
  rows.flatMap((row, r) =>
    [...row].map((letter, k): [string, string] => {
      const around = [
        row[k - 1],
        row[k + 1],
        rows[r - 1]?.[k],
        rows[r - 1]?.[k + 1],
        rows[r + 1]?.[k - 1],
        rows[r + 1]?.[k],
      ];
      return [letter, around.filter(Boolean).join("")];
    }),
  ),
);

/** Characters that are often written one for another: the same or nearly the same sound in Mandarin, or the same shape but a stroke. */
const alike = [
  "的地得",
  "在再",
  "做作坐座",
  "那哪",
  "他她它",
  "以已",
  "是事试式",
  "有又由",
  "到道倒",
  "和合河何",
  "前钱",
  "后候厚",
  "想向象像",
  "会回",
  "里理",
  "时十石",
  "天添田",
  "头投",
  "痛同通",
  "发法",
  "烧少",
  "咳刻",
  "嗽搜",
  "胸凶",
  "腹复",
  "肚度",
  "泻谢",
  "吐图",
  "晕云",
  "痒养",
  "疼腾",
  "热惹",
  "冷愣",
  "血雪",
  "医一衣",
  "药要",
  "病并",
  "睡税",
  "觉角",
  "眼演",
  "鼻比",
  "喉后",
  "皮疲",
  "早找",
  "晚完",
  "年念",
  "月越",
  "日曰",
  "人入",
  "己已",
  "未末",
  "土士",
  "大太",
  "今令",
  "问间",
  "买卖",
  "没设",
];
const alikes = new Map<string, string>();
for (const group of alike)
  for (const sign of group) alikes.set(sign, (alikes.get(sign) ?? "") + group.replace(sign, ""));

const spelled = /[A-Za-z]{4,}|\p{Script=Han}/gu;

/**
 * A text in which a share of the words is misspelt: English words of four letters or more in one place, Chinese characters each.
 * @param rate share of words and characters, 0 … 1
 * @example misspell("a sore throat", 1, random(0)) // "a soer thraot"
 */
export function misspell(text: string, rate: number, rng: Random): string {
  return text.replace(spelled, (word) => {
    if (rng.float() >= rate) return word;
    return word.length >= 4 ? misspeltWord(word, rng) : misspeltSign(word, rng);
  });
}

function misspeltWord(word: string, rng: Random): string {
  const at = 1 + rng.int(word.length - 1); // the first letter is rarely wrong
  const kind = rng.int(4);
  if (kind === 0) return word.slice(0, at) + word.slice(at + 1); // dropped
  if (kind === 1) return word.slice(0, at) + word[at]! + word.slice(at); // doubled
  if (kind === 2) {
    const from = Math.min(at, word.length - 2);
    return word.slice(0, from) + word[from + 1]! + word[from]! + word.slice(from + 2); // swapped
  }
  const near = beside.get(word[at]!.toLowerCase())!;
  const letter = near[rng.int(near.length)]!;
  return (
    word.slice(0, at) + (word[at] === word[at]!.toLowerCase() ? letter : letter.toUpperCase()) + word.slice(at + 1)
  );
}

/** Another character where one is alike, else nothing in one of three cases. */
function misspeltSign(sign: string, rng: Random): string {
  const others = alikes.get(sign);
  if (others) return others[rng.int(others.length)]!;
  return rng.int(3) === 0 ? "" : sign;
}
