/** The command-line grammar of GNU getopt_long: combined short flags, `--long=value`, abbreviations, permutation. */

export interface OptionGrammar {
  /** Short letters; true where an argument follows. */
  readonly short: Readonly<Record<string, boolean>>;
  readonly long: Readonly<Record<string, boolean>>;
}

export interface ParsedOption {
  /** `e` or `output`, without dashes. */
  readonly name: string;
  readonly value: string;
}

export type ParsedArguments =
  | {
      readonly kind: 'parsed';
      readonly options: readonly ParsedOption[];
      /** Everything that is no option, in order. */
      readonly operands: readonly string[];
    }
  | { readonly kind: 'fault'; readonly message: string };

class Fault extends Error {}

/** The options that begin alike, where one is mistyped further on. */
function nearest(given: string, grammar: OptionGrammar): string {
  for (let length = given.length - 1; length > 1; length--) {
    const start = given.slice(0, length);
    const found = Object.keys(grammar.long).filter((name) => name.startsWith(start));
    if (found.length > 0)
      return `; did you mean ${found.map((name) => `'--${name}'`).join(' or ')}?`;
  }
  return '';
}

function longOption(argument: string, next: () => string, grammar: OptionGrammar): ParsedOption {
  const [given = '', ...rest] = argument.slice(2).split('=');
  const value = rest.length === 0 ? undefined : rest.join('=');
  const candidates = Object.keys(grammar.long).filter((name) => name.startsWith(given));
  const name = candidates.includes(given) ? given : candidates[0];
  if (name === undefined)
    throw new Fault(`unrecognized option '--${given}'${nearest(given, grammar)}`);
  if (name !== given && candidates.length > 1) {
    const list = candidates.map((candidate) => `'--${candidate}'`).join(' ');
    throw new Fault(`option '--${given}' is ambiguous; possibilities: ${list}`);
  }
  if (grammar.long[name] === true) {
    return { name, value: value ?? next() };
  }
  if (value !== undefined) throw new Fault(`option '--${name}' doesn't allow an argument`);
  return { name, value: '' };
}

function shortOptions(
  argument: string,
  next: () => string,
  grammar: OptionGrammar,
): ParsedOption[] {
  const options: ParsedOption[] = [];
  for (let at = 1; at < argument.length; at++) {
    const name = argument.charAt(at);
    const takesValue = grammar.short[name];
    if (takesValue === undefined) throw new Fault(`invalid option -- '${name}'`);
    if (takesValue) {
      const attached = argument.slice(at + 1);
      options.push({ name, value: attached === '' ? next() : attached });
      break;
    }
    options.push({ name, value: '' });
  }
  return options;
}

/** Faults are worded as getopt words them, without the program's name. */
export function getopt(argv: readonly string[], grammar: OptionGrammar): ParsedArguments {
  const options: ParsedOption[] = [];
  const operands: string[] = [];
  const rest = [...argv];
  const nextFor = (option: string) => (): string => {
    const value = rest.shift();
    if (value === undefined) throw new Fault(`option requires an argument -- '${option}'`);
    return value;
  };
  try {
    for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
      if (argument === '--') {
        operands.push(...rest);
        break;
      }
      if (argument.startsWith('--')) {
        options.push(longOption(argument, nextFor(argument.slice(2)), grammar));
      } else if (argument.startsWith('-') && argument !== '-') {
        options.push(...shortOptions(argument, nextFor(argument.slice(-1)), grammar));
      } else {
        operands.push(argument);
      }
    }
  } catch (error) {
    if (error instanceof Fault) return { kind: 'fault', message: error.message };
    throw error;
  }
  return { kind: 'parsed', options, operands };
}
