/** Values that are no plain numbers or texts, for random programs: kept, handed on, compared and printed in all ways. */
import type { Choices } from './choices.ts';
import type { ExpressionWriter } from './expression-writer.ts';
import type { ProbeChoice } from './probe-choices.ts';

interface Special {
  /** What its maps and variables are called. */
  readonly name: string;
  readonly write: (integer: () => string, text: () => string) => string;
  /** May be a key, and in a tuple that is one. */
  readonly keys?: boolean;
  readonly stack?: boolean;
}

const SPECIALS: readonly Special[] = [
  { name: 'kernel_name', write: (integer) => `ksym(${integer()})`, keys: true },
  { name: 'user_name', write: (integer) => `usym(${integer()})`, keys: true },
  { name: 'address', write: (integer) => `ntop((uint32)${integer()})`, keys: true },
  { name: 'address6', write: () => 'ntop(pton("::1"))', keys: true },
  { name: 'host', write: () => 'ntop(AF_INET, $i)', keys: true },
  { name: 'mac', write: () => 'macaddr($p->name)', keys: true },
  { name: 'user', write: () => 'username', keys: true },
  { name: 'group', write: (integer) => `cgroup_path(${integer()})`, keys: true },
  { name: 'time', write: () => 'strftime("%H:%M", nsecs)', keys: true },
  { name: 'bytes', write: (_, text) => `buf(${text()}, 16)`, keys: true },
  { name: 'cells', write: () => 'buf($g->cells)', keys: true },
  { name: 'kept', write: () => '$bytes', keys: true },
  { name: 'pointer', write: () => '$p', keys: true },
  { name: 'whole', write: () => '*$p' },
  { name: 'part', write: () => '$g->both', keys: true },
  { name: 'numbers', write: () => '$g->cells', keys: true },
  { name: 'colour', write: (integer) => `(enum colour)${integer()}`, keys: true },
  { name: 'yes', write: () => '($i > 3)', keys: true },
  { name: 'error', write: (integer) => `strerror(${integer()})`, keys: true },
  { name: 'signal', write: (integer) => `signal_name(${integer()})`, keys: true },
  { name: 'call', write: (integer) => `syscall_name(${integer()})`, keys: true },
  { name: 'joined', write: (_, text) => `str_concat(${text()}, ${text()})`, keys: true },
  { name: 'task', write: () => 'curtask', keys: true },
  { name: 'parent', write: () => 'pcomm', keys: true },
  { name: 'tuple', write: (integer, text) => `((int64)${integer()}, (${text()}, $p))` },
  { name: 'kstack', write: () => 'kstack(5)', keys: true, stack: true },
  { name: 'ustack', write: () => 'ustack(perf, 3)', keys: true, stack: true },
];

export function specialStatements(
  { pick }: Choices,
  expressions: ExpressionWriter,
  { stacks }: ProbeChoice,
): readonly (() => string)[] {
  const integer = (): string => expressions.integer(2);
  const text = (): string => expressions.string(2);
  const boolean = (): string => expressions.boolean(2);
  const all = SPECIALS.filter(({ stack = false }) => stacks || !stack);
  const keys = all.filter(({ keys: may = false }) => may);
  const of = (special: Special): string => special.write(integer, text);
  return [
    () => printed(of(pick(all))),
    () => `print((${of(pick(all))}, ${of(pick(all))}, 1));`,
    () => `print((a = ${of(pick(all))}, b = (${of(pick(all))}, ${boolean()})));`,
    () => `printf("%s %s\\n", ${of(pick(keys))}, ${of(pick(keys))});`,
    () => `{ let $s = ${of(pick(all))}; print($s); print((1, $s)); }`,
    () => {
      const special = pick(all);
      return `@value_${special.name} = ${of(special)}; print(@value_${special.name});`;
    },
    () => {
      const special = pick(all);
      const map = `@values_${special.name}`;
      return `${map}[${integer()}, comm] = (${of(special)}, 1); for ($kv : ${map}) { print($kv.1.0); }`;
    },
    () => {
      const special = pick(keys);
      const map = `@by_${special.name}`;
      return `${map}[${of(special)}] = count(); for ($kv : ${map}) { print($kv.0); }`;
    },
    () => {
      const special = pick(keys);
      const map = `@pairs_by_${special.name}`;
      return `${map}[${of(special)}, ${text()}] = 1; print(has_key(${map}, (${of(special)}, ${text()})));`;
    },
    () => {
      const special = pick(keys);
      const map = `@history_${special.name}`;
      return `${map}[${of(special)}] = hist(${integer()}); delete(${map}, ${of(special)});`;
    },
    () => {
      const special = pick(all);
      const map = `@copied_${special.name}`;
      return `{ let $c = (${of(special)}, $i); ${map}[1] = $c; ${map}[2] = ${map}[1]; }`;
    },
    () => `if (${boolean()}) { _ = ${of(pick(all))}; }`,
  ];
}

function printed(value: string): string {
  return `print(${value});`;
}
