// Chinese words that name who a text is about, what looks like them and means something else, and what contradicts an exchange.

const words = (text: string): readonly string[] => text.trim().split(/\s+/);
const pairs = (text: string): readonly (readonly [string, string])[] =>
  words(text).map((pair) => pair.split("/") as [string, string]);

export const chineseKin = pairs(
  "爸爸/妈妈 老爸/老妈 父亲/母亲 爷爷/奶奶 外公/外婆 姥爷/姥姥 儿子/女儿 哥哥/姐姐 弟弟/妹妹 丈夫/妻子 老公/老婆 男朋友/女朋友 男友/女友 叔叔/阿姨 孙子/孙女 外孙/外孙女 岳父/岳母 女婿/儿媳妇 前夫/前妻 继父/继母 伯父/伯母 外甥/外甥女 侄子/侄女 表哥/表姐 表弟/表妹 堂哥/堂姐 堂弟/堂妹 大哥/大姐",
);
export const chineseKinOneWay = pairs("舅舅/姨妈 姨妈/舅舅 姑姑/叔叔 姑妈/伯父 儿媳/女婿 外孙子/外孙女");
export const chinesePersons = pairs(
  "男人/女人 男孩子/女孩子 男孩/女孩 男生/女生 男性/女性 男的/女的 小男孩/小女孩 小伙子/姑娘 帅哥/美女 大爷/大妈 老先生/老太太 男子/女子 男婴/女婴 男童/女童 男患者/女患者 男病人/女病人",
);
export const chinesePersonsOneWay = pairs("小姑娘/小男孩 小伙/姑娘");
/** After 我, 他, 孩子他 … these are somebody's: 我妈, 她大哥, 孩子他爸. */
export const kinSyllables = pairs("爸/妈 哥/姐 弟/妹");

/** Surnames, for 王先生 and 李女士. */
export const surnames =
  "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文区欧阮楼翁岳";

/** What holds one of the words and means nobody of that kind: skipped as a whole. */
export const otherSenses =
  "其他 吉他 他人 他乡 维他 排他 利他 他杀 他日 他国 他处 他用 他项 他律 他山 他者 无他 他方 他妈的 她妈的 他汀 他啶 他莫昔芬 他克莫司 他达拉非 他韦 他林 他定 他唑 他滨 塔利他 他加禄 他们 她们 他行 他店 他校 他院 他科 他省 他市 父母亲 妈妈拍 四姑娘 妇女儿童 女子大学 女子高 女性向 男性向 少女 小女子 马耳他 父亲节 母亲节 母亲河 祖国母亲 女儿国 女儿墙 女儿红 孙子兵法 男女 子女 儿女 女神 男神 女装 男装 女鞋 男鞋 女足 男足 女排 男排 女篮 男篮 女单 男单 女双 男双 女子组 男子组 女子篮 男子篮 女子排 男子排 女子足 男子足 女子网 男子网 女子单 男子单 女子双 男子双 女子体 男子体 男子气 男子汉 女子学院 女人街 女人节 女生节 女强人 弟子 姐妹花 兄弟公司 好男儿 男高音 女高音 男中音 女中音 女娲 织女".split(
    " ",
  );

/** Conditions and roles of one sex: where one stands, what else is said of the person could contradict it. */
export const staysChinese =
  /[·•姝]|老伴|老子|强奸|男|女|皇帝|皇后|太后|妃|公主|王子|国王|太子|太监|怀孕|孕[妇期]|受孕|产[妇后]|生孩子|坐月子|分娩|流产|人流|剖[腹宫]产|顺产|哺乳|喂奶|母乳|月经|痛经|例假|大姨妈|姨妈痛|经期|闭经|绝经|更年期|白带|子宫|宫颈|宫外孕|卵巢|输卵管|阴道|外阴|妇科|妇产|乳[腺房头]|胸罩|前列腺|阴茎|睾丸|包皮|精[子液]|射精|遗精|早泄|阳痿|勃起|壮阳|胡[子须]|新[娘郎]|寡妇|太太|夫人|妇[人女]|媳妇|嫂|婶|姑[父丈]|姨[父夫]|姐夫|妹夫|舅妈|先生|小姐|爵士|和尚|尼姑|神父|耶稣|上帝|佛祖|老爷|少爷|丫头|哥们|姐妹|兄弟|汉子|公公|婆婆|娘/u;

/** What shows that 他 or 她 is a person: both are also written for things (它). */
export const humanCue =
  /[说称哭笑睡岁患病医疼咳烧吐晕痒妻夫父母爸妈儿女哥姐弟妹]|头痛|痛得|觉得|感到|表示|告诉|认为|介绍|透露|坦言|记者|希望|先生|老师|同学|学生|经理|总裁|主席|主任|教授|教练|球员|队员|队长|选手|冠军|导演|演员|作家|作者|画家|诗人|艺术家|市民|客户|业主|老板|员工|职员|工人|农民|朋友|同事|警方|民警|本人|自己|身份证|手机|电话|接到|带着|坐在|家里|回家/u;
