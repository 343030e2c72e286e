/** Where the variables of a function of the program live; those that callbacks share are in scratch, where all reach them. */
import { valueTooBig } from '../diagnostics/messages/limits.ts';
import type { Span } from '../source.ts';
import type { AnyNode } from '../syntax/ast.ts';
import { walk } from '../syntax/visit.ts';
import { sizeOfType } from '../types/layout.ts';
import type { TargetFeatures } from '../target.ts';
import { isCallbackLoop, isLoop } from './callback-loops.ts';
import { CodegenFault } from './codegen-fault.ts';
import type { Lowering, VariableHome } from './lowering.ts';
import { MAX_VALUE_BYTES, takeMemory } from './memory.ts';
import { isScalar } from './type-traits.ts';

/** More would only be spilled, to a stack that is smaller than scratch. */
const MAX_IN_REGISTERS = 16;

/** Gives each variable of this function its place: `roots` are its code. Registers begin as zero. */
export function placeVariables(
  l: Lowering,
  roots: readonly AnyNode[],
  homes: Map<string, VariableHome>,
): void {
  const { own, shared } = namesIn(roots, l.program.target.features);
  let scalars = 0;
  for (const name of own) {
    const type = l.probe.variables.get(name);
    if (type === undefined || homes.has(name)) continue;
    const scalarsBefore = isScalar(type) ? scalars++ : 0;
    const inScratch = l.spareStack || shared.has(name) || scalarsBefore >= MAX_IN_REGISTERS;
    if (!isScalar(type)) {
      const size = sizeOfType(type);
      if (size > MAX_VALUE_BYTES) {
        const span = firstUse(roots, name) ?? l.probe.body.span;
        throw new CodegenFault(valueTooBig(span, `$${name}`, size, MAX_VALUE_BYTES));
      }
      const address = inScratch ? l.scratch.take(size) : takeMemory(l, size);
      homes.set(name, { kind: 'memory', address, type });
    } else if (inScratch) {
      const address = l.scratch.take(8);
      l.b.store(8, address, 0n);
      homes.set(name, { kind: 'stored', address, type });
    } else homes.set(name, { kind: 'register', register: l.b.copy(0n), type });
  }
}

/** Gives all variables of the probe places that each part of its body finds again: the first memory of scratch. */
export function placeForParts(
  l: Lowering,
  homes: Map<string, VariableHome>,
  isFirst: boolean,
): void {
  for (const [name, type] of l.probe.variables) {
    const stored = isScalar(type);
    const address = l.scratch.take(stored ? 8 : sizeOfType(type));
    if (stored && isFirst) l.b.store(8, address, 0n);
    homes.set(name, { kind: stored ? 'stored' : 'memory', address, type });
  }
}

/** The homes that a callback finds in scratch, seen from there. */
export function inheritedHomes(outer: Lowering, inner: Lowering): Map<string, VariableHome> {
  const homes = new Map<string, VariableHome>();
  for (const [name, home] of outer.variables) {
    if (home.kind === 'register') continue;
    const { address } = home;
    if (address.kind !== 'register' || address.register !== outer.scratch.base) continue;
    homes.set(name, { ...home, address: inner.scratch.at(address.offset) });
  }
  return homes;
}

/**
 * Variables that this code names itself, and those of them that must be in scratch: that callbacks in it name as well, whose
 * address it takes, or that change from turn to turn of a loop the verifier follows, which would know each value apart.
 */
function namesIn(
  roots: readonly AnyNode[],
  features: TargetFeatures,
): { own: ReadonlySet<string>; shared: ReadonlySet<string> } {
  const own = new Set<string>();
  const shared = new Set<string>();
  const share = (name: string): void => void shared.add(name);
  const callback = (node: AnyNode): void => {
    variablesIn(node).forEach(share);
  };
  const visit = (root: AnyNode): void => {
    walk(root, {
      enter: (node) => {
        if (node.kind === 'variable') own.add(node.name);
        if (node.kind === 'unary' && node.operator === '&' && node.operand.kind === 'variable') {
          share(node.operand.name);
        }
        if (!isLoop(node)) return true;
        if (isCallbackLoop(node, features)) {
          if (node.kind === 'for') visit(node.iterable);
          if (node.kind === 'while') callback(node.condition);
          callback(node.body);
          return false;
        }
        if (features.bpfLoop) assignedIn(node.body).forEach(share);
        return true;
      },
    });
  };
  roots.forEach(visit);
  return { own, shared: new Set([...own].filter((name) => shared.has(name))) };
}

function firstUse(roots: readonly AnyNode[], name: string): Span | undefined {
  let span: Span | undefined;
  for (const root of roots) {
    walk(root, {
      enter: (node) => {
        if (node.kind === 'variable' && node.name === name) span ??= node.span;
      },
    });
  }
  return span;
}

function variablesIn(root: AnyNode): readonly string[] {
  const names: string[] = [];
  walk(root, {
    enter: (node) => {
      if (node.kind === 'variable') names.push(node.name);
    },
  });
  return names;
}

function assignedIn(root: AnyNode): readonly string[] {
  const names: string[] = [];
  walk(root, {
    enter: (node) => {
      const changes = node.kind === 'assignment' || node.kind === 'increment';
      if (changes && node.target.kind === 'variable') names.push(node.target.name);
    },
  });
  return names;
}
