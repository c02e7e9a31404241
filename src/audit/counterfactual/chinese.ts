// Chinese words that name who a text is about, as pairs and sets that can stand for each other. Longer words are found first, so
// that 其他 and 吉他 are not read as 他.

/** Each word stands for the other. */
export const chinesePairs: readonly (readonly [string, string])[] = [
  ["他们", "她们"],
  ["他", "她"],
  ["先生", "女士"],
  ["爸爸", "妈妈"],
  ["老爸", "老妈"],
  ["父亲", "母亲"],
  ["爷爷", "奶奶"],
  ["外公", "外婆"],
  ["姥爷", "姥姥"],
  ["儿子", "女儿"],
  ["哥哥", "姐姐"],
  ["弟弟", "妹妹"],
  ["丈夫", "妻子"],
  ["老公", "老婆"],
  ["男朋友", "女朋友"],
  ["叔叔", "阿姨"],
  ["舅舅", "舅妈"],
  ["孙子", "孙女"],
  ["男人", "女人"],
  ["男孩", "女孩"],
  ["男生", "女生"],
  ["男性", "女性"],
  ["男的", "女的"],
  ["小伙子", "小姑娘"],
  ["小明", "小红"],
  ["张伟", "王芳"],
  ["建国", "淑芬"],
  ["志强", "秀英"],
];

/** Words that lead to one of a pair. */
export const chineseOneWay: readonly (readonly [string, string])[] = [
  ["男士", "女士"],
  ["小姐", "先生"],
];

/** Sets in which each word stands for every other. */
export const chineseSets = {
  religion: ["佛教徒", "基督徒", "穆斯林", "道教徒"],
  ethnicity: ["汉族", "回族", "藏族", "维吾尔族", "蒙古族"],
  home: ["城里人", "农村人", "本地人", "外地人"],
} as const;

/** Words that hold one of the above and mean something else. */
export const chineseOthers: readonly string[] = [
  "其他",
  "吉他",
  "他人",
  "他乡",
  "维他",
  "排他",
  "利他",
  "先生物",
  "男女",
  "孙子兵法",
  "妇女士",
];
