// What `concord models` says.
export const modelsMessages = {
  "models.local": { en: "Models in {folder}", zh: "{folder} 中的模型" },
  "models.cache": { en: "Models in the cache, {folder}", zh: "缓存 {folder} 中的模型" },
  "models.known": {
    en: "Public models that fit (facts of their pages; check the license before use)",
    zh: "适用的公开模型（信息来自其页面；使用前请核对许可证）",
  },
  "models.none": { en: "none", zh: "没有" },
  "models.noLicense": { en: "no license stated", zh: "未注明许可证" },
  "models.languages": { en: "{count} languages", zh: "{count} 种语言" },
  "models.images": { en: "images", zh: "图像" },
  "models.tested": { en: "tested with Concord", zh: "已用 Concord 测试" },
  "models.next": { en: "Download one: concord models get <name>", zh: "下载其中之一：concord models get <name>" },
  "adapters.merged": {
    en: "merged {count} adapters into the model in {folder}",
    zh: "已把 {count} 个适配器合并到 {folder} 中的模型",
  },
  "adapters.kept": {
    en: "wrote the model with its adapter to {folder}; Transformers does not know this kind of adapter",
    zh: "已把带适配器的模型写入 {folder}；Transformers 不认识这种适配器",
  },
  "adapters.joined": {
    en: "joined {count} adapters as one in {folder}",
    zh: "已把 {count} 个适配器合成一个，写入 {folder}",
  },
  "models.got": {
    en: "{repository} is in {folder}; every file is checked (commit {commit})",
    zh: "{repository} 已存入 {folder}；所有文件均已校验（提交 {commit}）",
  },
  "models.kept": {
    en: "{folder} has {repository} already (commit {commit})",
    zh: "{folder} 已有 {repository}（提交 {commit}）",
  },
  "models.license": { en: "license: {license}", zh: "许可证：{license}" },
  "models.fromCache": { en: "{count} files were copied from the cache", zh: "{count} 个文件取自缓存" },
  "models.unchecked": {
    en: "the server gave no checksum for: {files}. Only their sizes were checked",
    zh: "服务器未提供以下文件的校验和：{files}。仅核对了大小",
  },
  "models.use": { en: "in a recipe: model.from: {folder}", zh: "在配方中：model.from: {folder}" },
} as const;
