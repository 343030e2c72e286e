/** Whole programs: the C section, config and imports, then probes, macros, functions and map declarations. */
import type {
  AttachPoint,
  Expression,
  Identifier,
  Import,
  Item,
  Macro,
  MapDeclaration,
  MapReference,
  Probe,
  Program,
  Subprogram,
  Variable,
} from './ast.ts';
import type { ConfigBlock, ConfigEntry } from './config-block.ts';
import {
  builtinAsParameter,
  duplicateConfig,
  expected,
  lateConfig,
  lateDefinition,
  lateImport,
  rootLet,
} from '../diagnostics/messages/syntax.ts';
import { join, span } from '../source.ts';
import { attachPointEnd } from './attach-point-text.ts';
import { isBuiltinName } from './builtin-names.ts';
import { atDefinition, readDefinition, readDirective } from './c-section.ts';
import { StatementParser } from './statement-parser.ts';

/** What the kernel counts entries with has 32 bits. */
const MAX_MAP_ENTRIES = 0xffff_ffffn;

export class ProgramParser extends StatementParser {
  /** program := ['#!' line] c-definition* (config | import)* item* */
  program(): Program {
    if (this.text.startsWith('#!', this.current.start)) this.jump(this.#lineEnd());
    const definitions = [];
    for (let next = this.#definition(); next !== undefined; next = this.#definition()) {
      definitions.push(next);
    }
    let config: ConfigBlock | undefined;
    const imports: Import[] = [];
    for (;;) {
      if (this.at('config')) {
        if (config !== undefined) this.fail(duplicateConfig(this.faultSpan()));
        config = this.#config();
      } else if (this.at('import')) {
        imports.push(this.#rootImport());
      } else {
        break;
      }
    }
    const items: Item[] = [];
    while (!this.atEnd()) items.push(this.#item());
    const where = span(this.source, 0, this.text.length);
    return { kind: 'program', span: where, definitions, config, imports, items };
  }

  #lineEnd(): number {
    const end = this.text.indexOf('\n', this.current.start);
    return end === -1 ? this.text.length : end;
  }

  /** c-definition := '#' line | ('struct' | 'union' | 'enum') … '{' … '}' attribute* [';'] */
  #definition(): Program['definitions'][number] | undefined {
    const { start } = this.current;
    const definition =
      this.text.charAt(start) === '#' && this.text.charAt(start + 1) !== '!'
        ? readDirective(this.source, start)
        : atDefinition(this.text, start)
          ? readDefinition(this.source, start)
          : undefined;
    if (definition !== undefined) this.jump(definition.span.end);
    return definition;
  }

  /** item := probe | macro | function | map-declaration */
  #item(): Item {
    const late = this.#definition();
    if (late !== undefined) this.fail(lateDefinition(late.span));
    switch (this.current.text) {
      case 'config':
        return this.fail(lateConfig(this.faultSpan()));
      case 'import':
        return this.fail(lateImport(this.faultSpan()));
      case 'macro':
        return this.#macro();
      case 'fn':
        return this.#subprogram();
      case 'let':
        if (this.following.kind !== 'map') this.fail(rootLet(this.faultSpan()));
        return this.#mapDeclaration();
      default:
        return this.#probe();
    }
  }

  /** config := 'config' '=' '{' [entry (';' entry)* [';']] '}' */
  #config(): ConfigBlock {
    const { start } = this.expect('config');
    this.expect('=');
    this.expect('{');
    const entries: ConfigEntry[] = [];
    while (!this.at('}') && !this.atEnd()) {
      entries.push(this.#configEntry());
      if (!this.at('}')) this.expect(';');
    }
    this.expect('}');
    return { kind: 'config', span: this.spanFrom(start), entries };
  }

