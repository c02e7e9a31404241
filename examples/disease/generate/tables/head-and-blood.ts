// Symptoms of head, heart, blood and sugar, as patients put them. How to read the table: ../symptoms.ts.

export const headAndBlood = `
headache
en a headache | a bad headache | a dull headache
do {my} head hurts | {my} head aches all day
no headache
zh 头疼 | 头痛得厉害 | 脑袋疼 | 头一直痛
无 头痛
isle a sore skull | a hammered skull
岛 头壳痛 | 头壳胀痛

onesided
en a throbbing pain on one side of the head | a pounding pain behind one eye
do one half of {my} head is pounding
no pain on one side of the head
zh 一侧头一跳一跳地疼 | 半边头痛 | 一边太阳穴突突跳
无 偏侧头痛
isle a drum in half the skull
岛 半爿头壳抽痛

aura
en zigzag lines in front of the eyes | flashing lights before the pain
do {I} see{s} flashing spots before it starts
no flashing lights
zh 眼前闪光 | 发作前看到锯齿线 | 先是眼前发花再头疼
无 眼前闪光
isle glitter in the een
岛 目睭前爁光

light
en a dislike of light and noise | sensitivity to light
do {I} {have} to lie in a dark room | every noise makes it worse
no trouble with light
zh 怕光怕吵 | 只能躺在黑屋子里 | 一见亮光就受不了
无 怕光
isle a hate of lamp and din
岛 惊光惊吵

band
en a tight band around the head | a pressure on both sides of the head | a squeezing feeling in the forehead
do it feels like a tight hat on {my} head
no pressure in the head
zh 头像被箍住一样 | 两边太阳穴发紧 | 额头有压迫感
无 头部发紧
isle a hoop round the skull
岛 头壳像箍住

neck
en a stiff neck | tense shoulders | sore neck muscles
do {my} neck and shoulders are tight
no stiff neck
zh 脖子僵硬 | 肩颈酸紧 | 后颈很紧
无 脖子僵
isle a wooden neck
岛 颔颈硬

stress
en a lot of stress at work | long days at the screen | little sleep lately
do it gets worse after a day at the computer
zh 最近压力大 | 看电脑久了更厉害 | 最近老熬夜 | 工作太累
isle a heavy load of toil
岛 做工太操劳

dizzy
en dizziness | dizzy spells | a spinning head
do {I} feel{s} dizzy when {I} stand{s} up | the room spins
no dizziness
zh 头晕 | 站起来就晕 | 天旋地转 | 头昏昏沉沉
无 头晕
isle a swimming skull | the deck sway
岛 头壳晕 | 乌暗眩

blurred
en blurred vision | trouble seeing clearly
do {my} eyesight has become blurry | everything looks fuzzy
no blurred vision
zh 看东西模糊 | 视力下降 | 眼睛发花
无 视物模糊
isle foggy een
岛 目睭雾

ringing
en ringing in the ears | a buzzing in the ears
do {my} ears ring
no ringing in the ears
zh 耳鸣 | 耳朵嗡嗡响 | 耳朵里一直有声音
无 耳鸣
isle bells in the lugs
岛 耳空嗡嗡叫

highreading
en a blood pressure of 165 over 100 | high readings at the pharmacy
do {my} home monitor shows 170 over 105
no high readings
zh 量血压165/100 | 在药店测血压偏高 | 家里血压计显示170/105
无 血压高
isle a high mark on the arm cuff
岛 压力量着很悬

palpitations
en palpitations | a racing heart | a pounding heart
do {my} heart races for no reason
no palpitations
zh 心慌 | 心跳很快 | 心脏怦怦跳
无 心慌
isle a galloping heart
岛 心肝噗噗跳

flushed
en a flushed face | a red hot face
do {my} face goes red
no flushing
zh 脸发红发热 | 面部潮红 | 脸总是涨红
无 面部潮红
isle a lobster face
岛 面红烧

nosebleed
en nosebleeds | a nosebleed this morning
do {my} nose bleeds now and then
no nosebleeds
zh 流鼻血 | 早上又流鼻血了 | 鼻子容易出血
无 流鼻血
isle a red leak from the nose
岛 流鼻血水

morninghead
en a headache at the back of the head in the morning | a heavy head on waking
do the back of {my} head throbs on waking
zh 早起后脑勺疼 | 睡醒头很沉 | 后枕部胀痛
isle a heavy skull at cockcrow
岛 透早后头壳痛

thirst
en a constant thirst | a dry mouth
do {I} drink{s} litres of water and {am} still thirsty
no unusual thirst
zh 老是口渴 | 喝多少水都渴 | 嘴巴发干
无 口渴
isle a salt-dry mouth | a thirst past quenching
岛 嘴焦 | 喉干一直灌水

frequentpee
en frequent trips to the toilet | a need to pee all the time
do {I} get{s} up four times a night to pee
no frequent urination
zh 尿频 | 一晚上起来四五次小便 | 老想上厕所
无 尿频
isle the endless bucket
岛 一直走便所 | 尿紧不停

weightloss
en weight loss without trying | loose clothes after losing 6 kilos
do {I} lost five kilos in two months
no weight loss
zh 体重掉了十斤 | 没减肥却瘦了 | 裤子都松了 | 最近明显消瘦
无 体重下降
isle a shrunken frame
岛 瘦落肉

hungry
en constant hunger | hunger soon after eating
do {I} eat{s} a lot and {am} still hungry
no unusual hunger
zh 总觉得饿 | 吃得多还饿 | 刚吃完又饿了
无 容易饿
isle a bottomless belly
岛 饿鬼一样一直食

slowheal
en a cut on the foot that won't heal | wounds that heal slowly
do {my} small cuts take weeks to close
no slow wounds
zh 伤口好得慢 | 脚上的口子一直不愈合 | 破皮好几周不收口
无 伤口难愈
isle a sore that stays open
岛 伤口不收埋

tingling
en tingling feet | numb toes | pins and needles in the feet
do {my} feet tingle at night
no tingling
zh 脚发麻 | 手脚像针扎 | 脚趾没知觉
无 手脚麻
isle sleepy feet | ants in the feet
岛 脚麻痹

pale
en pale skin | a pale face | pale gums
do everyone says {I} look{s} pale | {my} lips have no colour
no paleness
zh 脸色苍白 | 嘴唇没血色 | 别人都说脸色差
无 脸色苍白
isle a fish-belly face
岛 面色青白

coldhands
en cold hands and feet | icy fingers
do {my} hands are always cold
no cold hands
zh 手脚冰凉 | 手总是冷的 | 特别怕冷
无 手脚凉
isle eel-cold hands
岛 手脚冰冷冷

nails
en brittle nails | hair loss and brittle nails
do {my} nails keep breaking | {my} hair falls out
no brittle nails
zh 指甲容易断 | 头发掉得多 | 指甲变薄变脆
无 指甲脆
isle shell-thin nails
岛 指甲脆裂

ice
en a craving for ice | a sore smooth tongue
do {I} crave{s} ice cubes
no sore tongue
zh 老想嚼冰块 | 舌头发光又痛 | 想吃奇怪的东西
无 舌头痛
isle a yen for ice
岛 一直想咬冰

periods
en heavy periods | heavy bleeding at the last blood donation | a history of low iron
do {I} eat{s} hardly any meat
zh 以前查过缺铁 | 很少吃肉 | 上次体检说血红蛋白低
isle thin blood in the kin
岛 血气不够

faint
en a near faint | fainting spells
do {I} almost fainted yesterday | everything went black when {I} stood up
no fainting
zh 差点晕倒 | 眼前发黑 | 蹲下再站起来眼前一黑
无 晕倒
isle a swoon
岛 险险昏去
`;
