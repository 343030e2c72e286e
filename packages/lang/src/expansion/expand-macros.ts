/**
 * Calls of macros give way to the bodies of the macros. Bodies are hygienic: their variables get names that no other variable
 * has, their maps must be parameters, and what is passed keeps the meaning it has where it was written.
 */
import { isNativeCall } from '../builtins/native-call.ts';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import {
  macroTooLarge,
  misplacedTypeArgument,
  recursiveMacro,
  shadowedParameter,
  unhygienicMap,
} from '../diagnostics/messages/macros.ts';
import type {
  AnyNode,
  Call,
  Expression,
  Identifier,
  Macro,
  MapReference,
  Program,
  TypeName,
  Variable,
} from '../syntax/ast.ts';
import { asStatement } from '../syntax/block-values.ts';
import { countNodes } from '../syntax/tree-depth.ts';
import { rewriteChildren, walk } from '../syntax/visit.ts';
import { openFrame, openMacros, type Frame } from './frame.ts';
import { MacroRegistry, type MacroArgument } from './macro-registry.ts';
import { replacePath, replaceType, typeArgument } from './replace-types.ts';
import { reportMismatch } from './report-mismatch.ts';
import { withOrigin } from './with-origin.ts';

/** A program of more nodes would take longer to compile than anybody waits. */
const MAX_NODES = 200_000;
/** Deeper ones could overflow the stack. */
const MAX_OPEN = 60;

export function expandMacros(
  program: Program,
  standard: readonly Macro[],
  diagnostics: Diagnostics,
): Program {
  const user = program.items.filter((item) => item.kind === 'macro');
  const functions = program.items.flatMap((item) =>
    item.kind === 'subprogram' ? [item.name] : [],
  );
  const registry = new MacroRegistry(user, standard, diagnostics);
  const expander = new MacroExpander(registry, new Set(functions), diagnostics);
  const items = program.items.filter((item) => item.kind !== 'macro');
  const expanded = items.map((item) => expander.expand(item, undefined));
  for (const item of expanded) refuseTypeArguments(item, diagnostics);
  return { ...program, items: expanded };
}

class MacroExpander {
  readonly #registry: MacroRegistry;
  /** The program's own: their names are theirs even where the standard library has macros of the same names. */
  readonly #functions: ReadonlySet<string>;
  readonly #diagnostics: Diagnostics;
  readonly #expansions = new Map<Macro, number>();
  #nodesLeft = MAX_NODES;

  constructor(registry: MacroRegistry, functions: ReadonlySet<string>, diagnostics: Diagnostics) {
    this.#registry = registry;
    this.#functions = functions;
    this.#diagnostics = diagnostics;
  }

  /** `frame` is absent outside macros. */
  expand<Tree extends AnyNode>(node: Tree, frame: Frame | undefined): Tree {
    return this.#expand(node, frame) as Tree;
  }

  #expand(node: AnyNode, frame: Frame | undefined): AnyNode {
    switch (node.kind) {
      case 'identifier':
        return this.#identifier(node, frame);
      case 'call':
        return this.#call(node, frame);
      case 'expression-statement': {
        const { expression } = node;
        const expanded = this.expand(expression, frame);
        if (expanded.kind === 'block-expression') return asStatement(expanded);
        return expanded === expression ? node : { ...node, expression: expanded };
      }
      case 'sizeof':
      case 'typeof':
      case 'typeinfo':
        return { ...node, argument: this.#typeOrExpression(node.argument, frame) };
      case 'offsetof': {
        const argument = this.#typeOrExpression(node.argument, frame);
        const path = frame === undefined ? node.path : replacePath(node, frame, this.#diagnostics);
        return { ...node, argument, path };
      }
      case 'type-name':
        return this.#typeName(node, frame);
      default:
        return frame === undefined ? this.#below(node, frame) : this.#inBody(node, frame);
    }
  }

  #below<Tree extends AnyNode>(node: Tree, frame: Frame | undefined): Tree {
    return rewriteChildren(node, (child) => this.#expand(child, frame));
  }

  #inBody(node: AnyNode, frame: Frame): AnyNode {
    switch (node.kind) {
      case 'variable':
        return this.#variable(node, frame);
      case 'map':
        return this.#below(this.#map(node, frame), frame);
      case 'assignment':
        if (node.target.kind === 'variable') this.#own(node.target, frame);
        return this.#below(node, frame);
      case 'for':
        this.#own(node.variable, frame);
        return this.#below(node, frame);
      case 'let':
        if (frame.variables.has(node.variable.name)) {
          this.#diagnostics.add(shadowedParameter(node.span, `$${node.variable.name}`));
        }
        this.#own(node.variable, frame);
        return this.#below(node, frame);
      default:
        return this.#below(node, frame);
    }
  }

