// concord models: what is on this machine, what is known, and one downloaded.
import { join } from "node:path";
import { alignedColumns, visible } from "../../base/index.ts";
import { cachedModels, cacheFolder, getModel, knownModels, localModels, modelName } from "../../hub/index.ts";
import { say } from "../../messages/index.ts";
import { asCalled } from "../as-called.ts";
import { type CommandContext, writeResult } from "../context.ts";
import { untilInterrupted } from "../interrupted.ts";
import { progress } from "../progress.ts";
import { bytes } from "../sizes.ts";

/** Models in `folder`, in the cache of the Hugging Face tools, and public ones that fit. */
export async function listModels(folder = "models", context: CommandContext): Promise<void> {
  const { language, env } = context;
  const local = await localModels(folder);
  const cached = await cachedModels(cacheFolder(env));
  writeResult(context, { folder, local, cached, known: knownModels }, () => {
    const part = (title: string, lines: readonly (readonly string[])[]) =>
      [title, ...alignedColumns(lines).map((line) => `  ${visible(line)}`)].join("\n");
    const none = [[say(language, "models.none")]];
    return [
      part(
        say(language, "models.local", { folder }),
        local.length ? local.map((m) => [m.folder, m.architecture ?? "–", bytes(m.sizeBytes), m.source ?? ""]) : none,
      ),
      part(
        say(language, "models.cache", { folder: cacheFolder(env) }),
        cached.length ? cached.map((m) => [m.repository, m.commit.slice(0, 8)]) : none,
      ),
      part(
        say(language, "models.known"),
        knownModels.map((m) => [
          m.repository,
          m.architecture,
          bytes(m.sizeBytes),
          m.license ?? say(language, "models.noLicense"),
          m.languages === "104"
            ? say(language, "models.languages", { count: 104 })
            : (m.languages ?? say(language, "models.images")),
          m.tested ? say(language, "models.tested") : "",
        ]),
      ),
      asCalled(say(language, "models.next"), env),
    ].join("\n\n");
  });
}

/**
 * Downloads a model.
 * @throws E_ARGUMENT, E_SERVER, E_MODEL, E_FORMAT, E_CHECKSUM, E_IO; E_INTERRUPTED after Ctrl-C
 */
export async function getOne(
  text: string,
  { to, revision }: { readonly to?: string; readonly revision?: string },
  context: CommandContext,
): Promise<void> {
  const { language, env, quiet, json, stderr } = context;
  const name = modelName(text, revision);
  const folder = to ?? join("models", name.repository.split("/")[1]!);
  const mebibytes = (count: number) => Math.ceil(count / 2 ** 20);
  let bar: ReturnType<typeof progress> | undefined;
  const onProgress = (done: number, all: number, file: string) => {
    bar ??= progress({ total: mebibytes(all), label: "MiB", stream: stderr, language });
    bar.update(mebibytes(done), file);
  };
  const got = await untilInterrupted(context, (signal) =>
    getModel(name, { to: folder, env, signal, onProgress: quiet || json ? undefined : onProgress }),
  ).finally(() => bar?.end());
  writeResult(context, got, () => {
    const facts = { folder, repository: got.repository, commit: got.commit.slice(0, 12) };
    const lines = [
      say(language, got.kept ? "models.kept" : "models.got", facts),
      say(language, "models.license", { license: got.license ?? say(language, "models.noLicense") }),
      ...(got.fromCache > 0 ? [say(language, "models.fromCache", { count: got.fromCache })] : []),
      ...(got.unchecked.length > 0 ? [say(language, "models.unchecked", { files: got.unchecked.join(", ") })] : []),
      say(language, "models.use", { folder }),
    ];
    return lines.map(visible).join("\n");
  });
}
