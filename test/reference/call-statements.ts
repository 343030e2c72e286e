/** Functions of the language that other statements do not call, and forms of statements that are rarely written. */
import type { Choices } from './choices.ts';
import type { ExpressionWriter } from './expression-writer.ts';
import type { ProbeChoice } from './probe-choices.ts';

export function callStatements(
  { pick, below }: Choices,
  expressions: ExpressionWriter,
  { signals = false }: ProbeChoice,
): readonly (() => string)[] {
  const integer = (): string => expressions.integer(2);
  const text = (): string => expressions.string(2);
  const boolean = (): string => expressions.boolean(2);
  return [
    () => `warnf("%s %d\\n", ${text()}, ${integer()});`,
    () => `debugf("%d\\n", ${integer()});`,
    () => `system("echo %d %s", ${integer()}, ${text()});`,
    () =>
      signals ? `signal(${pick(['"SIGUSR1"', '10', '"HUP"', '$i'])}); signal_thread(10);` : '$i++;',
    () => `print(@by_integer, ${pick(['1', '3, 2'])}); print(@count); print(len(@by_text));`,
    () => `print(strftime("%S", nsecs(${pick(['boot', 'tai', 'sw_tai'])})));`,
    () => `$j = nsecs(${pick(['monotonic', 'boot', 'tai', 'sw_tai'])});`,
    () =>
      `$i = (int64)pid(${pick(['init', 'curr_ns'])}) + (int64)tid(${pick(['init', 'curr_ns'])});`,
    () => `print(ppid); print(pcomm(curtask)); print(leader_comm); print(leader_tid);`,
    () => `$j = kaddr("_text") + (uint64)nsecs;`,
    () => `print(*kptr((uint64 *)$j)); print(*uptr((uint32 *)$j));`,
    () =>
      `print(is_err($p)); print(container_of((struct pair **)$j, typeof(struct pair), next)->first);`,
    () => `print(sizeof(struct grid) + offsetof(struct grid, pairs)); print(sizeof($pair));`,
    () => `$yes = ${text()} == ${text()}; $yes = ${text()} != ${text()};`,
    () => `$yes = strcontains(${text()}, ${text()}); $i = strstr(${text()}, ${text()});`,
    () => `$i = (int64)strlen(${text()}); $i = (int64)strcap($text);`,
    () => `$yes = strncmp(${text()}, ${text()}, 5) == 0;`,
    () => `$yes = memcmp($text, comm, 5) == 0;`,
    () => `print($text[${pick(['3', '$j % 60', `(uint16)${integer()}`])}]); print(comm[2]);`,
    () =>
      `print($p->name[(uint64)${integer()}]); print($g->cells[(uint8)${integer()}]); print($bytes[(uint32)${integer()}]);`,
    () => `print($pair[0]); print((1, "a")[1]);`,
    () => `print(${integer()} ?: $i);`,
    () => `$i = ({ let $k = ${integer()}; if ($k > 3) { $i += (int64)$k; } (int64)$k });`,
    () => `$text = ({ if (${boolean()}) { comm } else { "b" } });`,
    () => `$pair = (if (${boolean()}) { (1, comm) } else { ((int64)${integer()}, "abc") });`,
    () => `@plain = (if (${boolean()}) { (int64)${integer()} } else { @by_integer[2] });`,
    () => `print(if (${boolean()}) { comm } else { $text });`,
    () => `printf("%s", ({ let $m = ${text()}; $m }));`,
    () => `let_in($i); @plain = @by_integer[@plain]; @by_integer[@by_integer[1]] = @plain;`,
    () => `@texts[@plain] = @texts[1]; @pairs = @by_pair[1, "a"] > 1 ? @pairs : (1, "b");`,
    () =>
      `@least = min(@plain); @most[@texts[1]] = max((uint64)@plain); @sums[@texts[2]] = sum(@plain);`,
    () => `if ((int64)@least < (int64)@plain && (uint64)@most["a"] > 3) { $i = (int64)@mean[2]; }`,
    () => `print((@plain, @texts[1], @pairs, @by_record[(a = 1, b = "a")]));`,
    () => `if (@count > 5) { print(@count); } print((1, (int64)@count));`,
    () => `@plain++; ++@plain; @by_integer[${integer()}]--; $j++; --$i;`,
    () => `@by_text[comm] += ${integer()}; $i = @by_text["a"]++;`,
    () => `$address = &$i; print(*$address); print(&@plain != 0);`,
    () => `unroll (3) { @plain += 1; if (${boolean()}) { return; } }`,
    () => `unroll (comptime (2 + 3)) { $i *= 2; if (${boolean()}) { $j++; } }`,
    () =>
      `for ($q : (-3)..3) { for ($w : $q..5) { if ($w == 2) { continue; } @counted[$w] = count(); } }`,
    () =>
      `for ($kv : @pairs_of) { for ($kw : @by_integer) { if ($kv.0.0 == $kw.0) { break; } $i += $kw.1; } }`,
    () =>
      `for ($kv : @wide_values) { $i += $kv.1.0; $text = $kv.1.1; print($kv); @wide_values[$kv.0] = $kv.1; }`,
    () => `for ($kv : @by_integer) { if ($kv.0 == ${integer()}) { delete(@by_integer, $kv.0); } }`,
    () =>
      `for ($kv : @sums) { printf("%s %d\\n", $kv.0, (int64)$kv.1); if (${boolean()}) { return; } }`,
    () =>
      `for ($kv : @least_by) { print($kv); } for ($kv : @mean) { print(($kv.0, (int64)$kv.1)); }`,
    () =>
      `@pairs_of[($i, comm)] = ($i, $text); @wide_values[${integer()}] = ($i, $text, $deep); @least_by[$i] = min($j);`,
    () =>
      `printf("%d %i %u %x %X %o %c %p %lld %5d %-5d| %05d %+d % d %#x\\n", $i, $i, $j, $j, $j, $j, $i, $p, $i, $i, $i, $i, $i, $i, $j);`,
    () =>
      `printf("%hhd %hd %ld %zd %jd %s %10s %-10s %.2s %s %s\\n", $i, $i, $i, $i, $i, comm, comm, comm, comm, $yes, (1, 2));`,
    () =>
      `printf("%r %rx %rh %s %s\\n", buf($text, 4), buf($text, 4), buf($text, 4), $record, $bytes);`,
    () => `printf("%s %d %d\\n", (enum colour)$i, (enum colour)$i, $yes);`,
    () => `print(kstack); print(ustack); print(len(kstack)); print(len(ustack(3)));`,
    () => `time("%S"); time(); cat("/proc/loadavg"); zero(@by_integer); clear(@texts);`,
    () => {
      const name = `$n_${below(1_000_000)}`;
      return `let ${name} : typeof($i) = $i; let ${name}_2 : typeof(@by_integer[1]) = 3; print((${name}, ${name}_2));`;
    },
    () => `print(usermode); print(has_cpid); print(default_str_length()); print(probetype);`,
    () => `$i = reading(@by_integer, $i); @plain = (int64)first_of((1, 2));`,
  ];
}
