// Models as public folders for pages: what such a folder holds. Its reader is in `web/`, its writer in the room `runs`.
export * from "./manifest.ts";
