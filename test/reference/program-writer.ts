/**
 * Writes random well-typed programs. Maps have one type each, given by their names, so that any statement may follow
 * any other; variables are declared where a body begins.
 */
import type { Choices } from './choices.ts';
import { ExpressionWriter } from './expression-writer.ts';
import { probesWith, type ProbeChoice, type ProbeFeatures } from './probe-choices.ts';
import {
  BUILTINS,
  MAP_INTEGERS,
  programHead,
  STRINGS,
  VARIABLE_INTEGERS,
  VARIABLES,
} from './program-definitions.ts';
import { callStatements } from './call-statements.ts';
import { simpleStatements } from './simple-statements.ts';
import { specialStatements } from './special-values.ts';

const MAX_NESTING = 4;

/** @param features which probes the kernel has beside those that all have */
export function writeProgram(choices: Choices, features: ProbeFeatures): string {
  const possible = probesWith(features);
  const probes = Array.from({ length: 1 + choices.below(3) }, (_, index) => {
    const probe = choices.pick(possible);
    const attachPoint = probe.attachPoint.replace('NUMBER', `${index}`);
    return new BodyWriter(choices, { ...probe, attachPoint }).probe();
  });
  return [programHead(choices), ...probes].join('\n');
}

class BodyWriter {
  readonly #choices: Choices;
  readonly #probe: ProbeChoice;
  readonly #expressions: ExpressionWriter;
  #loops = 0;

  constructor(choices: Choices, probe: ProbeChoice) {
    this.#choices = choices;
    this.#probe = probe;
    this.#expressions = new ExpressionWriter(choices, {
      integers: [...VARIABLE_INTEGERS, ...MAP_INTEGERS, ...BUILTINS, ...probe.integers],
      booleans: ['$yes', '$deep.d', 'has_key(@by_integer, 3)', 'flag($yes, $small)'],
      strings: [...STRINGS, ...probe.strings],
    });
  }

  probe(): string {
    const predicate = this.#choices.below(3) === 0 ? `/ ${this.#predicate()} / ` : '';
    const end = this.#choices.below(8) === 0 ? `exit(${this.#expressions.integer(2)});` : '';
    return `${this.#probe.attachPoint} ${predicate}{${VARIABLES}\n${this.#block(1)}\n${end}}`;
  }

  /** No variable is declared before the body. */
  #predicate(): string {
    const { integers, strings } = this.#probe;
    const scope = {
      integers: [...BUILTINS, '@plain', ...integers],
      booleans: ['has_key(@by_integer, 3)', '(pid == 1)'],
      strings: ['comm', 'probe', ...strings],
    };
    return new ExpressionWriter(this.#choices, scope).boolean(1);
  }

  #block(nesting: number): string {
    const statements = Array.from({ length: 1 + this.#choices.below(4) }, () =>
      this.#statement(nesting),
    );
    return statements.map((text) => '  '.repeat(nesting) + text).join('\n');
  }

  #statement(nesting: number): string {
    const { pick } = this.#choices;
    const simple = [
      ...simpleStatements(this.#choices, this.#expressions, this.#probe),
      ...callStatements(this.#choices, this.#expressions, this.#probe),
      ...specialStatements(this.#choices, this.#expressions, this.#probe),
    ];
    if (nesting >= MAX_NESTING) return pick(simple)();
    return pick(this.#choices.below(2) === 0 ? simple : this.#nested(nesting + 1))();
  }

  #nested(nesting: number): readonly (() => string)[] {
    const block = (): string => `\n${this.#block(nesting)}\n${'  '.repeat(nesting - 1)}`;
    const body = (): string => `{${block()}}`;
    /** A body that may end or leave its loop early. */
    const turn = (): string =>
      `{ if (${this.#boolean()}) { ${this.#choices.pick(['break', 'continue', 'return'])}; } ${block()}}`;
    const name = `$n${this.#loops++}`;
    return [
      () => `if (${this.#boolean()}) ${body()}`,
      () => `if (${this.#boolean()}) ${body()} else ${body()}`,
      () => `if (${this.#boolean()}) ${body()} else if (${this.#boolean()}) ${body()}`,
      () => `unroll (2) ${body()}`,
      () => `unroll (40) ${body()}`,
      () => `let ${name} = 0; while (${name} < 3) { ${name}++; ${turn()} }`,
      () => `for (${name} : 0..5) ${turn()}`,
      () => `for (${name} : 0..$i) { $j += (uint64)${name}; ${turn()} }`,
      () => `for (${name} : 0..100) ${turn()}`,
      () => `while (${this.#boolean()}) ${turn()}`,
      () => `for (${name} : @by_integer) { $i += ${name}.0; @plain = ${name}.1; ${turn()} }`,
      () => `for (${name} : @counted) { $i += ${name}.0 + (int64)${name}.1; ${turn()} }`,
      () => `for (${name} : @nested) { $j += ${name}.0.1.0; ${turn()} }`,
      () => `for (${name} : @by_record) { $i = ${name}.0.a + ${name}.1.c.0; ${turn()} }`,
      () => `unless(${this.#boolean()}, ${body()});`,
      () => body(),
    ];
  }

  #boolean(): string {
    return this.#expressions.boolean(1);
  }
}
