/** Proves that each layering rule of the lint configuration refuses what it is there to refuse, and no more. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');
const OXLINT = join(
  dirname(createRequire(import.meta.url).resolve('oxlint/package.json')),
  'bin/oxlint',
);

interface Snippet {
  readonly path: string;
  readonly code: string;
  /** The rule that must refuse it; absent where it must pass. */
  readonly rule?: string;
}

function imports(path: string, module: string, refused: boolean): Snippet {
  return {
    path,
    code: `import { thing } from '${module}';\nexport const used = thing;\n`,
    ...(refused ? { rule: 'eslint(no-restricted-imports)' } : {}),
  };
}

function expression(path: string, code: string, rule?: string): Snippet {
  return {
    path,
    code: `export const used: unknown = ${code};\n`,
    ...(rule === undefined ? {} : { rule: `eslint(${rule})` }),
  };
}

const PURE = ['packages/lang', 'packages/protocol', 'packages/bpf/src/asm'];

const snippets: readonly Snippet[] = [
  // koffi only behind the system-call seam.
  imports('packages/bpf/src/sys/kernel-calls.ts', 'koffi', false),
  imports('packages/bpf/src/map/ring.ts', 'koffi', true),
  imports('packages/agent/src/a.ts', 'koffi', true),
  imports('packages/coordinator/src/a.ts', 'koffi', true),
  imports('packages/cli/src/a.ts', 'koffi', true),
  imports('packages/lang/src/a.ts', 'koffi', true),
  // Pure layers know no platform.
  imports('packages/lang/src/fs.ts', 'node:fs', true),
  imports('packages/protocol/src/fs.ts', 'node:fs', true),
  imports('packages/protocol/src/hash.ts', 'node:crypto', true),
  imports('packages/protocol/src/seal/key.ts', 'node:crypto', false),
  imports('packages/protocol/src/seal/fs.ts', 'node:fs', true),
  imports('packages/bpf/src/asm/fs.ts', 'node:fs', true),
  imports('packages/bpf/src/btf/fs.ts', 'node:fs', true),
  imports('packages/bpf/src/elf/fs.ts', 'node:fs', true),
  imports('packages/bpf/src/btf/seam.ts', '../sys/bpf.ts', true),
  imports('packages/bpf/src/kernel/fs.ts', 'node:fs', false),
  ...PURE.flatMap((folder) => {
    const src = folder.includes('/src') ? folder : `${folder}/src`;
    return [
      expression(`${src}/process.ts`, 'process.pid', 'no-restricted-globals'),
      expression(`${src}/clock.ts`, 'new Date()', 'no-restricted-globals'),
      expression(`${src}/performance.ts`, 'performance.now()', 'no-restricted-globals'),
    ];
  }),
  expression('packages/protocol/src/render/time.ts', 'new Date(0)'),
  expression('packages/protocol/src/render/now.ts', 'Date.now()', 'no-restricted-properties'),
  // NATS and ClickHouse each behind one door.
  imports('packages/agent/src/nats/connection.ts', 'nats', false),
  imports('packages/coordinator/src/nats/connection.ts', 'nats', false),
  imports('packages/agent/src/agent.ts', 'nats', true),
  imports('packages/coordinator/src/app.ts', 'nats', true),
  imports('packages/cli/src/nats.ts', 'nats', true),
  imports('packages/coordinator/src/store/client.ts', '@clickhouse/client', false),
  imports('packages/coordinator/src/store/embedded.ts', 'chdb', false),
  imports('packages/coordinator/src/house.ts', '@clickhouse/client', true),
  imports('packages/coordinator/src/nats/house.ts', 'chdb', true),
  imports('packages/coordinator/src/store/nats.ts', 'nats', true),
  imports('packages/cli/src/house.ts', '@clickhouse/client', true),
  // The direction between packages.
  imports('packages/bpf/src/up.ts', '@bpfleet/protocol', true),
  imports('packages/protocol/src/up.ts', '@bpfleet/bpf/asm', true),
  imports('packages/lang/src/asm.ts', '@bpfleet/bpf/asm', false),
  imports('packages/lang/src/btf.ts', '@bpfleet/bpf/btf', false),
  imports('packages/lang/src/schema.ts', '@bpfleet/protocol', false),
  imports('packages/lang/src/kernel.ts', '@bpfleet/bpf', true),
  imports('packages/lang/src/elf.ts', '@bpfleet/bpf/elf', true),
  imports('packages/lang/src/agent.ts', '@bpfleet/agent', true),
  imports('packages/agent/src/bpf.ts', '@bpfleet/bpf', false),
  imports('packages/agent/src/sideways.ts', '@bpfleet/coordinator', true),
  imports('packages/agent/src/up.ts', 'bpfleet', true),
  imports('packages/coordinator/src/lang.ts', '@bpfleet/lang', false),
  imports('packages/coordinator/src/sideways.ts', '@bpfleet/agent', true),
  imports('packages/coordinator/src/kernel.ts', '@bpfleet/bpf', true),
  imports('packages/cli/src/agent.ts', '@bpfleet/agent', false),
  imports('packages/cli/src/kernel.ts', '@bpfleet/bpf', true),
  // By name, not by path; and never tests.
  imports('packages/lang/src/path.ts', '../../protocol/src/index.ts', true),
  imports('packages/agent/src/path.ts', '../../lang/src/index.ts', true),
  imports('packages/cli/src/path.ts', '../../agent/src/index.ts', true),
  imports('packages/coordinator/src/path.ts', '../../agent/src/index.ts', true),
  ...['bpf', 'lang', 'protocol', 'agent', 'coordinator', 'cli'].map((name) =>
    imports(`packages/${name}/src/tested.ts`, '../test/support.ts', true),
  ),
  // Command line and environment only in main files.
  expression('packages/agent/src/main.ts', 'process.argv'),
  expression('packages/agent/src/runner/runner-main.ts', 'process.env'),
  expression('packages/agent/src/argv.ts', 'process.argv', 'no-restricted-properties'),
  expression('packages/cli/src/environment.ts', 'process.env', 'no-restricted-properties'),
  expression('packages/coordinator/src/exit.ts', 'process.exit', 'no-restricted-properties'),
  // Size.
  {
    path: 'packages/agent/src/long.ts',
    code: 'export {};\n'.repeat(401),
    rule: 'eslint(max-lines)',
  },
];

interface Finding {
  readonly code: string;
  readonly filename: string;
}

let folder = '';
let findings: readonly Finding[] = [];

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'bpfleet-lint-'));
  copyFileSync(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  for (const { path, code } of snippets) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), code);
  }
  const { stdout } = spawnSync(process.execPath, [OXLINT, '--format=json'], {
    cwd: folder,
    encoding: 'utf8',
  });
  findings = (JSON.parse(stdout) as { diagnostics: readonly Finding[] }).diagnostics;
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

for (const { path, code, rule } of snippets) {
  const what = code.length > 80 ? 'a long file' : code.split('\n', 1)[0];
  test(`lint ${rule === undefined ? 'accepts' : 'refuses'} ${what} in ${path}`, () => {
    const found = findings
      .filter((finding) => finding.filename === path)
      .map((finding) => finding.code)
      .filter((found) => /restricted|max-lines/.test(found));
    assert.deepEqual([...new Set(found)], rule === undefined ? [] : [rule]);
  });
}
