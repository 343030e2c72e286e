/** Functions that bpftrace may still change: the settings say whether a program may use them. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { unstableFeature, unstableRefused } from '../diagnostics/messages/config.ts';
import type { Program } from '../syntax/ast.ts';
import { walk } from '../syntax/visit.ts';
import type { Config, Unstable } from './config.ts';

interface UnstableCall {
  readonly key: string;
  readonly setting: (config: Config) => Unstable;
}

const UNSTABLE_CALLS: ReadonlyMap<string, UnstableCall> = new Map([
  ['tseries', { key: 'unstable_tseries', setting: (config) => config.unstableTseries }],
]);

export function checkUnstable(program: Program, config: Config, diagnostics: Diagnostics): void {
  walk(program, {
    enter: (node) => {
      if (node.kind !== 'call') return;
      const call = UNSTABLE_CALLS.get(node.callee);
      if (call === undefined) return;
      switch (call.setting(config)) {
        case 'enable':
          return;
        case 'warn':
          diagnostics.add(unstableFeature(node.callee, call.key));
          return;
        case 'error':
          diagnostics.add(unstableRefused(node.span, node.callee, call.key));
      }
    },
  });
}
