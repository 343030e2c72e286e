/**
 * Scratch variables have block scope. This pass gives each its own name within the probe, so that two blocks may use one
 * name for different things, and reports those that were never declared, assigned or are declared twice.
 *
 * Until bpftrace 0.22 the scope was the probe. Scripts that assign a variable in the branches of an `if` and use it
 * afterwards go on working: it is declared at the start of the probe then, with a warning.
 */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import {
  leavesBlock,
  loopShadows,
  neverAssigned,
  shadowed,
  usedBeforeAssigned,
} from '../diagnostics/messages/flow.ts';
import type { VariableOrigin } from '../diagnostics/messages/flow.ts';
import { undefinedVariable } from '../diagnostics/messages/names.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { Span } from '../source.ts';
import type { AnyNode, Assignment, Block, For, Let, Subprogram, Variable } from '../syntax/ast.ts';
import { children, rewrite } from '../syntax/visit.ts';
import type { BoundProbe } from './bind-probes.ts';

interface Declaration {
  unique: string;
  readonly span: Span;
  readonly origin: VariableOrigin;
  /** By an assignment, not by `let`, a loop or a parameter. */
  readonly implicit: boolean;
  assigned: boolean;
}

interface Scope {
  readonly declared: Map<string, Declaration>;
  /** Implicit declarations of the blocks inside that have ended. */
  readonly left: Map<string, readonly Declaration[]>;
}

export function resolveVariables(probe: BoundProbe, diagnostics: Diagnostics): BoundProbe {
  const resolver = new VariableResolver(diagnostics);
  if (probe.function === undefined) resolver.visit(probe.body);
  else resolver.visitFunction(probe.function, probe.body);
  const body = rewrite(probe.body, (node) => {
    const found = node.kind === 'variable' ? resolver.names.get(node) : undefined;
    return found === undefined || node.kind !== 'variable' ? node : { ...node, name: found.unique };
  });
  const hoisted = resolver.hoisted.map(declared);
  return { ...probe, body: { ...body, statements: [...hoisted, ...body.statements] } };
}

function declared({ unique, span }: Declaration): Let {
  const variable: Variable = { kind: 'variable', span, name: unique };
  return { kind: 'let', span, variable, type: undefined, value: undefined };
}

class VariableResolver {
  readonly names: Map<AnyNode, Declaration> = new Map();
  /** Used outside of the blocks that assign them. */
  readonly hoisted: Declaration[] = [];
  readonly #diagnostics: Diagnostics;
  readonly #scopes: Scope[] = [];
  readonly #taken = new Set<string>();
  /** Inside `sizeof` and the like, where a variable is not read. */
  #unevaluated = 0;

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  /** Parameters are around the body, and their types may name them in any order. */
  visitFunction({ parameters, returns }: Subprogram, body: Block): void {
    this.#inScope(() => {
      for (const { variable } of parameters) {
        const first = this.#find(variable.name);
        if (first !== undefined) {
          this.#diagnostics.add(shadowed(variable.span, variable.name, first.origin));
        }
        this.#declare(variable, 'function parameter').assigned = true;
      }
      for (const { type } of parameters) this.visit(type);
      this.visit(returns);
      this.visit(body);
    });
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
    const scope: Scope = { declared: new Map(), left: new Map() };
    this.#scopes.push(scope);
    inside();
    this.#scopes.pop();
    for (const [name, declaration] of scope.declared) {
      if (!declaration.assigned) this.#diagnostics.add(neverAssigned(declaration.span, name));
      if (declaration.implicit) this.#leave(name, [declaration]);
    }
    for (const [name, declarations] of scope.left) this.#leave(name, declarations);
  }

  #leave(name: string, declarations: readonly Declaration[]): void {
    const left = this.#scopes.at(-1)?.left;
    left?.set(name, [...(left.get(name) ?? []), ...declarations]);
  }

  #assign({ target, operator, value, span }: Assignment): void {
    this.visit(value);
    if (target.kind === 'map') return this.visit(target);
    const declaration = this.#find(target.name);
    if (operator !== '=' && declaration === undefined) return this.#use(target);
    const found = declaration ?? this.#declare(target, 'initial assignment', span);
    found.assigned = true;
    this.names.set(target, found);
  }

  #declareLet({ variable, type, value, span }: Let): void {
    // Without the value.
    const declared = { ...span, end: (type ?? variable).span.end };
    if (value !== undefined) this.visit(value);
    const first = this.#find(variable.name);
    if (first !== undefined) {
      this.#diagnostics.add(shadowed(declared, variable.name, first.origin));
      return;
    }
    const declaration = this.#declare(variable, 'initial declaration', declared);
    declaration.assigned = value !== undefined;
    this.names.set(variable, declaration);
  }

  #loop({ variable, iterable, body }: For): void {
    const first = this.#find(variable.name);
    if (first !== undefined) {
      this.#diagnostics.add(loopShadows(variable.span, variable.name, first.origin));
    }
    this.visit(iterable);
    this.#inScope(() => {
      const declaration = this.#declare(variable, 'loop variable');
      declaration.assigned = true;
      this.names.set(variable, declaration);
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
    const declaration = this.#find(name) ?? this.#hoist(name, span);
    if (declaration === undefined) {
      const visible = this.#scopes.flatMap((scope) => [...scope.declared.keys()]);
      this.#diagnostics.add(undefinedVariable(span, name, suggest(name, visible)));
      return;
    }
    if (!declaration.assigned && this.#unevaluated === 0) {
      this.#diagnostics.add(usedBeforeAssigned(span, name));
    }
    this.names.set(variable, declaration);
  }

  #find(name: string): Declaration | undefined {
    return this.#scopes.findLast((scope) => scope.declared.has(name))?.declared.get(name);
  }

  /** What blocks before this use assigned becomes one variable. */
  #hoist(name: string, span: Span): Declaration | undefined {
    const scope = this.#scopes.findLast(({ left }) => left.has(name));
    const [first, ...others] = scope?.left.get(name) ?? [];
    if (scope === undefined || first === undefined) return undefined;
    this.#diagnostics.add(leavesBlock(span, name, first.span));
    for (const other of others) other.unique = first.unique;
    scope.declared.set(name, first);
    this.hoisted.push(first);
    return first;
  }

  #declare({ name, span }: Variable, what: VariableOrigin['what'], at = span): Declaration {
    let unique = name;
    for (let count = 2; this.#taken.has(unique); count++) unique = `${name}#${count}`;
    this.#taken.add(unique);
    const implicit = what === 'initial assignment';
    const declaration = { unique, span, origin: { span: at, what }, implicit, assigned: false };
    this.#scopes.at(-1)?.declared.set(name, declaration);
    return declaration;
  }
}
