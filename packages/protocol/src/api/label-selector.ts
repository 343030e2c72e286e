/** Label selectors as `kubectl -l` takes them: `app=web,tier!=db,env in (a, b),!legacy`. */

export interface LabelRequirement {
  readonly key: string;
  /** `not-in` also holds where there is no such label. */
  readonly operator: 'in' | 'not-in' | 'exists' | 'absent';
  readonly values: readonly string[];
}

export type ParsedSelector =
  | { readonly ok: true; readonly requirements: readonly LabelRequirement[] }
  | { readonly ok: false; readonly message: string };

const KEY = /^(?:[a-z0-9](?:[-.a-z0-9]*[a-z0-9])?\/)?[A-Za-z0-9](?:[-_.A-Za-z0-9]*[A-Za-z0-9])?$/;
const VALUE = /^(?:[A-Za-z0-9](?:[-_.A-Za-z0-9]*[A-Za-z0-9])?)?$/;
const SET = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/;
const EQUALITY = /^([^=!\s]+)\s*(==|=|!=)\s*(\S*)$/;

/** Empty text selects everything. */
export function parseLabelSelector(text: string): ParsedSelector {
  const requirements: LabelRequirement[] = [];
  if (text.trim() === '') return { ok: true, requirements };
  // Not at the commas of a set.
  for (const part of text.split(/,(?![^(]*\))/)) {
    const requirement = parseRequirement(part.trim());
    if (requirement === undefined) {
      return {
        ok: false,
        message: `"${text}" is no label selector: "${part.trim()}" is none of key=value, key!=value, key in (a,b), key notin (a,b), key, !key`,
      };
    }
    requirements.push(requirement);
  }
  return { ok: true, requirements };
}

function parseRequirement(text: string): LabelRequirement | undefined {
  const [, setKey, word, list] = SET.exec(text) ?? [];
  if (setKey !== undefined && list !== undefined) {
    const values = list.split(',').map((value) => value.trim());
    return checked(setKey, word === 'in' ? 'in' : 'not-in', values);
  }
  const [, key, sign, value] = EQUALITY.exec(text) ?? [];
  if (key !== undefined && value !== undefined) {
    return checked(key, sign === '!=' ? 'not-in' : 'in', [value]);
  }
  return text.startsWith('!')
    ? checked(text.slice(1).trim(), 'absent', [])
    : checked(text, 'exists', []);
}

function checked(
  key: string,
  operator: LabelRequirement['operator'],
  values: readonly string[],
): LabelRequirement | undefined {
  const isRight = KEY.test(key) && values.every((value) => VALUE.test(value));
  return isRight ? { key, operator, values } : undefined;
}

export function matchesLabels(
  requirements: readonly LabelRequirement[],
  labels: Readonly<Record<string, string>>,
): boolean {
  return requirements.every(({ key, operator, values }) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    switch (operator) {
      case 'in':
        return value !== undefined && values.includes(value);
      case 'not-in':
        return value === undefined || !values.includes(value);
      case 'exists':
        return value !== undefined;
      case 'absent':
        return value === undefined;
    }
  });
}
