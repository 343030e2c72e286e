/** Whatever program the grammar admits, the analysis answers with a checked program or with errors: it never throws. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { analyse } from '../../src/analysis/analyse.ts';
import { check } from '../../src/analysis/check.ts';
import { Source } from '../../src/source.ts';
import type { Expression } from '../../src/syntax/ast.ts';
import { parse } from '../../src/syntax/parse.ts';
import { walk } from '../../src/syntax/visit.ts';
import { withKprobes } from '../targets/targets.ts';

const atoms =
  '0 1 -5 300 0xffffffffffffffff "a" "text" true pid nsecs comm cpu uid retval arg0 args.count args.ret $x $y @m @n[pid] kstack probe $1'.split(
    ' ',
  );

const { expression, statement } = fc.letrec<{
  expression: string;
  statement: string;
  block: string;
}>((tie) => {
  const inner = tie('expression');
  const operator = fc.constantFrom(...'+ - * / % << >> < <= > >= == != & ^ | && ||'.split(' '));
  const type = fc.constantFrom('int8', 'uint64', 'bool', 'uint32 *', 'string[8]', 'uint8[4]');
  const unary = fc.constantFrom('-', '!', '~', '*');
  const functions = fc.constantFrom(
    ...'str buf ksym usym count sum hist print printf strncmp kaddr ntop has_key delete clear exit reg time'.split(
      ' ',
    ),
  );
  return {
    expression: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(...atoms),
      fc.tuple(inner, operator, inner).map(([a, sign, b]) => `(${a} ${sign} ${b})`),
      fc.tuple(unary, inner).map(([sign, a]) => `${sign}(${a})`),
      fc.tuple(inner, inner, inner).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
      fc.tuple(inner, inner).map(([a, b]) => `(${a}, ${b})`),
      fc.tuple(type, inner).map(([name, a]) => `(${name})(${a})`),
      fc.tuple(inner, fc.nat(3)).map(([a, index]) => `(${a}).${index}`),
      fc.tuple(inner, inner).map(([a, b]) => `(${a})[${b}]`),
      fc
        .tuple(functions, fc.array(inner, { maxLength: 3 }))
        .map(([name, given]) => `${name}(${given.join(', ')})`),
      inner.map((a) => `sizeof(${a})`),
    ),
    statement: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      inner.map((a) => `${a};`),
      fc
        .tuple(
          fc.constantFrom('$x', '$y', '@m', '@n[pid]', '@k[1, comm]'),
          fc.constantFrom('=', '+=', '-='),
          inner,
        )
        .map(([target, sign, a]) => `${target} ${sign} ${a};`),
      inner.map((a) => `@m = hist(${a});`),
      fc.constantFrom(
        '$x++;',
        '@m++;',
        '--@n[5];',
        'let $y;',
        'let $y : uint8 = 1;',
        'return;',
        'break;',
      ),
      fc.tuple(inner, tie('block')).map(([a, body]) => `if (${a}) ${body}`),
      fc.tuple(inner, tie('block')).map(([a, body]) => `while (${a}) ${body}`),
      fc.tuple(inner, tie('block')).map(([a, body]) => `for ($i : 0..(${a})) ${body}`),
      tie('block').map((body) => `unroll(3) ${body}`),
    ),
    block: fc
      .array(tie('statement'), { maxLength: 4 })
      .map((statements) => `{ ${statements.join(' ')} }`),
  };
});

const attachPoint = fc.constantFrom(
  'BEGIN',
  'kprobe:vfs_*',
  'kretprobe:vfs_read',
  'fexit:vfs_read',
  'tracepoint:syscalls:sys_exit_read',
  'tracepoint:sched:sched*',
  'usdt:/usr/local/bin/tracetest:testprobe',
  'profile:hz:9',
  'tracepoint:no:such',
);

const program = fc
  .array(fc.tuple(attachPoint, fc.option(expression), fc.array(statement, { maxLength: 5 })), {
    minLength: 1,
    maxLength: 3,
  })
  .map((probes) =>
    probes
      .map(
        ([where, predicate, body]) =>
          `${where} ${predicate === null ? '' : `/${predicate}/`} { ${body.join(' ')} }`,
      )
      .join('\n'),
  );

function isEvaluated(node: Expression): boolean {
  return (
    node.kind === 'integer' ||
    node.kind === 'string' ||
    node.kind === 'binary' ||
    node.kind === 'unary'
  );
}

suite('analyse', () => {
  test('answers every program, and types what it accepts', () => {
    fc.assert(
      fc.property(program, (text) => {
        const source = new Source('stdin', text);
        const { program: tree } = parse(source);
        if (tree === undefined) return;
        const options = { parameters: ['7'], environment: {}, unsafe: false };
        const { checked, diagnostics } = analyse(tree, source, withKprobes, options);
        assert.ok(
          checked !== undefined || diagnostics.some(({ severity }) => severity === 'error'),
        );
        for (const { body } of checked?.probes ?? []) {
          walk(body, {
            enter: (node) => {
              if (node.kind === 'unroll') return;
              const expression = node as Expression;
              if (isEvaluated(expression)) assert.ok(checked?.types.has(expression), node.kind);
            },
          });
        }
        check(source, options.parameters);
      }),
      { numRuns: 400 },
    );
  });
});
