/** Checks of what came from the network: each says whether a value has a shape, and never throws. */

export type Check = (value: unknown) => boolean;

export const isText: Check = (value) => typeof value === 'string';
export const isBoolean: Check = (value) => typeof value === 'boolean';
export const isBigint: Check = (value) => typeof value === 'bigint';

/** A whole number from 0 that a double holds exactly. */
export const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;

export function isOneOf(...values: readonly unknown[]): Check {
  return (value) => values.includes(value);
}

export function isList(element: Check): Check {
  return (value) => Array.isArray(value) && value.every(element);
}

/** Any names, all with values of one shape. */
export function isDictionary(element: Check): Check {
  return (value) => isObject(value) && Object.values(value).every(element);
}

/** Absent, or of that shape. */
export function isOptional(check: Check): Check {
  return (value) => value === undefined || check(value);
}

/** All of the named members; others are ignored, so that newer senders are understood. */
export function isRecord(members: Readonly<Record<string, Check>>): Check {
  const checks = Object.entries(members);
  return (value) => isObject(value) && checks.every(([name, check]) => check(own(value, name)));
}

/** One of several shapes, told apart by `kind`. */
export function isVariant(variants: Readonly<Record<string, Check>>): Check {
  return (value) => {
    if (!isObject(value)) return false;
    const kind = own(value, 'kind');
    const check = typeof kind === 'string' ? own(variants, kind) : undefined;
    return typeof check === 'function' && (check as Check)(value);
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Inherited members such as `constructor` are nobody's data. */
function own(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}
