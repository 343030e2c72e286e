/** `bpfleet check --local`: what a fleet's hosts are asked, asked of this machine. */
import { hostname } from 'node:os';
import type { HostVerdict } from '@bpfleet/protocol';
import { checkProgram } from '../session/check-program.ts';
import type { ProgramRequest } from '../target/compile-for-machine.ts';
import { Machine } from '../target/machine.ts';

export function checkHere(request: ProgramRequest): HostVerdict {
  return { host: hostname(), ...checkProgram(new Machine(), request) };
}