  /** entry := name '=' (string | integer | 'true' | 'false' | name) */
  #configEntry(): ConfigEntry {
    const key = this.expectIdentifier('config key');
    const keySpan = this.spanFrom(key.start);
    this.expect('=');
    const { start } = this.current;
    const value = this.#configValue();
    const valueSpan = this.spanFrom(start);
    return { span: join(keySpan, valueSpan), key: key.text, keySpan, value, valueSpan };
  }

  #configValue(): ConfigEntry['value'] {
    if (this.current.kind === 'string') return this.string().value;
    if (this.current.kind === 'integer') return this.integer('integer').value;
    const { text } = this.expectIdentifier('string, int, boolean, or ident');
    return text === 'true' ? true : text === 'false' ? false : text;
  }

  /** import := 'import' string ';' */
  #rootImport(): Import {
    const { start } = this.expect('import');
    const path = this.importPath();
    const where = this.spanFrom(start);
    if (!this.accept(';')) this.failExpected("';' after import");
    return { kind: 'import', span: where, path };
  }

  /** macro := 'macro' name '(' [parameter (',' parameter)*] ')' block */
  #macro(): Macro {
    const { start } = this.expect('macro');
    const { text: name } = this.expectIdentifier('macro name');
    const where = this.spanFrom(start);
    this.expect('(');
    const parameters = this.at(')') ? [] : this.many(() => this.#macroParameter());
    this.expect(')');
    return { kind: 'macro', span: where, name, parameters, body: this.block() };
  }

  /** parameter := variable | map-name | name */
  #macroParameter(): Variable | MapReference | Identifier {
    const what = 'macro argument ($var, @map, or identifier)';
    if (this.current.kind === 'map') return this.mapName();
    if (this.current.text.startsWith('$')) return this.variable(what);
    const { text: name, start } = this.expectIdentifier(what);
    const where = this.spanFrom(start);
    if (isBuiltinName(name)) this.fail(builtinAsParameter(where, name));
    return { kind: 'identifier', span: where, name };
  }

  /** function := 'fn' name '(' [argument (',' argument)*] ')' ':' type block, argument := variable ':' type */
  #subprogram(): Subprogram {
    const { start } = this.expect('fn');
    const { text: name } = this.expectIdentifier('function name');
    const where = this.spanFrom(start);
    this.expect('(');
    const parameters = this.at(')')
      ? []
      : this.many(() => {
          const variable = this.variable('variable in function argument');
          this.expect(':');
          return { variable, type: this.typeName() };
        });
    this.expect(')');
    this.expect(':');
    const returns = this.typeName();
    return { kind: 'subprogram', span: where, name, parameters, returns, body: this.body() };
  }

  /** map-declaration := 'let' map-name '=' name '(' integer ')' [';'] */
  #mapDeclaration(): MapDeclaration {
    const { start } = this.expect('let');
    const map = this.mapName();
    this.expect('=');
    const type = this.expectIdentifier('map type name');
    const mapTypeSpan = this.spanFrom(type.start);
    this.expect('(');
    const { start: entriesStart } = this.current;
    const wanted = 'positive integer for map declaration max entries';
    const { value: maxEntries } = this.integer(wanted);
    if (maxEntries === 0n || maxEntries > MAX_MAP_ENTRIES) {
      this.fail(expected(this.faultSpan(entriesStart), wanted));
    }
    this.expect(')');
    this.accept(';');
    const where = this.spanFrom(start);
    return {
      kind: 'map-declaration',
      span: where,
      map,
      mapType: type.text,
      mapTypeSpan,
      maxEntries,
    };
  }

  /** probe := attach-point (',' attach-point)* [','] [predicate] block; its span is that of the attach points. */
  #probe(): Probe {
    const { start } = this.current;
    const attachPoints = [this.#attachPoint()];
    while (this.accept(',')) {
      if (this.at('/') || this.at('{')) break;
      attachPoints.push(this.#attachPoint());
    }
    const where = join(
      span(this.source, start, start),
      attachPoints.at(-1)?.span ?? this.faultSpan(),
    );
    const predicate = this.#predicate();
    return { kind: 'probe', span: where, attachPoints, predicate, block: this.body() };
  }

  /** attach-point := [name '='] raw */
  #attachPoint(): AttachPoint {
    const { start } = this.current;
    const end = attachPointEnd(this.text, start);
    if (end === start) {
      this.failExpected('attach point');
    }
    this.jump(end);
    const raw = this.text.slice(start, end);
    const name = /^([^":=]*)=/.exec(raw)?.[1];
    const text = name === undefined ? raw : raw.slice(name.length + 1);
    return { kind: 'attach-point', span: this.spanFrom(start), name, text };
  }

  /** predicate := '/' expression '/' */
  #predicate(): Expression | undefined {
    if (!this.accept('/')) return undefined;
    const predicate = this.expression();
    if (!this.accept('/')) this.failExpected("'/' to close predicate");
    return predicate;
  }
}
