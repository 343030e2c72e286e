/** Whether the matches of a wildcard can share a program, and what it must find out when it runs. */
import type { ProbeDraft } from '../probes/probe-kind.ts';
import type { AnyNode, Probe } from '../syntax/ast.ts';
import { children } from '../syntax/visit.ts';
import { encodeText } from '@bpfleet/protocol';
import type { Config } from './config.ts';

/** `named`: it asks which of them was hit, for `probe`. */
export type Sharing = 'each' | 'named' | 'plain';

/** `args` has a type of its own for each match; `probe` must be known to the compiler unless it is a mere value. */
export function sharingOf({ predicate, block }: Probe): Sharing {
  const uses = [...(predicate === undefined ? [] : [predicate]), block].map((node) =>
    usesOf(node, false),
  );
  if (uses.includes('each')) return 'each';
  return uses.includes('named') ? 'named' : 'plain';
}

/** Calls that take a text which is not known before the program runs; of those that format, not as the format. */
const TAKES_TEXT: ReadonlySet<string> = new Set([
  ...['print', 'printf', 'debugf', 'warnf', 'errorf'],
]);

/** `asValue`: what is directly below stands where any string may. */
function usesOf(node: AnyNode, asValue: boolean): Sharing {
  if (node.kind === 'identifier') {
    if (node.name === 'args') return 'each';
    if (node.name === 'probe') return asValue ? 'named' : 'each';
  }
  let found: Sharing = 'plain';
  for (const child of children(node)) {
    const uses = usesOf(child, takesValue(node, child));
    if (uses === 'each') return 'each';
    if (uses === 'named') found = 'named';
  }
  // Some constructs are worked out by the compiler, whatever is in them.
  return found === 'named' && isKnownBefore(node) ? 'each' : found;
}

function takesValue(node: AnyNode, child: AnyNode): boolean {
  switch (node.kind) {
    case 'map':
    case 'tuple':
      return true;
    case 'assignment':
      return node.value === child;
    case 'binary':
      return node.operator === '==' || node.operator === '!=';
    case 'call':
      if (!TAKES_TEXT.has(node.callee)) return false;
      return node.callee === 'print' || node.arguments[0] !== child;
    default:
      return false;
  }
}

function isKnownBefore(node: AnyNode): boolean {
  switch (node.kind) {
    case 'sizeof':
    case 'typeof':
    case 'typeinfo':
    case 'comptime':
    case 'unroll':
      return true;
    case 'if':
      return node.comptime;
    default:
      return false;
  }
}

/** Kernels before Linux 5.18 take no larger value of a map. */
const MAX_TABLE_BYTES = 2 << 20;

/** Names of one program's attach points, by the number that tells them apart; undefined where there is no room for them. */
export function sharedNames(
  names: ReadonlyMap<number, string>,
  { maxStrlen }: Config,
): ProbeDraft['names'] | undefined {
  const sizeBytes = Math.max(...[...names.values()].map((name) => encodeText(name).length + 1));
  const count = Math.max(...names.keys()) + 1;
  if (sizeBytes > maxStrlen || sizeBytes * count > MAX_TABLE_BYTES) return undefined;
  return { sizeBytes, texts: Array.from({ length: count }, (_, index) => names.get(index) ?? '') };
}

/** `probe` of the matches in their order, where the kernel lets an attachment carry a number. */
export function namesByCookie(
  names: readonly string[],
  config: Config,
  hasCookies: boolean,
): ProbeDraft['names'] | undefined {
  if (!hasCookies) return undefined;
  return sharedNames(new Map(names.map((name, index) => [index, name])), config);
}
