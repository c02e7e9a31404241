// Models of a hub (Hugging Face, its mirrors) as folders of this machine: named, listed, downloaded, checked. Knows no architecture.
export { type CachedModel, cachedModel, cachedModels, cacheFolder } from "./cache.ts";
export { type GetModelOptions, type GotModel, getModel, isOffline, type ModelSource, sourceFile } from "./get-model.ts";
export { type KnownModel, knownModels } from "./known-models.ts";
export { type LocalModel, localModels } from "./local-models.ts";
export { type ModelName, modelName } from "./model-name.ts";
