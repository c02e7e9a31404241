// What a command is: a name, arguments, options, help in both languages, examples, and what it does. Knows no particular command.
import type { Message } from "../messages/index.ts";
import type { CommandContext } from "./context.ts";

/** Help of an option whose value is not taken as it is written. */
export interface OptionHelp extends Message {
  /** `number`: refused where it is none. `each`: the option may be given several times. */
  readonly value?: "number" | "each";
}

/** Help by how an argument or an option is written: `<run>`, `[text...]`; `--out <file>`, `--set <key=value...>`, `--no-store`. */
type ArgumentHelp = Readonly<Record<string, Message>>;
type OptionsHelp = Readonly<Record<string, OptionHelp>>;

/** `noStore` of `no-store`. */
type Camel<Name> = Name extends `${infer First}-${infer Rest}` ? `${First}${Capitalize<Camel<Rest>>}` : Name;
type ArgumentName<Usage> = Usage extends `${"<" | "["}${infer Name}${"...]" | "...>"}`
  ? Name
  : Usage extends `${"<" | "["}${infer Name}${"]" | ">"}`
    ? Name
    : string;
type ArgumentValue<Usage> = Usage extends `${string}...${string}`
  ? readonly string[]
  : Usage extends `<${string}`
    ? string
    : string | undefined;
type OptionName<Usage> = Usage extends `--no-${infer Name}`
  ? Camel<Name>
  : Usage extends `--${infer Name} <${string}`
    ? Camel<Name>
    : Usage extends `--${infer Name}`
      ? Camel<Name>
      : string;
type OptionValue<Usage, Help> = Help extends { readonly value: "number" }
  ? number
  : Help extends { readonly value: "each" }
    ? readonly string[]
    : Usage extends `${string}...>`
      ? readonly string[]
      : Usage extends `${string}>`
        ? string
        : boolean;

/** Arguments as `run` gets them, by name: `{ run: string; text: readonly string[] }`. */
export type ArgumentValues<A> = { readonly [Usage in keyof A as ArgumentName<Usage>]: ArgumentValue<Usage> };
/** Options as `run` gets them, by name. `--no-store` is `store`, true by default; others are absent unless they were given. */
export type OptionValues<O> = {
  readonly [Usage in keyof O as Usage extends `--no-${string}` ? never : OptionName<Usage>]?: OptionValue<
    Usage,
    O[Usage]
  >;
} & { readonly [Usage in keyof O as Usage extends `--no-${string}` ? OptionName<Usage> : never]: boolean };

/** A command as its file writes it. */
export interface CommandDefinition<A extends ArgumentHelp, O extends OptionsHelp> {
  readonly name: string;
  readonly about: Message;
  /** In their order. Default none. */
  readonly arguments?: A;
  /** In the order of the help. Default none. */
  readonly options?: O;
  /** Whole command lines; the first is what a user who left out an argument is shown. A test parses all. */
  readonly examples: readonly string[];
  /** Does it. What is heavy is imported here, so that help and other commands do not wait for it. @throws ConcordError */
  run(given: ArgumentValues<A>, options: OptionValues<O>, context: CommandContext): Promise<void>;
}

/** A command, whatever it is given. */
export type Command = CommandDefinition<ArgumentHelp, OptionsHelp>;

/** Commands under a common name: `concord study review`. */
export interface CommandGroup {
  readonly name: string;
  readonly about: Message;
  readonly commands: readonly Command[];
  /** Name of the one that is meant where none is named: `concord keys keys/clinic`. Default none. */
  readonly usual?: string;
}

/** A command; the types of what `run` gets follow from how arguments and options are written. */
export const defineCommand = <const A extends ArgumentHelp, const O extends OptionsHelp>(
  command: CommandDefinition<A, O>,
): CommandDefinition<A, O> => command;

/** Help of an option that takes a number. */
export const numeric = <const M extends Message>(help: M): M & { readonly value: "number" } => ({
  ...help,
  value: "number",
});

/** Help of an option that may be given several times. */
export const each = <const M extends Message>(help: M): M & { readonly value: "each" } => ({ ...help, value: "each" });
