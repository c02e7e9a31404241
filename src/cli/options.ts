// Options that every command has.

export interface CommonOptions {
  /** Results and errors as JSON, one object a line. */
  readonly json: boolean;
  /** Results and errors only. */
  readonly quiet: boolean;
}
