// A party of a study as a process that can be killed: what `concord coordinator serve` and `concord participant` do, and on request with secrets
// that come from a round's number, so that two runs have the same bits. The product has no such request.
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { coordinate } from "../../src/studies/hosting/coordinate.ts";
import { takePart } from "../../src/studies/hosting/take-part.ts";

const [role, folder, ...rest] = process.argv.slice(2) as [string, string, ...string[]];
const onNews = (news: unknown) => process.stdout.write(`${JSON.stringify(news)}\n`);

if (role === "coordinator") {
  const listen = { host: "127.0.0.1", port: Number(rest[0]) };
  process.stdout.write(`${JSON.stringify({ end: await coordinate({ folder, listen, onNews }) })}\n`);
} else {
  const [table, consent, entropy] = rest as [string, string, string];
  const known = (message: unknown) => {
    const { round } = message as { round: number };
    return new Uint8Array(
      createHash("sha256")
        .update(`${basename(folder)} ${round}`)
        .digest(),
    );
  };
  const end = await takePart({
    folder,
    table,
    consent,
    siteValues: true,
    threads: 1,
    onNews,
    ...(entropy === "known" && { entropy: known }),
  });
  process.stdout.write(`${JSON.stringify({ end })}\n`);
}
