// Symptoms of skin, joints and tropical fevers, as patients put them. How to read the table: ../symptoms.ts.

export const skinAndJoints = `
rash
en a rash | red spots on the chest and arms | a blotchy rash
do {I} {am} covered in red spots | a rash has come out all over {my} body
no rash
zh 身上起红疹 | 胸口和胳膊有红点 | 皮疹 | 浑身起小红点
无 皮疹
isle a strawberry skin | speckles all over
岛 周身出红珠 | 皮肤出粒仔

eyepain
en pain behind the eyes | aching eyeballs
do it hurts behind {my} eyes when {I} look{s} sideways
no pain behind the eyes
zh 眼眶疼 | 眼球后面痛 | 转眼珠就疼
无 眼眶痛
isle sore een-sockets
岛 目睭底痛

bonepain
en terrible bone and joint pain | pain as if the bones were breaking
do {my} bones hurt so badly that {I} can't stand
no bone pain
zh 骨头关节疼得厉害 | 像骨头断了一样疼 | 骨节剧痛
无 骨头痛
isle cracked bones
岛 骨节痛到欲裂

gums
en bleeding gums | bruises without a knock
do {my} gums bleed when {I} brush{es}
no bleeding gums
zh 牙龈出血 | 身上莫名瘀青 | 刷牙出血
无 牙龈出血
isle red teeth
岛 牙槽出血 | 乌青一块一块

mosquito
en a lot of mosquito bites | a trip to the tropics two weeks ago
do there are mosquitoes everywhere at {my} place
no mosquito bites
zh 被蚊子咬了很多包 | 两周前去过东南亚 | 家附近蚊子很多
无 蚊子叮咬
isle midge bites by the score
岛 给蚊仔叮满身

cyclic
en a fever every second day | attacks of fever at the same hour
do the fever goes and comes back every other day
zh 隔一天发一次烧 | 发烧退了又来，有规律 | 每到下午同一时间就烧
isle the turn-about burnings
岛 隔日起热一摆

stages
en shaking, then heat, then sweat | violent shaking before the fever
do first {I} shake{s}, then {I} burn{s}, then {I} sweat{s}
zh 先冷得发抖，再高烧，然后大汗 | 先打摆子再发热出汗
isle shakes then fire then flood
岛 先寒后热才出汗

blisters
en small blisters | itchy blisters on the body | fluid-filled spots
do blisters keep coming up on {my} back and face
no blisters
zh 起小水泡 | 身上冒水疱 | 红点变成了水泡
无 水泡
isle water-beads on the skin
岛 出水珠 | 起水泡仔

crusts
en spots that turn into scabs | new spots next to old scabs
do the first spots are crusting over
no scabs
zh 有的已经结痂 | 水泡破了结痂 | 新疹子和结痂的都有
无 结痂
isle barnacles where the beads were
岛 水珠结疕

school
en chickenpox going round at school | a class with several ill children
do others in the class have it too
zh 班里好几个孩子也这样 | 幼儿园有人得了 | 同事的孩子刚得过
isle a schoolroom full of it
岛 学堂里很多囝仔也有

itch
en a bad itch | itching all night | terribly itchy skin
do it itches so much that {I} can't sleep | {I} scratch{es} until it bleeds
no itching
zh 痒得睡不着 | 皮肤很痒 | 抓得出血了 | 奇痒无比
无 瘙痒
isle the crawling skin
岛 皮肤痒到爬 | 痒死人

dryskin
en dry cracked skin | rough dry patches
do {my} skin is dry and cracks
no dry skin
zh 皮肤干燥开裂 | 皮肤粗糙发干 | 手上干得裂口
无 皮肤干燥
isle a fish-scale dryness
岛 皮焦裂开

creases
en red patches in the bends of the elbows | an itchy rash behind the knees
do the inside of {my} elbows is red and raw
no patches in the elbows
zh 胳膊肘窝发红 | 膝盖后面起红斑 | 肘弯里又红又痒
无 肘窝发红
isle red in the elbow-crooks
岛 手曲红红 | 脚曲痒

oozing
en weeping skin | patches that ooze
do the patches ooze when {I} scratch{es}
no oozing
zh 抓破后流水 | 皮肤渗液 | 一抓就流黄水
无 渗液
isle skin that weeps brine
岛 抓了流汤

soap
en worse skin after a new soap | hay fever and asthma in the family
do wool and soap make it worse
zh 换了洗衣液更严重 | 从小就过敏 | 一出汗就加重
isle a skin that hates lye
岛 沾着肥皂就犯

plaques
en thick silvery scales on the elbows | scaly plaques on the knees | raised red patches with white scales
do {my} elbows are covered in silvery scales
no scaly patches
zh 胳膊肘上有厚厚的银白色皮屑 | 膝盖上一块块红斑盖着白屑 | 斑块上一层层掉皮
无 银屑
isle silver fish-scale on the elbows
岛 手肘银屑一层层

scalp
en flakes on the scalp | a scaly scalp
do {my} scalp sheds flakes like snow
no flakes on the scalp
zh 头皮屑一片片掉 | 头皮起厚屑 | 发际线有红斑
无 头皮屑
isle snow on the scalp
岛 头皮落雪

nailpits
en pitted nails | thick yellow nails
do {my} nails have little dents
no pitted nails
zh 指甲上有小坑 | 指甲变厚变黄 | 指甲像顶针一样
无 指甲凹坑
isle dimpled nails
岛 指甲凹凹

bigtoe
en an extremely painful big toe | a swollen big toe
do {my} big toe is red and throbbing | even the sheet on {my} toe hurts
no pain in the toe
zh 大脚趾疼得要命 | 大脚趾关节又红又肿 | 脚趾碰一下床单都疼
无 脚趾痛
isle a crab on the great toe
岛 大脚拇趾红肿痛

hotjoint
en a hot red joint | a hot swollen ankle
do {my} ankle is hot and red
no hot joints
zh 关节红肿发热 | 脚踝又烫又肿 | 关节摸着发烫
无 关节红热
isle an ember in the joint
岛 骨节烧烫烫

swollenjoint
en swollen joints | a swollen knee
do {my} joints are swollen
no swollen joints
zh 关节肿 | 膝盖肿了 | 关节胀得弯不了
无 关节肿
isle puffed knuckles and knees
岛 骨节肿起来

nightattack
en a joint pain that began in the middle of the night | a sudden attack at night
do it woke {me} at night from one hour to the next
zh 半夜突然疼起来的 | 夜里关节痛醒 | 睡前还好好的，后半夜发作
isle a bolt in the night
岛 半暝忽然发作

beer
en a lot of beer and seafood last night | a big barbecue the day before
do it came after an evening of beer and shellfish
zh 前一天喝了啤酒吃了海鲜 | 聚餐喝酒之后发作 | 体检尿酸偏高
isle a night of ale and crab
岛 啉酒食海味以后

morningstiff
en stiffness in the morning for over an hour | stiff hands on waking
do {my} hands are stiff until noon
no morning stiffness
zh 早上手指僵硬一个多小时 | 晨僵 | 起床时关节发硬
无 晨僵
isle rusted hands at cockcrow
岛 透早手骨硬

smalljoints
en pain in the small joints of both hands | sore knuckles on both sides | painful wrists and fingers
do both {my} wrists and knuckles hurt
no pain in the fingers
zh 两只手的小关节都疼 | 双手指关节对称性疼 | 手腕和指节疼
无 手指关节痛
isle sore knuckles port and starboard
岛 两爿手骨节痛

grip
en a weak grip | trouble opening jars
do {I} can't open a bottle | {I} drop{s} cups
no weak grip
zh 手没劲拧不开瓶盖 | 拿杯子都拿不稳 | 握拳使不上力
无 握力差
isle a grip like wet rope
岛 手没力，捻不开瓶盖

kneepain
en painful knees | pain when climbing stairs
do {my} knees hurt on the stairs
no knee pain
zh 膝盖疼 | 上下楼膝盖痛 | 蹲下起来膝盖响
无 膝盖痛
isle knees that grind
岛 脚头趺痛
`;
