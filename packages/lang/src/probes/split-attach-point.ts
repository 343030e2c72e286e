/** Attach point text into its parts: at `:` and `@` outside quotes, with `$1` replaced by the positional parameter. */
import type { Refusal } from './probe-kind.ts';

export interface SplitAttachPoint {
  /** The text with parameters spliced in, quotes kept: the key of `Target.probes`. */
  readonly key: string;
  /** Unquoted; `@` is a part of its own. */
  readonly parts: readonly string[];
}

/** `parameters` are `$1`, `$2` …; a missing one is empty. */
export function splitAttachPoint(
  text: string,
  parameters: readonly string[],
): SplitAttachPoint | Refusal {
  const spliced = splice(text, parameters);
  if (typeof spliced !== 'string') return spliced;
  const parts: string[] = [];
  let part = '';
  let quoted = false;
  for (let at = 0; at < spliced.length; at++) {
    const character = spliced.charAt(at);
    if (character === '"') {
      quoted = !quoted;
    } else if (quoted && character === '\\' && at + 1 < spliced.length) {
      part += spliced.charAt(++at);
    } else if (!quoted && (character === ':' || character === '@')) {
      parts.push(part);
      if (character === '@') parts.push('@');
      part = '';
    } else {
      part += character;
    }
  }
  return { key: spliced, parts: [...parts, part] };
}

function splice(text: string, parameters: readonly string[]): string | Refusal {
  let result = '';
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') quoted = !quoted;
    if (quoted || character !== '$') {
      result += character;
      continue;
    }
    const digits = /^[1-9][0-9]*/.exec(text.slice(at + 1))?.[0];
    if (digits === undefined) {
      const next = text.charAt(at + 1);
      return {
        refusal:
          `invalid trailing character for positional param: ${next}. ` +
          `Try quoting this entire part if this is intentional e.g. "$${next}".`,
      };
    }
    result += parameters[Number(digits) - 1] ?? '';
    at += digits.length;
  }
  return result;
}
