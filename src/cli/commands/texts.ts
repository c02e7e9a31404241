// Help that several commands share.

export const recipeFile = { en: "recipe file (default: recipe.yaml)", zh: "配方文件（默认 recipe.yaml）" } as const;
export const setKey = {
  en: "set a key of the recipe, such as adapt.epochs=3 (null: remove it)",
  zh: "设置配方中的键，如 adapt.epochs=3（null 表示去掉）",
} as const;
export const noStore = {
  en: "do not reuse or store results of other runs",
  zh: "不复用也不存储与其他运行共享的结果",
} as const;
export const runFolder = { en: "run folder", zh: "运行文件夹" } as const;
export const runOrModel = { en: "run folder or model folder", zh: "运行文件夹或模型文件夹" } as const;
export const encoding = {
  en: "character encoding of the table (default: detected)",
  zh: "表格的字符编码（默认自动检测）",
} as const;
export const sheet = {
  en: "sheet of an Excel workbook (default: the only one that holds something)",
  zh: "Excel 工作簿中的工作表（默认为唯一有内容的工作表）",
} as const;
export const delimiter = {
  en: "field delimiter of a CSV table (default: detected from the header)",
  zh: "CSV 表格的字段分隔符（默认由表头检测）",
} as const;
export const groupOfTexts = {
  en: "group of the texts, for models with group thresholds",
  zh: "文本所属的分组，用于按分组设阈值的模型",
} as const;
export const device = {
  en: "compute device: cpu or gpu (default: cpu)",
  zh: "计算设备：cpu 或 gpu（默认 cpu）",
} as const;
export const decimal = {
  en: "decimal mark of the table, . or , (with a comma, 1.234,5 is read; default: a point)",
  zh: "表中数值的小数点符号，. 或 ,（取逗号时可读取 1.234,5；默认为点）",
} as const;
export const policyFile = { en: "policy file", zh: "策略文件" } as const;
export const logFolder = { en: "folder of the append-only log", zh: "只追加日志所在文件夹" } as const;
export const timestamp = {
  en: "address of a time stamp authority (RFC 3161) that stamps the signatures",
  zh: "为签名加盖时间戳的机构（RFC 3161）的地址",
} as const;
export const signingKey = {
  en: "private key for signing; repeatable",
  zh: "用于签名的私钥，可重复给出",
} as const;
export const enrolmentFolder = { en: "enrolment folder", zh: "注册文件夹" } as const;
export const siteValues = { en: "consent to publish your own test scores", zh: "同意公开本机构的测试得分" } as const;
export const coordinatorFolder = { en: "coordinator folder", zh: "协调方的文件夹" } as const;
export const folderOfRuns = { en: "folder with runs (default: runs)", zh: "存放运行的文件夹（默认 runs）" } as const;

export const chargeLog = {
  en: "append-only log: each charge of private training is signed into it before its steps run",
  zh: "只追加日志：私有训练的每次消耗在执行之前签名记入",
};

export const chargeKey = { en: "private key that signs these charges", zh: "为这些消耗签名的私钥" };
