/** Statements without statements in them, for random programs. */
import type { Choices } from './choices.ts';
import type { ExpressionWriter } from './expression-writer.ts';
import type { ProbeChoice } from './probe-choices.ts';

const OPERATORS = ['+=', '-=', '*=', '|=', '&=', '^=', '/=', '%=', '<<=', '>>='] as const;

/** Stacks of one mode and limit in each map. */
const STACKS = [
  ['@kernel', 'kstack'],
  ['@user', 'ustack'],
  ['@short', 'kstack(3)'],
  ['@perf', 'ustack(perf, 4)'],
  ['@raw', 'kstack(raw)'],
] as const;

const PRINTED = [
  '$pair',
  '$record',
  '$deep',
  '$text',
  '$i',
  '$yes',
  '$bytes',
  '$p',
  '*$p',
  '$g->pairs',
  '@by_text["a"]',
  '@by_record[(a = 1, b = "a")]',
  '(1, "a")',
  '(a = $i, b = (comm, $yes))',
  '@plain',
  '@by_integer, 3',
  '@by_integer, 5, 2',
  '@count',
  '@texts',
  '@nested',
  '(enum colour)$i',
] as const;

export function simpleStatements(
  { pick }: Choices,
  expressions: ExpressionWriter,
  probe: ProbeChoice,
): readonly (() => string)[] {
  const integer = (): string => expressions.integer(1);
  const text = (): string => expressions.string(1);
  const boolean = (): string => expressions.boolean(1);
  const key = (): string => `(int64)${integer()}`;
  const [stacks, stack] = probe.stacks ? pick(STACKS) : ['@names', 'comm'];
  return [
    ...assignments(pick, { integer, text, boolean, key }),
    ...aggregations({ integer, text, key }),
    () => `${stacks}[${stack}] = count();`,
    () => `printf("%d %s %x %p\\n", ${integer()}, ${text()}, ${integer()}, $p);`,
    () =>
      `printf("%-10s|%5d|%05x|%c|%hhd|%hu|%.3s|%llu\\n", ${text()}, $i, $i, $i, $i, $j, ${text()}, ${integer()});`,
    () => `printf("%s %d\\n", ${boolean()} ? "yes" : "no", ${integer()});`,
    () => `printf("%s %s %s\\n", usym($j), (enum colour)$i, $g->pairs[0].name);`,
    () =>
      `printf("%rh %rx %s\\n", buf(${text()}, ${integer()}), buf($g->cells), macaddr($p->name));`,
    () => `printf("%s %s\\n", ksym(${integer()}), ntop(${integer()}));`,
    () => `printf("%r %s\\n", buf($text, 8), ${text()});`,
    () => `print(${pick(PRINTED)});`,
    () => `print((${integer()}, ${text()}, ${boolean()}));`,
    () => `errorf("%d %s\\n", ${integer()}, ${text()});`,
    () => `time("%H:%M:%S\\n"); printf("%s\\n", strftime("%H", nsecs));`,
    () => `cat("/proc/%d/stat", ${integer()}); join($j);`,
    () => `_ = delete(@by_integer, ${key()});`,
    () => `delete(@by_pair, (${key()}, ${text()})); delete(@recent[${key()}]);`,
    () => `clear(@by_text); zero(@count);`,
    () => `if (find(@by_integer, ${key()}, $i)) { $j++; }`,
    () => `raise($i); $j = (uint64)twice($i);`,
    () => `keep(@by_integer, ${key()}, ${key()});`,
    () => `logged(${key()});`,
    () => `unless(${boolean()}, { $i = ${key()}; });`,
    () => `if (${boolean()}) { return; }`,
  ];
}

interface Writers {
  readonly integer: () => string;
  readonly text: () => string;
  readonly boolean: () => string;
  readonly key: () => string;
}

function assignments(
  pick: Choices['pick'],
  { integer, text, boolean, key }: Writers,
): readonly (() => string)[] {
  const operator = (): string => pick(OPERATORS);
  return [
    () => `$i = (int64)${integer()};`,
    () => `$j = (uint64)${integer()};`,
    () => `$small = (int8)${integer()};`,
    () => `$i ${operator()} ${integer()};`,
    () => `$yes = ${boolean()};`,
    () => `$text = ${pick(['comm', '"other"', '$text'])};`,
    () => `$pair = ((int64)${integer()}, comm);`,
    () => `$record = (a = (int64)${integer()}, b = comm);`,
    () =>
      `$deep = (a = ((int64)${integer()}, (b = (int8)${integer()}, c = comm)), d = ${boolean()});`,
    () => `$bytes = (uint8[8])(uint64)${integer()};`,
    () => `$p = (struct pair *)${integer()}; $g = (struct grid *)${integer()};`,
    () => `$p = $p->next; $g = $g->up;`,
    () => `@plain = (int64)${integer()};`,
    () => `@by_integer[${key()}] = (int64)${integer()};`,
    () => `@by_integer[${key()}] ${operator()} ${integer()};`,
    () => `@by_text[${text()}]++;`,
    () => `@by_pair[${key()}, ${text()}] = (int64)${integer()};`,
    () => `@pairs = ((int64)${integer()}, ${text()});`,
    () => `@texts[${key()}] = ${text()};`,
    () => `@recent[${key()}] = (int64)${integer()}; @own[${key()}] = (int64)${integer()};`,
    () => `@nested[${key()}, ((uint64)${integer()}, ${text()})] = ${key()};`,
    () =>
      `@by_record[(a = ${key()}, b = ${text()})] = (c = (${key()}, ${text()}), d = ${boolean()});`,
    () =>
      `@wide[${key()}, ${key()}, ${text()}, comm, $yes, ($i, $j), pid] = ($i, $j, ${text()}, $pair);`,
  ];
}

function aggregations({ integer, text, key }: Omit<Writers, 'boolean'>): readonly (() => string)[] {
  return [
    () => `@count = count();`,
    () => `@counts[${text()}, ${key()}] = count(); @counted[${key()}] = count();`,
    () => `@sums[${text()}] = sum((int64)${integer()});`,
    () => `@least = min((int64)${integer()}); @most[comm] = max((uint64)${integer()});`,
    () => `@mean[${key()}] = avg((int64)${integer()}); @all[comm] = stats((int64)${integer()});`,
    () => `@sizes = hist(${integer()});`,
    () => `@fine[${text()}] = hist(${integer()}, 3);`,
    () => `@steps[comm] = lhist(${integer()}, 0, 100, 10);`,
    () => `@series = tseries((int64)${integer()}, 1s, 5);`,
    () => `@highest[${text()}] = tseries((int64)${integer()}, 100ms, 5, "max");`,
  ];
}
