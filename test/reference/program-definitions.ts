/** What every random program begins with, and what may be referred to in all of its probes. */
import type { Choices } from './choices.ts';

const SETTINGS = [
  '',
  'max_strlen = 64',
  'max_strlen = 200',
  'max_strlen = 4000',
  'max_strlen = 65000',
  'max_map_keys = 16',
  'on_stack_limit = 64',
  'lazy_symbolication = true; show_debug_info = false',
  'stack_mode = "perf"; max_strlen = 1000',
] as const;

const TYPES = `
struct pair { int first; char name[8]; struct pair *next; unsigned low : 3, high : 5; };
union both { int number; char bytes[4]; };
struct grid { int cells[4]; struct pair pairs[2]; union both both; struct grid *up; };
enum colour { RED, GREEN = 5 };`;

const DEFINITIONS = `
let @recent = lruhash(64);
let @own = hash(32); let @counted = percpuhash(64); let @mean = percpulruhash(64);
macro twice(value) { value * 2 }
macro raise($value) { $value += 1; }
macro keep(@map, key, value) { @map[key] = value; }
macro let_in($v) { let $inner = $v + 1; $v = $inner; }
macro reading(@map, key) { @map[key] + 1 }
macro first_of(pair) { pair.0 }
macro unless(condition, block) { if (!(condition)) { block } }
fn larger($a : int64, $b : int64) : int64 { if ($a > $b) { return $a; } return $b; }
fn flag($b : bool, $i : int8) : bool { if ($b) { return $i > 0; } return false; }
fn text_of($t : string[16]) : string[16] { return $t; }
fn deref($p : struct pair *) : int32 { return $p->first; }
fn byte_of($a : uint8[8]) : uint8 { return $a[3]; }
fn walk($n : int64) : int64 { $s = (int64)0; for ($i : 0..$n) { $s += $i; if ($s > 100) { break; } }
  while ($s > 10) { $s /= 2; } return $s; }
fn logged($n : int64) : void { printf("%d %s\\n", $n, comm); @logged[$n] = count(); }
fn named($a : int64, $t : string[16]) : uint64 { if ($t == "a") { return 1; } return strlen($t); }
BEGIN { @plain = 1; @by_integer[3] = 1; @by_text["a"] = 1; @count = count(); @sums["x"] = sum(1); @recent[1] = 1;
  @by_pair[(int64)1, "a"] = 1; @pairs = ((int64)1, "a"); @texts[1] = "text"; @own[1] = 1; @counted[1] = count();
  @nested[(int64)1, ((uint64)1, "a")] = 1; @by_record[(a = (int64)1, b = "a")] = (c = ((int64)1, "a"), d = true);
  @mean[(int64)1] = avg((int64)1); @least = min((int64)1); @most["a"] = max((uint64)1);
  @pairs_of[((int64)1, comm)] = ((int64)1, str(0, 64)); @least_by[(int64)1] = min((uint64)1);
  @wide_values[(int64)1] = ((int64)1, str(0, 64), (a = ((int64)1, (b = (int8)2, c = comm)), d = true)); }`;

export function programHead({ pick }: Choices): string {
  const setting = pick(SETTINGS);
  const config = setting === '' ? '' : `\nconfig = { ${setting} }`;
  return `${TYPES}${config}${DEFINITIONS}`;
}

/** Declared where a body begins. */
export const VARIABLES = `
  let $i : int64 = 1; let $j : uint64 = 2; let $small : int8 = 3; let $yes : bool = true;
  let $text : string[64] = "text"; let $pair = ((int64)1, comm); let $record = (a = (int64)1, b = comm);
  let $deep = (a = ((int64)1, (b = (int8)2, c = comm)), d = true);
  let $p : struct pair * = (struct pair *)$j; let $g : struct grid * = (struct grid *)$j;
  let $bytes = (uint8[8])$j;`;

export const BUILTINS: readonly string[] = [
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
  '(ncpus + pid)',
  'numaid',
];

export const MAP_INTEGERS: readonly string[] = [
  '@plain',
  '@by_integer[3]',
  '@by_text["a"]',
  '(int64)@count',
  '(int64)@sums["x"]',
  '(int64)@least',
  '(int64)@mean[1]',
  '(int64)@counted[1]',
  '@own[1]',
  '@nested[1, (1, "a")]',
  '@by_record[(a = 1, b = "a")].c.0',
  '@by_pair[1, "a"]',
  'len(@by_integer)',
];

export const VARIABLE_INTEGERS: readonly string[] = [
  '$i',
  '$j',
  '$small',
  'twice($j)',
  'larger($i, 5)',
  'named($i, comm)',
  'deref($p)',
  'byte_of($bytes)',
  'walk($i)',
  '$pair.0',
  '$record.a',
  '$deep.a.0',
  '$deep.a.1.b',
  '$bytes[3]',
  '$bytes[$j % 8]',
  '((int32[2])$j)[1]',
  '$p.first',
  '$p->next->low',
  '$p->name[2]',
  '$g->cells[1]',
  '$g->cells[$j % 4]',
  '$g->pairs[1].high',
  '$g->both.number',
  '$g->up->up->pairs[0].next->low',
  '*(uint16 *)$j',
  '($i++)',
  '(--$j)',
  '($i + GREEN)',
  '(sizeof(struct pair) + pid)',
  '(offsetof(struct pair, name) + pid)',
  'curtask.pid',
  'curtask.mm.map_count',
  'curtask->group_leader->parent->tgid',
  'bswap((uint32)$j)',
  'strlen($text)',
  'strlen(@texts[1])',
  'strstr(@texts[1], $text)',
  '({ let $k : int64 = 3; $k + 1 })',
  '(if ($yes) { $i } else { 7 })',
  '(if ($i > 3) { let $k = $i * 2; $k } else if ($yes) { 1 } else { $small })',
];

export const STRINGS: readonly string[] = [
  '$text',
  'comm',
  'probe',
  '@texts[1]',
  '@pairs.1',
  '$pair.1',
  '$deep.a.1.c',
  '@by_record[(a = 1, b = "a")].c.1',
  '$p->name',
  'str($j)',
  'str($p->name, 4)',
  'str_concat(comm, "x")',
  'text_of(comm)',
];
