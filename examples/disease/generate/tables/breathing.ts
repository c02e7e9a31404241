// Symptoms of fever, nose, throat and lungs, as patients put them. How to read the table: ../symptoms.ts.

export const breathing = `
fever
en a fever of 39 | a high temperature | a fever that won't break
do {I} {am} burning up | {my} temperature keeps climbing
no fever
zh 发烧39度 | 一直高烧不退 | 体温很高 | 浑身发烫
无 发烧
isle the burnings | a hot brow all night
岛 身上滚烧 | 起热头

lowfever
en a slight fever | a temperature of 37.8 | a low fever in the evenings
do {I} {am} a bit warm
no temperature
zh 有点低烧 | 体温37度8 | 下午有些低热 | 稍微发烧
无 低烧
isle a wee burning | a lukewarm brow
岛 温温热 | 起小热头

chills
en chills | the shivers | cold shivers
do {I} can't stop shivering | {I} shiver{s} even under two blankets
no chills
zh 发冷打寒战 | 浑身发抖 | 盖两床被子还冷 | 一阵阵怕冷
无 发冷
isle the ague shakes | the bone rattles
岛 畏寒打颤 | 起冷颤

sweats
en night sweats | drenching sweats | heavy sweating
do {I} wake{s} up soaked in sweat | {my} pyjamas are wet every night
no sweats
zh 大汗淋漓 | 夜里出很多汗 | 睡衣都湿透了 | 盗汗
无 出汗
isle the wet nights | a sea of sweat
岛 汗流满身 | 半暝出汗

fatigue
en no energy | constant tiredness | total exhaustion
do {I} {am} tired all day | {I} could sleep all day | {I} feel{s} worn out
no tiredness
zh 整天没力气 | 特别累 | 浑身乏力 | 总想睡觉
无 乏力
isle a slack body | bones full of sand
岛 身子软趴趴 | 人很瘫软

aches
en aching muscles | body aches | sore arms and legs
do {my} whole body aches | every muscle hurts
no body aches
zh 全身酸痛 | 肌肉酸疼 | 浑身像被打过一样 | 腰酸背痛
无 浑身酸痛
isle a threshed body | sore sinews
岛 周身酸软 | 筋骨都酸

appetite
en no appetite | a loss of appetite
do {I} hardly eat{s} anything | food doesn't interest {me}
no loss of appetite
zh 没胃口 | 吃不下东西 | 不想吃饭 | 食欲很差
无 食欲不振
isle a shut mouth | no want for victuals
岛 吃不落饭 | 嘴里没味

drycough
en a dry cough | a tickly cough | a cough with nothing coming up
do {I} keep{s} coughing but nothing comes up | {I} cough{s} all day
no cough
zh 干咳 | 一直咳嗽没有痰 | 嗓子痒就咳 | 咳个不停
无 咳嗽
isle a barking tickle | the dry hack
岛 空咳 | 嗽得没痰

phlegm
en a cough with yellow phlegm | a wet cough | thick mucus when coughing
do {I} cough{s} up green stuff | {I} bring{s} up phlegm every morning
no phlegm
zh 咳黄痰 | 咳嗽有浓痰 | 早上咳出很多痰 | 痰是绿色的
无 痰
isle the slimy hack | gobs in the chest
岛 嗽出浓涎 | 喉里一团涎

rustyphlegm
en rust-coloured phlegm | streaks of blood in the phlegm
do {I} coughed up something brownish
no blood in the phlegm
zh 痰里带血丝 | 咳出铁锈色的痰 | 痰有点发红
无 痰中带血
isle rusty gobs
岛 涎里见红

breathless
en shortness of breath | trouble breathing | breathlessness on the stairs
do {I} can't catch {my} breath | {I} get{s} out of breath walking
no shortness of breath
zh 喘不上气 | 气短 | 爬楼就喘 | 呼吸费劲
无 气短
isle a short wind | no wind in {me}
岛 接不上气 | 气紧

wheeze
en wheezing | a whistling chest | wheezing when breathing out
do {my} chest whistles | {I} wheeze{s} at night
no wheezing
zh 喘起来有哮鸣声 | 胸口呼噜呼噜响 | 呼气时有哨音 | 夜里喘鸣
无 喘鸣
isle a piping chest | the kettle song in the chest
岛 胸坎咻咻叫 | 气管吹哨

chesttight
en a tight chest | tightness in the chest | pressure on the chest
do {my} chest feels tight | it feels like someone sits on {my} chest
no chest tightness
zh 胸闷 | 胸口发紧 | 胸口像压了块石头
无 胸闷
isle a girdled chest | a stone on the ribs
岛 心肝头闷 | 胸坎紧

chestpain
en a stabbing pain when breathing in | chest pain when coughing | a sharp pain in the side of the chest
do it hurts in {my} chest when {I} breathe{s} deeply
no chest pain
zh 深呼吸时胸口刺痛 | 咳嗽时胸痛 | 一侧胸口疼
无 胸痛
isle a knife in the ribs | a rib stitch with each breath
岛 胸坎刺 | 吸气时肋边痛

trigger
en attacks after running | trouble with dust and cat hair | worse breathing in cold air
do it starts whenever {I} exercise{s} | cold air sets it off
zh 一运动就发作 | 闻到灰尘就犯 | 吸冷空气就难受 | 换季就犯
isle fits from dust and cold wind
岛 遇冷风就发 | 沾灰就犯

nightcough
en a cough that wakes {me} at night | coughing fits at night
do {I} cough{s} most at three in the morning
no cough at night
zh 夜里咳醒 | 晚上咳得睡不着 | 半夜咳得厉害
无 夜里咳嗽
isle the midnight hack
岛 半暝嗽醒

runnynose
en a runny nose | a dripping nose | clear snot all day
do {my} nose won't stop running
no runny nose
zh 流鼻涕 | 清鼻涕流个不停 | 鼻涕像水一样
无 流鼻涕
isle a leaking nose | a tap of a nose
岛 鼻水一直滴 | 流鼻水

blockednose
en a blocked nose | a stuffy nose | nasal congestion
do {I} can't breathe through {my} nose
no blocked nose
zh 鼻塞 | 鼻子不通气 | 两边鼻孔都堵着
无 鼻塞
isle a corked nose | a nose shut tight
岛 鼻空塞住 | 鼻仔不通

sneezing
en sneezing fits | constant sneezing | ten sneezes in a row
do {I} sneeze{s} every morning
no sneezing
zh 打喷嚏 | 一连打十几个喷嚏 | 早上起来喷嚏不断
无 打喷嚏
isle the tishoos | sneeze after sneeze
岛 拍咳啾 | 哈啾不停

itchyeyes
en itchy eyes | watery eyes | red itchy eyes
do {my} eyes itch and water
no itchy eyes
zh 眼睛痒 | 眼睛又红又痒 | 老流眼泪
无 眼睛痒
isle prickly een | weeping een
岛 目睭痒 | 目睭出水

itchynose
en an itchy nose | an itch inside the nose
do {my} nose itches when {I} go{es} outside | {my} nose itches near flowers
no itchy nose
zh 鼻子痒 | 鼻腔里发痒 | 一出门鼻子就痒
无 鼻子痒
isle a prickly nose
岛 鼻空痒

season
en the same trouble every spring | symptoms only when pollen is about
do it always comes in spring | it gets better indoors
zh 每年春天都这样 | 花粉多的时候更重 | 在家里就好些
isle the blossom-time trouble
岛 年年开花时就犯

facepain
en pressure around the eyes and cheeks | facial pain | pain in the cheekbones
do {my} face hurts when {I} bend{s} down | {my} cheeks feel full and sore
no facial pain
zh 脸颊胀痛 | 低头时额头和脸更疼 | 眼眶周围有压迫感
无 脸颊胀痛
isle a bruised-up face | a heavy mask on the cheeks
岛 面颊胀 | 头低落去面就痛

thicksnot
en thick green snot | yellow discharge from the nose | mucus running down the throat
do green stuff comes out of {my} nose
no discharge from the nose
zh 流黄脓鼻涕 | 鼻涕又黄又稠 | 鼻涕倒流到嗓子里
无 脓鼻涕
isle a green leak from the nose
岛 鼻脓 | 流青鼻

nosmell
en no sense of smell | a lost sense of smell
do {I} can't smell anything | food tastes of nothing
no loss of smell
zh 闻不到味道 | 嗅觉没了 | 吃东西没味儿
无 嗅觉减退
isle a dead nose
岛 鼻仔闻无味

toothache
en an ache in the upper teeth | a bad smell in the nose
do {my} upper teeth ache
no toothache
zh 上牙也跟着疼 | 鼻子里有臭味 | 上排牙酸胀
无 牙痛
isle aching top teeth
岛 顶排牙齿痛

sorethroat
en a sore throat | a scratchy throat | a raw throat
do {my} throat hurts | {my} throat feels like sandpaper
no sore throat
zh 嗓子疼 | 喉咙痛 | 咽喉又干又痛 | 嗓子像刀割
无 嗓子疼
isle a rasped gullet | a raw swallow-pipe
岛 喉咙空痛 | 喉头刺

swallow
en pain when swallowing | trouble swallowing
do it hurts to swallow even water
no pain when swallowing
zh 咽口水都疼 | 吞咽困难 | 喝水都咽不下去
无 吞咽痛
isle a gullet that won't take water
岛 吞嘴涎都痛

whitespots
en white spots on the tonsils | swollen red tonsils
do {my} tonsils are swollen with white bits on them
no white spots on the tonsils
zh 扁桃体肿大有白点 | 扁桃体化脓 | 喉咙里看到白色脓点
无 扁桃体化脓
isle white grit on the gullet
岛 喉咙两边肿有白膜

glands
en swollen glands in the neck | lumps under the jaw
do the glands in {my} neck are swollen and tender
no swollen glands
zh 脖子淋巴结肿 | 下巴下面有肿块 | 颈部摸到疙瘩还痛
无 淋巴结肿大
isle knots under the jaw
岛 颔下起核

hoarse
en a hoarse voice | a lost voice
do {my} voice is nearly gone
no hoarse voice
zh 声音嘶哑 | 说话声音都变了 | 快说不出话了
无 声音嘶哑
isle a crow's voice
岛 声梢 | 讲话没声
`;
