/**
 * Scratch variables have block scope. This pass gives each its own name within the probe, so that two blocks may use one
 * name for different things, and reports those that were never declared, assigned or are declared twice.
 */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import {
  loopShadows,
  neverAssigned,
  shadowed,
  usedBeforeAssigned,
} from '../diagnostics/messages/flow.ts';
import { undefinedVariable } from '../diagnostics/messages/names.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { Span } from '../source.ts';
import type { AnyNode, Assignment, For, Let, Variable } from '../syntax/ast.ts';
import { children, rewrite } from '../syntax/visit.ts';
import type { BoundProbe } from './bind-probes.ts';

interface Declaration {
  readonly unique: string;
  readonly span: Span;
  assigned: boolean;
}

export function resolveVariables(probe: BoundProbe, diagnostics: Diagnostics): BoundProbe {
  const resolver = new VariableResolver(diagnostics);
  resolver.visit(probe.body);
  const body = rewrite(probe.body, (node) => {
    const name = node.kind === 'variable' ? resolver.names.get(node) : undefined;
    return name === undefined || node.kind !== 'variable' ? node : { ...node, name };
  });
  return { ...probe, body };
}

class VariableResolver {
  readonly names: Map<AnyNode, string> = new Map();
  readonly #diagnostics: Diagnostics;
  readonly #scopes: Map<string, Declaration>[] = [];
  readonly #taken = new Set<string>();
  /** Inside `sizeof` and the like, where a variable is not read. */
  #unevaluated = 0;

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  visit(node: AnyNode): void {
    switch (node.kind) {
      case 'block':
        return this.#inScope(() => this.#visitChildren(node));
      case 'variable':
        return this.#use(node);
      case 'assignment':
        return this.#assign(node);
      case 'let':
        return this.#declareLet(node);
      case 'for':
        return this.#loop(node);
      case 'call':
        if (node.callee === 'find') {
          for (const given of node.arguments)
            if (given.kind === 'variable') this.#takeAddress(given);
        }
        return this.#visitChildren(node);
      case 'unary':
        if (node.operator === '&' && node.operand.kind === 'variable')
          this.#takeAddress(node.operand);
        return this.#visitChildren(node);
      case 'sizeof':
      case 'typeof':
      case 'typeinfo':
      case 'offsetof':
        this.#unevaluated++;
        this.#visitChildren(node);
        this.#unevaluated--;
        return;
      default:
        return this.#visitChildren(node);
    }
  }

  #visitChildren(node: AnyNode): void {
    for (const child of children(node)) this.visit(child);
  }

  #inScope(inside: () => void): void {
    this.#scopes.push(new Map());
    inside();
    for (const [name, declaration] of this.#scopes.pop() ?? []) {
      if (!declaration.assigned) this.#diagnostics.add(neverAssigned(declaration.span, name));
    }
  }

  #assign({ target, operator, value }: Assignment): void {
    this.visit(value);
    if (target.kind === 'map') return this.visit(target);
    const declaration = this.#find(target.name);
    if (operator !== '=' && declaration === undefined) return this.#use(target);
    const found = declaration ?? this.#declare(target);
    found.assigned = true;
    this.names.set(target, found.unique);
  }

  #declareLet({ variable, value, span }: Let): void {
    if (value !== undefined) this.visit(value);
    const first = this.#find(variable.name);
    if (first !== undefined) {
      this.#diagnostics.add(shadowed(span, variable.name, first.span));
      return;
    }
    const declaration = this.#declare(variable);
    declaration.assigned = value !== undefined;
    this.names.set(variable, declaration.unique);
  }

  #loop({ variable, iterable, body }: For): void {
    const first = this.#find(variable.name);
    if (first !== undefined) {
      this.#diagnostics.add(loopShadows(variable.span, variable.name, first.span));
    }
    this.visit(iterable);
    this.#inScope(() => {
      const declaration = this.#declare(variable);
      declaration.assigned = true;
      this.names.set(variable, declaration.unique);
      this.visit(body);
    });
  }

  /** Whoever is given the variable itself may assign to it. */
  #takeAddress({ name }: Variable): void {
    const declaration = this.#find(name);
    if (declaration !== undefined) declaration.assigned = true;
  }

  #use(variable: Variable): void {
    const { name, span } = variable;
    const declaration = this.#find(name);
    if (declaration === undefined) {
      const visible = this.#scopes.flatMap((scope) => [...scope.keys()]);
      this.#diagnostics.add(undefinedVariable(span, name, suggest(name, visible)));
      return;
    }
    if (!declaration.assigned && this.#unevaluated === 0) {
      this.#diagnostics.add(usedBeforeAssigned(span, name));
    }
    this.names.set(variable, declaration.unique);
  }

  #find(name: string): Declaration | undefined {
    return this.#scopes.findLast((scope) => scope.has(name))?.get(name);
  }

  #declare({ name, span }: Variable): Declaration {
    let unique = name;
    for (let count = 2; this.#taken.has(unique); count++) unique = `${name}#${count}`;
    this.#taken.add(unique);
    const declaration = { unique, span, assigned: false };
    this.#scopes.at(-1)?.set(name, declaration);
    return declaration;
  }
}
