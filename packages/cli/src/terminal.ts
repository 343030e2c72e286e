/** What commands know of the process they run in; `main.ts` makes the real one, tests make their own. */

export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** As `out`, for text with commands of the terminal in it, which no part of may come from elsewhere. */
  readonly draw: (text: string) => void;
  /** What started this process, without its arguments: for starting another. */
  readonly self: readonly string[];
  /** Reads standard input to its end. */
  readonly readInput: () => Promise<string>;
  /** Asks a person, and gives the line that is answered; empty where nobody is there. */
  readonly ask: (question: string) => Promise<string>;
  /** Absent when output is not a terminal. */
  readonly size: (() => { readonly columns: number; readonly rows: number }) | undefined;
  /** Colour errors. */
  readonly color: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  readonly userName: string;
  /** Called for each SIGINT and SIGTERM. While nobody listens, they end the process. */
  readonly onInterrupt: (listener: () => void) => () => void;
  /** Runs work that leaves no time to hear of signals: meanwhile they end the process at once. */
  readonly whileBusy: <Result>(work: () => Result) => Result;
  /** Called for each SIGHUP. While nobody listens, it ends the process. */
  readonly onReload: (listener: () => void) => () => void;
  /** Called for each SIGUSR1. */
  readonly onUserSignal: (listener: () => void) => void;
}

/** An error whose message is meant for the user as it stands. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}
