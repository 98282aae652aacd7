/** One command of the server program: work that is done on the machine itself, next to the database. */
export interface Command {
  /** One or two words, such as `key rotate`. */
  name: string;
  /** What stands after the name, for the help: `<tenant> [--json]`. */
  parameters?: string;
  /** One sentence. */
  meaning: string;
  /** Resolves to the exit code; 0 when it says none. */
  run(call: CommandCall): Promise<number | undefined>;
}

/** With what a command is called. */
export interface CommandCall {
  /** What stood after the name. */
  parameters: readonly string[];
  environment: Readonly<Record<string, string | undefined>>;
  /** Results go to `out`, everything that is said to a person to `error`. */
  streams: { out: TextStream; error: TextStream };
}

export interface TextStream {
  write(text: string): unknown;
  /** Width of the terminal, when it is one. */
  columns?: number;
}

/** The command line cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
