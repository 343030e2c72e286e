/** Entry of `@bpfleet/agent/local`: what `bpfleet local` needs, without the fleet's client libraries. */
export { checkHere } from './check-here.ts';
export { runLocal } from './run-local.ts';
export type { ListRequest, LocalIo, LocalOptions, ProgramText } from './local-options.ts';
