/** The command line does not say what to do: the message is meant for the user. */
export class UsageFault extends Error {
  /** The help follows the message. */
  readonly showUsage: boolean;

  constructor(message: string, showUsage = false) {
    super(message);
    this.showUsage = showUsage;
  }
}
