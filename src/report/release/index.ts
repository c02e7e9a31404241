// What a passport says, for readers of different kinds.
export { aiRmfFile } from "./ai-rmf.ts";
export { annexIvFile } from "./annex-iv.ts";
export { mlBom } from "./ml-bom.ts";
export { modelCard } from "./model-card.ts";
export { type Decision, plainPage } from "./plain-page.ts";
export { notEvidenced } from "./requirements.ts";
export { signedPage, signPage } from "./sign-page.ts";
export { studyPage } from "./study-page.ts";
export { amountOf, boundWords, valueWords } from "./value-words.ts";
