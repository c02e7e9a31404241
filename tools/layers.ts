// The rules of the house over a set of files: directions between rooms, doors, cycles, purity, lengths of files and rooms. The rooms
// are data (layers.json); this file reads nothing from disk.
import { posix } from "node:path";
import { type FileFacts, factsOf } from "./imports.ts";

/** `layers.json`. */
export interface LayerTable {
  /** The rooms that each room may import. */
  readonly rooms: Readonly<Record<string, readonly string[]>>;
  /** Rooms that run on Node only (cli, serve …): all their files may touch the machine, as under node/. Default none. */
  readonly nodeRooms?: readonly string[];
  /** The only files that may import a heavy package. */
  readonly doors: Readonly<Record<string, readonly string[]>>;
  readonly files: {
    readonly softLines: number;
    readonly hardLines: number;
    /** Path → the reason why it may be longer than `hardLines`. */
    readonly exceptions: Readonly<Record<string, string>>;
    /** Lines of a room, its tests and generated files left out. */
    readonly roomLines: number;
    /** Room → the reason why it may hold more than `roomLines`. */
    readonly longRooms: Readonly<Record<string, string>>;
  };
}

/** What is checked: paths from the repository's root (with /) and texts. */
export interface House {
  readonly table: LayerTable;
  readonly files: ReadonlyMap<string, string>;
  /** Packages that the published package depends on. */
  readonly dependencies: readonly string[];
}

/** Everything that breaks a rule, one sentence each with file and line, and the files beyond the soft length. */
export function inspectHouse(house: House): { faults: string[]; long: string[] } {
  const facts = new Map<string, FileFacts>();
  for (const [path, text] of house.files) if (isSource(path)) facts.set(path, factsOf(path, text));
  const { long, faults } = inspectLengths(house);
  for (const [path, file] of facts) {
    for (const { specifier, line } of file.imports) {
      const fault = specifier.startsWith(".")
        ? relativeFault(house, path, posix.join(posix.dirname(path), specifier))
        : packageFault(house, path, specifier);
      if (fault) faults.push(`${path}:${line} ${fault}`);
    }
    if (isPure(path, house.table))
      for (const { what, line } of file.ambient) faults.push(`${path}:${line} is pure and uses ${what}`);
    const { room } = placeOf(path, house.table);
    if (room !== undefined && !Object.hasOwn(house.table.rooms, room))
      faults.push(`${path} is in no room of layers.json`);
  }
  return { faults: [...faults, ...longRooms(house), ...cycles(facts)], long };
}

/** Where a file lives. A file directly in src/ is an entry of the package and belongs to no room. */
function placeOf(path: string, table: LayerTable): { room?: string; zone?: "node" | "web"; isIndex: boolean } {
  const [, room, ...rest] = path.split("/");
  if (rest.length === 0) return { isIndex: true };
  const folder = rest.slice(0, -1).find((part) => part === "node" || part === "web") as "node" | "web" | undefined;
  const zone = folder ?? (table.nodeRooms?.includes(room!) ? "node" : undefined);
  return { room: room!, zone, isIndex: rest.length === 1 && rest[0] === "index.ts" };
}

const isTest = (path: string) => /\.test\.ts$/.test(path);
const isSource = (path: string) =>
  path.startsWith("src/") && path.endsWith(".ts") && !isTest(path) && !path.includes("/kernels/assembly/");
const isPure = (path: string, table: LayerTable) => {
  const { room, zone } = placeOf(path, table);
  return room !== undefined && zone === undefined;
};

function relativeFault({ table, files }: House, from: string, to: string): string | undefined {
  if (!to.startsWith("src/")) return `imports ${to}, which is outside src`;
  if (isTest(to)) return `imports the test ${to}`;
  if (to.endsWith(".ts") && !files.has(to)) return `imports ${to}, which does not exist`;
  const [mine, theirs] = [placeOf(from, table), placeOf(to, table)];
  if (mine.room === undefined) return undefined; // an entry of the package gathers what it publishes
  if (theirs.room === undefined) return `imports ${to}: a room may not import the package's entry`;
  if (theirs.zone && mine.zone !== theirs.zone) return `imports ${to}: only files under ${theirs.zone}/ may`;
  if (mine.room === theirs.room) return undefined;
  if (!table.rooms[mine.room]?.includes(theirs.room))
    return `imports ${to}: ${mine.room} may not import ${theirs.room}`;
  if (theirs.zone && !theirs.isIndex)
    return isAdapterEntry(files, to) ? undefined : `imports ${to}: only its folder's index.ts may be imported`;
  return theirs.isIndex ? undefined : `imports ${to}: only src/${theirs.room}/index.ts may be imported from outside`;
}

