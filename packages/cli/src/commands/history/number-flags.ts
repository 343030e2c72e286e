/** Numbers on the command lines of the history. */
import { InvalidArgumentError } from 'commander';

/** Reads a whole number from 1 to `most`. */
export function upTo(most: number): (text: string) => number {
  return (text) => {
    const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    if (count < 1 || count > most)
      throw new InvalidArgumentError(`not a number from 1 to ${most}.`);
    return count;
  };
}

export function positive(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (value <= 0) throw new InvalidArgumentError('not a number above 0.');
  return value;
}
