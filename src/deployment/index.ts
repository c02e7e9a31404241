// Models as public folders for pages, and files that deploy a release on other systems. The reader of folders is in `web/`, what writes is in the rooms `runs` and `cli`.

export * from "./files/index.ts";
export * from "./manifest.ts";
