/** A terminal that keeps what is printed. */
import type { Terminal } from '../../src/terminal.ts';

export interface TestTerminal extends Terminal {
  readonly printed: { out: string; err: string };
  readonly interrupt: () => void;
}

export function testTerminal(overrides: Partial<Terminal> = {}): TestTerminal {
  const printed = { out: '', err: '' };
  const listeners = new Set<() => void>();
  return {
    printed,
    out: (text) => {
      printed.out += text;
    },
    draw: (text) => {
      printed.out += text;
    },
    err: (text) => {
      printed.err += text;
    },
    self: ['bpfleet'],
    readInput: () => Promise.resolve(''),
    ask: () => Promise.resolve(''),
    size: undefined,
    color: false,
    environment: {},
    homeDirectory: '/nonexistent',
    userName: 'tester',
    whileBusy: (work) => work(),
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onReload: () => () => {},
    onUserSignal: () => {},
    interrupt: () => {
      for (const listener of listeners) listener();
    },
    ...overrides,
  };
}
