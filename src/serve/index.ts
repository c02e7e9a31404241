// Serves models: verified at the door, answered by a thread each, over the protocols that clients speak.

export { addKey, type Grant, grants, type KeyEntry, type NewKey, readKeys, removeKey } from "./access/keys.ts";
export { configuredServer, environmentConfig, readServeConfig, type ServeConfig } from "./config.ts";
export { type Deployed, type DeployOptions, deployRelease } from "./deploy/deploy.ts";
export type { Loaded } from "./fleet/models.ts";
export type { ServedPath } from "./fleet/paths.ts";
export { type Call, defineRoute, type Reply, type Role, type ServedRoute } from "./http/route.ts";
export { servedFolder } from "./model/source.ts";
export { logLine, type RequestFacts } from "./operate/request-facts.ts";
export { type Replicas, startReplicas } from "./replicas/primary.ts";
export { type Replica, replicaOf } from "./replicas/replica.ts";
export { type RunningServer, type ServerOptions, startServer } from "./server.ts";
export type { WatchOptions } from "./watch/watcher.ts";
