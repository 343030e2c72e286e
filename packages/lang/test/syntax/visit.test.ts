/** Walking and rewriting trees. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Source } from '../../src/source.ts';
import type { Program } from '../../src/syntax/ast.ts';
import { parse } from '../../src/syntax/parse.ts';
import { printProgram } from '../../src/syntax/print.ts';
import { children, rewrite, walk } from '../../src/syntax/visit.ts';

function program(text: string): Program {
  const { program: tree } = parse(new Source('stdin', text));
  assert.ok(tree);
  return tree;
}

suite('walk', () => {
  test('visits parents around their children, in source order', () => {
    const seen: string[] = [];
    walk(program('BEGIN { f(1, (a = 2)); }'), {
      enter: (node) => void seen.push(`+${node.kind}`),
      leave: (node) => void seen.push(`-${node.kind}`),
    });
    assert.deepEqual(seen.slice(0, 4), ['+program', '+probe', '+attach-point', '-attach-point']);
    const call = seen.slice(seen.indexOf('+call'), seen.indexOf('-call') + 1);
    const inside = ['+integer', '-integer', '+record', '+integer', '-integer', '-record'];
    assert.deepEqual(call, ['+call', ...inside, '-call']);
  });

  test('leaves out the children where enter says no', () => {
    const seen: string[] = [];
    walk(program('BEGIN { f(1); }'), {
      enter: (node) => {
        seen.push(node.kind);
        return node.kind !== 'block';
      },
    });
    assert.deepEqual(seen, ['program', 'probe', 'attach-point', 'block']);
  });

  test('finds types and the parameters of functions', () => {
    const [item] = program('fn f($a : typeof($b)) : void { }').items;
    assert.ok(item);
    assert.deepEqual(
      children(item).map((node) => node.kind),
      ['variable', 'type-name', 'type-name', 'block'],
    );
  });
});

suite('rewrite', () => {
  const tree = program('BEGIN { @x[1] = f(2) + 3; }\nEND { g($a); }');

  test('replaces from the leaves up', () => {
    const changed = rewrite(tree, (node) => {
      if (node.kind === 'integer') return { ...node, value: node.value * 10n };
      if (node.kind === 'call')
        return { ...node, callee: `${node.callee}${node.arguments.length}` };
      return node;
    });
    assert.equal(
      printProgram(changed),
      'BEGIN {\n  @x[10] = f1(20) + 30;\n}\n\nEND {\n  g1($a);\n}\n',
    );
  });

  test('leaves the old tree alone and shares what did not change', () => {
    const before = printProgram(tree);
    const changed = rewrite(tree, (node) =>
      node.kind === 'variable' ? { ...node, name: 'b' } : node,
    );
    assert.equal(printProgram(tree), before);
    assert.equal(changed.items[0], tree.items[0]);
    assert.notEqual(changed.items[1], tree.items[1]);
  });

  test('without a change gives the same tree', () => {
    assert.equal(
      rewrite(tree, (node) => node),
      tree,
    );
  });
});
