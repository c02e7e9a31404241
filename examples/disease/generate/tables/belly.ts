// Symptoms of stomach, bowel and bladder, as patients put them. How to read the table: ../symptoms.ts.

export const belly = `
nausea
en nausea | a queasy stomach | waves of nausea
do {I} feel{s} sick | {I} feel{s} like throwing up
no nausea
zh 恶心 | 想吐 | 一阵阵反胃 | 胃里翻江倒海
无 恶心
isle a rolling belly | the seasick feel
岛 腹内滚 | 想欲呕

vomiting
en vomiting | vomiting after every meal
do {I} can't keep anything down | {I} threw up three times
no vomiting
zh 呕吐 | 吃什么吐什么 | 吐了三次 | 喝水也吐
无 呕吐
isle the heaves | feeding the fishes
岛 呕了又呕 | 食了就呕

diarrhoea
en diarrhoea | watery stools | loose stools since last night
do {I} {have} been to the toilet eight times | everything runs straight through {me}
no diarrhoea
zh 拉肚子 | 一天拉了七八次水样便 | 腹泻 | 大便稀得像水
无 腹泻
isle the runs and trots | a loose keel
岛 落屎 | 泻腹

cramps
en stomach cramps | cramps around the belly button | a crampy belly
do {my} stomach cramps before {I} go{es}
no cramps
zh 肚子一阵阵绞痛 | 肚脐周围疼 | 肚子抽着疼
无 肚子痛
isle the gripes | a wrung belly
岛 腹肚绞 | 肚脐边绞痛

badfood
en a bad feeling about the seafood we had | others in the family with the same
do it started after a takeaway | {my} whole table got ill
zh 可能吃坏东西了 | 吃了路边摊之后开始的 | 家里人也这样 | 昨天吃了不新鲜的海鲜
isle a foul catch for supper
岛 食着歹物件

bloating
en bloating | a swollen belly | a lot of gas
do {my} belly is bloated after meals
no bloating
zh 肚子胀 | 胀气 | 吃完就腹胀
无 腹胀
isle a blown-up belly
岛 腹肚澎澎

heartburn
en heartburn | a burning behind the breastbone | a burning chest after meals
do it burns behind {my} breastbone after eating
no heartburn
zh 烧心 | 胸骨后面火烧一样 | 饭后胸口灼热
无 烧心
isle an ember in the breast
岛 火烧心 | 心肝头烧

sour
en a sour taste in the mouth | acid coming up at night
do sour liquid comes up into {my} throat | acid comes up when {I} lie{s} down
no acid coming up
zh 反酸 | 酸水往上涌 | 躺下就返酸水 | 嘴里发酸
无 反酸
isle a sour tide in the gullet
岛 溢酸水 | 嘴内酸

belching
en belching | frequent burping
do {I} burp{s} all the time
no belching
zh 打嗝 | 老嗳气 | 饭后不停打嗝
无 打嗝
isle the rifts
岛 拍呃 | 呃不停

lump
en a feeling of a lump in the throat | food that feels stuck
do {I} {am} always clearing {my} throat
no lump in the throat
zh 嗓子像有东西堵着 | 老想清嗓子 | 咽东西有异物感
无 咽部异物感
isle a pebble in the gullet
岛 喉头鲠着

hungerpain
en a gnawing pain on an empty stomach | pain under the breastbone that food relieves
do {my} stomach hurts when it is empty | eating makes the pain go away for an hour
no pain on an empty stomach
zh 空腹时上腹痛 | 饿的时候胃疼，吃点东西就好 | 饭前胃隐隐作痛
无 空腹痛
isle a rat gnawing the empty belly
岛 空腹肚就痛 | 枵的时阵胃刺

upperpain
en a pain in the upper belly | a burning stomach ache | pain in the pit of the stomach
do the top of {my} stomach hurts
no pain in the upper belly
zh 上腹部疼 | 胃疼 | 心口窝痛 | 胃里火辣辣的
无 胃痛
isle a sore belly-top
岛 胃头痛 | 心窝痛

blackstool
en black tarry stools | dark sticky stools
do {my} stools have turned black
no black stools
zh 大便发黑 | 拉柏油样的黑便 | 黑便两天了
无 黑便
isle tar in the pan
岛 屎乌乌

nightpain
en a stomach ache that wakes {me} at 2 am | pain in the stomach at night
do the stomach pain wakes {me} in the small hours
no stomach pain at night
zh 半夜胃疼醒 | 夜里一两点胃痛
无 夜间胃痛
isle the midnight gnaw
岛 半暝胃痛醒

painkillers
en a lot of ibuprofen for my back | too many painkillers lately
do {I} {have} been taking painkillers for weeks
zh 最近一直吃止痛药 | 布洛芬吃了好几周
isle a pocket of pain pills
岛 止痛药食很久

lowerright
en a sharp pain low on the right side | pain in the lower right belly
do the lower right of {my} belly hurts when pressed | the pain is now on the lower right
no pain on the right side
zh 右下腹疼 | 右下肚子一按就疼 | 疼跑到右下边了
无 右下腹痛
isle a stab in the starboard belly
岛 正爿下腹痛

moves
en a pain that began at the navel and moved
do it started around {my} navel and then moved down
zh 先是肚脐疼后来转移了 | 一开始在肚脐周围，后来往下移
isle a pain that drifts from the navel
岛 自肚脐徙去边仔痛

movement
en pain that gets worse with every step | pain when coughing or jumping
do {I} can't stand up straight | every bump in the road hurts
zh 走路都疼得弯腰 | 一咳嗽肚子更疼 | 疼得直不起腰
isle a pain that bites with each step
岛 行路就抽痛

constipation
en constipation | no bowel movement for four days
do {I} can't go to the toilet
no constipation
zh 便秘 | 好几天没大便 | 大便干
无 便秘
isle a stopped hold
岛 放不出屎

burningpee
en burning when peeing | stinging urination | pain when passing water
do it burns when {I} pee{s}
no burning when peeing
zh 小便时灼痛 | 尿尿火辣辣地疼 | 排尿刺痛
无 尿痛
isle fire in the bucket
岛 放尿刺痛 | 放尿烧烧

urgent
en a sudden urge to pee | only a few drops each time
do {I} {have} to run to the toilet and hardly anything comes
no urgency
zh 尿急憋不住 | 每次只尿一点点 | 刚尿完又想尿
无 尿急
isle drips and no flood
岛 尿滴滴 | 忍不住尿

cloudypee
en cloudy urine | foul smelling urine
do {my} pee smells bad and looks cloudy
no cloudy urine
zh 尿液浑浊 | 尿有异味 | 小便颜色很浑
无 尿浑
isle murky water in the bucket
岛 尿浊臭味重

bloodpee
en blood in the urine | pink urine
do {my} pee is pink
no blood in the urine
zh 尿血 | 小便发红 | 尿里带血
无 血尿
isle red water in the bucket
岛 尿红红

lowerbelly
en pressure in the lower belly | an ache above the pubic bone
do {my} lower belly aches
no pain in the lower belly
zh 小腹坠胀 | 下腹部隐痛 | 小肚子胀疼
无 小腹痛
isle a sagging low belly
岛 下腹坠坠

flank
en a terrible pain in the side of the back | flank pain | pain under the ribs at the back
do {my} side and back are killing {me}
no flank pain
zh 一侧腰剧痛 | 后腰痛得打滚 | 腰部绞痛
无 腰痛
isle a gaff in the loin
岛 腰边绞痛

groin
en pain that shoots into the groin | pain from the back down to the groin
do the pain runs down into {my} groin
no pain in the groin
zh 疼到大腿根 | 从腰往下腹放射痛 | 疼痛窜到腹股沟
无 腹股沟痛
isle a pain that runs to the fork
岛 痛牵到大腿头

colic
en pain that comes in waves | pain so bad that {I} can't sit still
do {I} pace{s} up and down with the pain | it comes and goes in waves
zh 疼痛一阵一阵的 | 疼得坐立不安 | 怎么躺都不舒服
isle a pain like breakers
岛 痛一波一波来

yelloweyes
en yellow eyes | a yellowish skin
do {my} eyes look yellow
no yellow eyes
zh 眼白发黄 | 皮肤有点黄
无 皮肤发黄
isle egg-yolk een
岛 目睭黄
`;
