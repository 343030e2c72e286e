/** `*probe:f`: a wildcard in the provider stands for an attach point of each kind that matches. */
import type { AttachPoint } from '../syntax/ast.ts';
import type { AttachPointContext } from './parse-attach-point.ts';
import { isRefusal } from './probe-kind.ts';
import { probeKinds } from './registry.ts';
import { splitAttachPoint } from './split-attach-point.ts';

/** The attach point itself where its provider has no wildcard, or one that matches nothing. */
export function expandProvider(
  written: AttachPoint,
  { parameters, hasPid }: AttachPointContext,
): readonly AttachPoint[] {
  const split = splitAttachPoint(written.text, parameters);
  if (isRefusal(split)) return [written];
  const [provider = '', ...parts] = split.parts;
  if (!provider.includes('*')) return [written];
  const listed = hasPid || parts[0]?.includes('/') === true ? 'user' : 'kernel';
  const matches = providerMatcher(parts.length === 0 ? '*' : provider);
  const names = probeKinds
    .filter((kind) => kind.listed === listed && matches.test(kind.name))
    .map((kind) => kind.name)
    .toSorted();
  const [only] = names;
  if (only === undefined) return [written];
  const rest = parts.length === 0 ? provider : split.key.slice(provider.length + 1);
  if (names.length === 1) return [{ ...written, text: `${only}:${rest}` }];
  return names.map((name) => ({ ...written, text: `${name}:${rest}`, optional: true }));
}

function providerMatcher(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[^A-Za-z0-9]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`);
}
