// The folders of a study's parties: what a coordinator and a member keep, under which names. Private files have mode 0600.
import { cp, readdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ConcordError } from "../../base/index.ts";
import type { Identity, Proposal } from "../../federated/index.ts";
import { bytesOf, readProposal, wordsIn } from "../../federated/index.ts";
import { ioError, makeFolder } from "../../formats/node/index.ts";
import {
  type Credentials,
  type Enrolment,
  fingerprintOf,
  type Members,
  makeAuthority,
  openMembers,
  readRecord,
  writeSecret,
} from "../../network/index.ts";
import type { Recipe } from "../../recipe/index.ts";
import { publicHalf, readSigningKey, type SigningHandle, signBytes } from "../../store/index.ts";
import { proposeStudy } from "../propose.ts";

/** Who a party is: its name, its public key (SPKI in base64), and what signs. */
export interface OwnIdentity extends Identity {
  readonly key: string;
  readonly secret: SigningHandle;
}

/** @throws E_IO, E_SIGNATURE as a key file of `concord keys` */
export async function ownIdentity(name: string, keyFile: string, passphrase?: string): Promise<OwnIdentity> {
  const { key: secret } = await readSigningKey(keyFile, passphrase);
  const key = publicHalf(secret).export({ type: "spki", format: "der" }).toString("base64");
  return { name, key, secret, sign: (bytes) => new Uint8Array(signBytes(secret, bytes)) };
}

/** What a coordinator's folder says about it. */
export interface CoordinatorFolder {
  readonly folder: string;
  readonly name: string;
  /** `host:port` that members dial. */
  readonly address: string;
  readonly keyFile: string;
  readonly authority: Credentials;
  readonly members: Members;
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
const readText = (path: string) =>
  readFile(path, "utf8").catch((cause: unknown) => {
    throw ioError(cause, "read file", path);
  });

/** Makes a coordinator's folder with an authority of its own. @returns its fingerprint @throws E_ARGUMENT where there is one; E_IO, E_SIGNATURE */
export async function initCoordinator(given: {
  readonly folder: string;
  readonly name: string;
  readonly address: string;
  readonly keyFile: string;
  readonly passphrase?: string;
  readonly now: Date;
}): Promise<string> {
  const { folder, name, address, now } = given;
  const keyFile = resolve(given.keyFile);
  if (await readRecord(join(folder, "coordinator.json")))
    throw new ConcordError("E_ARGUMENT", {
      operation: "make a coordinator",
      problem: "the folder holds one already",
      hint: "a folder is of one study; name another",
      path: folder,
    });
  await ownIdentity(name, keyFile, given.passphrase);
  await makeFolder(folder);
  const authority = await makeAuthority(name, now);
  await writeSecret(join(folder, "authority.pem"), authority.certificate);
  await writeSecret(join(folder, "authority.key"), authority.key);
  await writeSecret(join(folder, "coordinator.json"), json({ name, address, keyFile }));
  return fingerprintOf(authority.certificate);
}

/** @throws E_IO where there is none */
export async function openCoordinatorFolder(folder: string): Promise<CoordinatorFolder> {
  const about = await readRecord(join(folder, "coordinator.json"));
  if (!about)
    throw new ConcordError("E_IO", {
      operation: "open coordinator",
      problem: "this is no coordinator's folder",
      hint: "concord coordinator init makes one",
      path: folder,
    });
  const [name, address, keyFile] = [String(about.name), String(about.address), String(about.keyFile)];
  const certificate = await readText(join(folder, "authority.pem"));
  const authority = { certificate, key: await readText(join(folder, "authority.key")) };
  const members = openMembers({ folder: join(folder, "members"), authority, address });
  return { folder, name, address, keyFile, authority, members };
}

/** A study as it lies in its coordinator's folder. */
export interface StoredStudy {
  readonly proposal: Proposal;
  readonly model: Float32Array;
  /** Folder of the start model. */
  readonly start: string;
}

/**
 * Proposes a study to all members that are enrolled and not revoked. A running server takes it up.
 * @throws E_ARGUMENT where the folder has a proposal; what `proposeStudy` throws
 */
export async function proposeInFolder(
  { folder, name, keyFile, members }: CoordinatorFolder,
  given: { readonly recipe: Recipe; readonly start: string; readonly run: string; readonly passphrase?: string },
): Promise<Proposal> {
  if (await readRecord(join(folder, "proposal.json")))
    throw new ConcordError("E_ARGUMENT", {
      operation: "propose a study",
      problem: "the folder has a proposal already",
      hint: "a folder is of one study; participants enrol anew for another",
      path: folder,
    });
  const { key } = await ownIdentity(name, keyFile, given.passphrase);
  const enrolled = (await members.all()).filter((m) => m.revoked === undefined);
  const start = join(folder, "start");
  if (resolve(given.start) !== resolve(start)) await cp(given.start, start, { recursive: true });
  const { proposal, model } = await proposeStudy({
    recipe: given.recipe,
    start,
    run: given.run,
    coordinator: { name, key },
    members: enrolled.map((m) => ({ name: m.name, key: m.key })),
  });
  await writeSecret(join(folder, "start.f32"), bytesOf(model));
  await writeSecret(join(folder, "proposal.json"), json(proposal)); // last: it is complete now
  return proposal;
}

/** The study of a coordinator's folder, or undefined while there is none. */
export async function storedStudy(folder: string): Promise<StoredStudy | undefined> {
  const value = await readRecord(join(folder, "proposal.json"));
  if (!value) return undefined;
  const proposal = readProposal(value, join(folder, "proposal.json"));
  const bytes = await readFile(join(folder, "start.f32"));
  const { buffer } = wordsIn(new Uint8Array(bytes));
  return { proposal, model: new Float32Array(buffer), start: join(folder, "start") };
}

/** A member's enrolment. @throws E_IO where there is none */
export async function readEnrolment(folder: string): Promise<Enrolment & { readonly keyFile: string }> {
  const path = join(folder, "enrolment.json");
  const value = await readRecord(path);
  if (value) return value as unknown as Enrolment & { readonly keyFile: string }; // our own file, of mode 0600
  throw new ConcordError("E_IO", {
    operation: "take part",
    problem: "there is no enrolment in this folder",
    hint: "concord enrol CODE makes one",
    path: folder,
  });
}

export async function writeEnrolment(folder: string, enrolment: Enrolment, keyFile: string): Promise<void> {
  await makeFolder(folder);
  if ((await readdir(folder)).includes("enrolment.json"))
    throw new ConcordError("E_ARGUMENT", {
      operation: "enrol",
      problem: "the folder holds an enrolment already",
      hint: "name another with --out",
      path: folder,
    });
  await writeSecret(join(folder, "enrolment.json"), json({ ...enrolment, keyFile: resolve(keyFile) }));
}

/** What the owner said in a member's folder: commands write it, a running member reads it. */
export async function readAnswer(folder: string, name: "consent" | "withdraw") {
  return await readRecord(join(folder, `${name}.json`));
}

export async function writeAnswer(folder: string, name: "consent" | "withdraw", value: unknown): Promise<void> {
  await stat(join(folder, "enrolment.json")).catch(() => readEnrolment(folder));
  await writeSecret(join(folder, `${name}.json`), json(value));
}