// The index of a node/ or web/ folder; where a folder has none, each file in it is an entry.
function isAdapterEntry(files: ReadonlyMap<string, string>, path: string): boolean {
  const index = `${path.replace(/\/(node|web)\/.*/, "/$1")}/index.ts`;
  return path === index || (!files.has(index) && /^src\/[^/]+\/(node|web)\/[^/]+$/.test(path));
}

function packageFault({ table, dependencies }: House, from: string, specifier: string): string | undefined {
  if (specifier.startsWith("node:")) {
    const { zone } = placeOf(from, table);
    if (zone === "web") return `runs in a browser and imports ${specifier}`;
    return isPure(from, table) ? `is pure and imports ${specifier}` : undefined;
  }
  const name = specifier
    .replace(/^#/, "") // "#x" in package.json's imports chooses the build of package x
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  if (!dependencies.includes(name)) return `imports ${name}, which is no dependency of the package`;
  const doors = table.doors[name];
  return doors && !doors.includes(from) ? `imports ${name}: its door is ${doors.join(", ")}` : undefined;
}

/** Cycles of files, type-only imports included: a file that is understood only with its importer is one file. */
function cycles(facts: ReadonlyMap<string, FileFacts>): string[] {
  const state = new Map<string, "open" | "done">();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    if (state.get(path) === "open")
      found.push(`import cycle: ${[...trail.slice(trail.indexOf(path)), path].join(" → ")}`);
    if (state.has(path)) return;
    state.set(path, "open");
    for (const { specifier } of facts.get(path)?.imports ?? [])
      if (specifier.startsWith(".")) visit(posix.join(posix.dirname(path), specifier), [...trail, path]);
    state.set(path, "done");
  };
  for (const path of facts.keys()) visit(path, []);
  return found;
}

function longRooms({ table, files }: House): string[] {
  const { roomLines, longRooms: excepted } = table.files;
  const lines = new Map<string, number>();
  for (const [path, text] of files) {
    const { room } = placeOf(path, table);
    if (!path.startsWith("src/") || room === undefined || isTest(path) || path.endsWith(".gen.ts")) continue;
    lines.set(room, (lines.get(room) ?? 0) + text.trimEnd().split("\n").length);
  }
  const tooLong = [...lines].filter(([room, count]) => count > roomLines && !excepted[room]?.trim());
  const short = Object.keys(excepted).filter((room) => (lines.get(room) ?? 0) < 0.9 * roomLines); // not to and fro at the limit
  return [
    ...tooLong.map(([room, count]) => `src/${room} has ${count} lines without its tests, more than ${roomLines}`),
    ...short.map((room) => `layers.json excepts the room ${room}, which has ${lines.get(room) ?? 0} lines: remove it`),
  ];
}

function inspectLengths({ table, files }: House): { faults: string[]; long: string[] } {
  const { softLines, hardLines, exceptions } = table.files;
  const [faults, long]: [string[], string[]] = [[], []];
  for (const [path, text] of files) {
    const lines = text.trimEnd().split("\n").length;
    if (path.endsWith(".gen.ts") || lines <= softLines) continue;
    long.push(`${path} has ${lines} lines`);
    if (lines > hardLines && !exceptions[path]?.trim())
      faults.push(`${path} has ${lines} lines, more than ${hardLines}`);
  }
  for (const path of Object.keys(exceptions)) {
    const lines = files.get(path)?.trimEnd().split("\n").length ?? 0;
    if (lines <= hardLines) faults.push(`layers.json excepts ${path}, which has ${lines} lines: remove the exception`);
  }
  return { faults, long };
}
