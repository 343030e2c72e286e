/**
 * Writes random well-typed programs. Maps have one type each, given by their names, so that any statement may follow
 * any other; variables are declared where a body begins.
 */
import type { Choices } from './choices.ts';
import { ExpressionWriter } from './expression-writer.ts';
import { PROBES, type ProbeChoice } from './probe-choices.ts';

const BUILTINS = [
  'pid',
  'tid',
  'uid',
  'gid',
  'nsecs',
  'cpu',
  'elapsed',
  'rand',
  'cgroup',
  'jiffies',
];
const INTEGERS = [
  '$i',
  '$j',
  '$small',
  '@plain',
  '@by_integer[3]',
  '@by_text["a"]',
  '(int64)@count',
  '(int64)@sums["x"]',
];
const MAX_NESTING = 3;

export function writeProgram(choices: Choices): string {
  const probes = Array.from({ length: 1 + choices.below(3) }, () =>
    new BodyWriter(choices, choices.pick(PROBES)).probe(),
  );
  return [header(choices), DEFINITIONS, ...probes].join('\n');
}

/** What each program may use. */
const DEFINITIONS = `
let @recent = lruhash(64);
macro twice(value) { value * 2 }
macro raise($value) { $value += 1; }
BEGIN { @plain = 1; @by_integer[3] = 1; @by_text["a"] = 1; @count = count(); @sums["x"] = sum(1); @recent[1] = 1;
  @by_pair[(int64)1, "a"] = 1; @pairs = ((int64)1, "a"); @texts[1] = "text"; }`;

function header({ pick }: Choices): string {
  const setting = pick([
    '',
    'max_strlen = 64',
    'max_strlen = 200',
    'max_strlen = 4000',
    'max_map_keys = 16',
  ]);
  const types =
    'struct pair { int first; char name[8]; struct pair *next; unsigned low : 3, high : 5; };';
  return setting === '' ? types : `${types}\nconfig = { ${setting} }`;
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
      integers: [...INTEGERS, ...BUILTINS, ...TYPED_INTEGERS, ...probe.integers],
      booleans: ['$yes', 'has_key(@by_integer, 3)'],
      strings: ['$text', 'comm', 'probe', '@texts[1]', '$pair.1', ...probe.strings],
    });
  }

  probe(): string {
    const predicate = this.#choices.below(3) === 0 ? `/ ${this.#predicate()} / ` : '';
    return `${this.#probe.attachPoint} ${predicate}{
  let $i : int64 = 1; let $j : uint64 = 2; let $small : int8 = 3; let $yes : bool = true;
  let $text : string[64] = "text"; let $pair = ((int64)1, comm); let $record = (a = (int64)1, b = comm);
  let $p : struct pair * = (struct pair *)$j;
${this.#block(1)}
}`;
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
    const simple = this.#simple();
    if (nesting >= MAX_NESTING) return pick(simple)();
    return pick([...simple, ...this.#nested(nesting + 1)])();
  }

  #nested(nesting: number): readonly (() => string)[] {
    const body = (): string => `{\n${this.#block(nesting)}\n${'  '.repeat(nesting - 1)}}`;
    const limit = `$n${this.#loops++}`;
    return [
      () => `if (${this.#boolean()}) ${body()}`,
      () => `if (${this.#boolean()}) ${body()} else ${body()}`,
      () => `unroll (2) ${body()}`,
      () =>
        `let ${limit} = 0; while (${limit} < 3) { ${limit}++; if (${this.#boolean()}) { break; } ${body()} }`,
      () => `for (${limit} : 0..5) ${body()}`,
      () =>
        `for (${limit} : @by_integer) { $i += ${limit}.0; @plain = ${limit}.1; if (${this.#boolean()}) { continue; } }`,
      () => body(),
    ];
  }

  #simple(): readonly (() => string)[] {
    const integer = (): string => this.#expressions.integer(1);
    const text = (): string => this.#expressions.string(1);
    const key = (): string => `(int64)${integer()}`;
    const operator = (): string =>
      this.#choices.pick(['+=', '-=', '*=', '|=', '&=', '^=', '/=', '%=', '<<=', '>>=']);
    const [stacks, stack] = this.#probe.stacks ? this.#choices.pick(STACKS) : ['@names', 'comm'];
    return [
      () => `$i = (int64)${integer()};`,
      () => `$j = (uint64)${integer()};`,
      () => `$small = (int8)${integer()};`,
      () => `$i ${operator()} ${integer()};`,
      () => `$yes = ${this.#boolean()};`,
      () => `$pair = ((int64)${integer()}, comm);`,
      () => `$record = (a = (int64)${integer()}, b = comm);`,
      () => `@plain = (int64)${integer()};`,
      () => `@by_integer[${key()}] = (int64)${integer()};`,
      () => `@by_integer[${key()}] ${operator()} ${integer()};`,
      () => `@by_text[${text()}]++;`,
      () => `@by_pair[${key()}, ${text()}] = (int64)${integer()};`,
      () => `@pairs = ((int64)${integer()}, ${text()});`,
      () => `@texts[${key()}] = ${text()};`,
      () => `@recent[${key()}] = (int64)${integer()};`,
      () => `@count = count();`,
      () => `@counts[${text()}, ${key()}] = count();`,
      () => `@sums[${text()}] = sum((int64)${integer()});`,
      () => `@least = min((int64)${integer()}); @most[comm] = max((uint64)${integer()});`,
      () => `@mean[${key()}] = avg((int64)${integer()}); @all[comm] = stats((int64)${integer()});`,
      () => `@sizes = hist(${integer()});`,
      () => `@fine[${text()}] = hist(${integer()}, 3);`,
      () => `@steps[comm] = lhist(${integer()}, 0, 100, 10);`,
      () => `${stacks}[${stack}] = count();`,
      () => `printf("%d %s %x %p\\n", ${integer()}, ${text()}, ${integer()}, $p);`,
      () => `printf("%s %d\\n", ${this.#boolean()} ? "yes" : "no", ${integer()});`,
      () =>
        `print(${this.#choices.pick(['$pair', '$record', '$text', '$i', '$yes', '@by_text["a"]', '(1, "a")'])});`,
      () => `print(${this.#choices.pick(['@plain', '@by_integer, 3', '@count', '@texts'])});`,
      () => `_ = delete(@by_integer, ${key()});`,
      () => `clear(@by_text); zero(@count);`,
      () => `if (find(@by_integer, ${key()}, $i)) { $j++; }`,
      () => `time("%H:%M:%S\\n"); printf("%s\\n", strftime("%H", nsecs));`,
      () => `printf("%s %s\\n", ksym(${integer()}), ntop(${integer()}));`,
      () => `printf("%r %s\\n", buf($text, 8), ${text()});`,
      () => `raise($i); $j = (uint64)twice($i);`,
      () => `if (${this.#boolean()}) { return; }`,
    ];
  }

  #boolean(): string {
    return this.#expressions.boolean(1);
  }
}

/** Stacks of one mode and limit in each map. */
const STACKS = [
  ['@kernel', 'kstack'],
  ['@user', 'ustack'],
  ['@short', 'kstack(3)'],
  ['@perf', 'ustack(perf, 4)'],
] as const;

const TYPED_INTEGERS = [
  'twice($j)',
  '$pair.0',
  '$record.a',
  '$p.first',
  '$p->next->low',
  '(sizeof(struct pair) + pid)',
  '(offsetof(struct pair, name) + pid)',
  'curtask.pid',
  'curtask.mm.map_count',
  'len(@by_integer)',
  '({ let $k : int64 = 3; $k + 1 })',
  '(if ($yes) { $i } else { 7 })',
];
