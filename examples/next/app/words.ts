// What the page says, in English and Chinese.
export type Language = "en" | "zh";

export const words = {
  title: { en: "Ask the model", zh: "询问模型" },
  about: {
    en: "The model runs in this page. What you type stays on your device.",
    zh: "模型在本页面中运行，您输入的内容不会离开您的设备。",
  },
  label: { en: "Your text", zh: "您的文本" },
  ask: { en: "Predict", zh: "预测" },
  answer: { en: "Prediction", zh: "预测结果" },
  loading: { en: "Loading the model", zh: "正在加载模型" },
  ready: { en: "Ready", zh: "就绪" },
  failed: { en: "The model could not be loaded.", zh: "模型加载失败。" },
} as const;