  #own({ name }: Variable, frame: Frame): void {
    if (!frame.variables.has(name)) frame.own.add(name);
  }

  #variable(node: Variable, { variables, own, prefix }: Frame): Variable {
    const passed = variables.get(node.name);
    if (passed !== undefined) return { ...node, name: passed };
    return own.has(node.name) ? { ...node, name: `${prefix}${node.name}` } : node;
  }

  #map(node: MapReference, { maps }: Frame): MapReference {
    const passed = maps.get(node.name);
    if (passed !== undefined) return { ...node, name: passed };
    this.#diagnostics.add(unhygienicMap(node.span, node.name));
    return node;
  }

  #typeName(node: TypeName, frame: Frame | undefined): TypeName {
    if (typeof node.base === 'string') {
      return frame === undefined ? node : replaceType(node, frame, this.#diagnostics);
    }
    return { ...node, base: this.expand(node.base, frame) };
  }

  /** A bare word here is a type unless it is a parameter; it is never a macro. */
  #typeOrExpression(argument: MacroArgument, frame: Frame | undefined): MacroArgument {
    if (argument.kind !== 'identifier') return this.expand(argument, frame);
    const passed = frame?.expressions.get(argument.name);
    if (passed === undefined) return argument;
    const type = typeArgument(passed);
    return type === undefined ? this.expand(argument, frame) : withOrigin(type, argument.span);
  }

  #identifier(node: Identifier, frame: Frame | undefined): Expression {
    const passed = frame?.expressions.get(node.name);
    if (passed === undefined) return this.#use(node, node.name, [], frame);
    if (passed.kind !== 'type-name') return this.#copy(passed, node) ?? node;
    this.#diagnostics.add(misplacedTypeArgument(withOrigin(passed, node.span).span));
    return node;
  }

  #call(node: Call, frame: Frame | undefined): Expression {
    const given = node.arguments.map((argument) =>
      argument.kind === 'identifier'
        ? this.#argument(argument, frame)
        : this.expand(argument, frame),
    );
    const changed = given.some((argument, index) => argument !== node.arguments[index]);
    const call = changed ? { ...node, arguments: given } : node;
    return this.#use(call, node.callee, given, frame);
  }

  /** A type that was passed is passed on. */
  #argument(node: Identifier, frame: Frame | undefined): MacroArgument {
    const passed = frame?.expressions.get(node.name);
    return passed?.kind === 'type-name'
      ? withOrigin(passed, node.span)
      : this.expand<Expression>(node, frame);
  }

  /** What a name with arguments stands for: the body of a macro, or itself. */
  #use(
    node: Call | Identifier,
    name: string,
    given: readonly MacroArgument[],
    frame: Frame | undefined,
  ): Expression {
    const found = this.#registry.lookUp(name, given, this.#standard(node, name, frame));
    if (found.kind === 'unknown') return node;
    if (found.kind === 'mismatch') {
      if (!isNativeCall(name, given.length)) {
        reportMismatch(node.span, found.closest, given, this.#diagnostics);
      }
      return node;
    }
    const { definition } = found;
    const { macro } = definition;
    const open = openMacros(frame);
    const again = open.indexOf(macro);
    if (again !== -1 || open.length >= MAX_OPEN) {
      const chain = [...open.slice(Math.max(again, 0)), macro].map((one) => one.name);
      this.#diagnostics.add(recursiveMacro(node.span, chain));
      return node;
    }
    const body = this.#copy(macro.body, node);
    if (body === undefined) return node;
    const expansion = (this.#expansions.get(macro) ?? 0) + 1;
    this.#expansions.set(macro, expansion);
    const inside = openFrame(definition, given, node.span, expansion, frame);
    const block = this.expand(body, inside);
    return { kind: 'block-expression', span: block.span, block };
  }

  /** Which macros a name may mean: those of the standard library, or of the program, or, undefined, any. */
  #standard(
    { kind }: Call | Identifier,
    name: string,
    frame: Frame | undefined,
  ): boolean | undefined {
    if (frame?.definition.standard === true) return true;
    // A word alone is no call of a function.
    return kind === 'call' && this.#functions.has(name) ? false : undefined;
  }

  #copy<Tree extends AnyNode>(tree: Tree, { span }: Call | Identifier): Tree | undefined {
    const before = this.#nodesLeft;
    this.#nodesLeft -= countNodes(tree, before + 1);
    if (this.#nodesLeft >= 0) return withOrigin(tree, span);
    if (before >= 0) this.#diagnostics.add(macroTooLarge(span, MAX_NODES));
    return undefined;
  }
}

/** Functions take values; a type is an argument of macros only. */
function refuseTypeArguments(node: AnyNode, diagnostics: Diagnostics): void {
  walk(node, {
    enter: (inner) => {
      if (inner.kind !== 'call' || inner.callee === 'container_of') return;
      for (const argument of inner.arguments) {
        if (argument.kind === 'type-name') diagnostics.add(misplacedTypeArgument(argument.span));
      }
    },
  });
}
