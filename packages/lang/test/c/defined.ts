/** C of a program on its own: read, and defined upon a few types of a machine. */
import assert from 'node:assert/strict';
import type { ProgramFiles } from '@bpfleet/protocol';
import { defineTypes, readC } from '../../src/c/read-c.ts';
import type { CProgram } from '../../src/c/read-c.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { Source } from '../../src/source.ts';
import { parse } from '../../src/syntax/parse.ts';
import type { Target } from '../../src/target.ts';
import type { CTypes } from '../../src/types/c-types.ts';
import { layered } from '../../src/types/c-types.ts';
import { printType } from '../../src/types/print-type.ts';
import { sizeOfType, alignOfType } from '../../src/types/layout.ts';
import type { Struct } from '../../src/types/type.ts';

export interface CSetup {
  readonly below?: CTypes;
  readonly files?: ProgramFiles;
  readonly arch?: Target['arch'];
}

export interface Defined {
  readonly program: CProgram;
  readonly types: CTypes;
  readonly diagnostics: readonly Diagnostic[];
}

/** The definitions of a script, which needs no probe. */
export function defineFrom(source: Source, setup: CSetup = {}): Defined {
  const { below = layered([]), files = {}, arch = 'x86_64' } = setup;
  const parsed = parse(source);
  const diagnostics: Diagnostic[] = [...parsed.diagnostics];
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  const target = { arch, kernelRelease: '6.1.0-9-amd64', pageSize: 4096, hasBtf: true };
  const { definitions = [] } = parsed.program ?? {};
  const program = readC({ definitions, files, target }, report);
  return { program, types: defineTypes(program, below, arch, report), diagnostics };
}

/** Fails on any diagnostic. */
export function defined(text: string, setup: CSetup = {}): CTypes {
  const { types, diagnostics } = defineFrom(new Source('stdin', text), setup);
  assert.deepEqual(
    diagnostics.map(({ message }) => message),
    [],
  );
  return types;
}

export function structOf(types: CTypes, name: string): Struct {
  const type = types.named(name, 'user');
  assert.ok(type?.kind === 'struct', `${name} is no struct`);
  return type.struct;
}

/** `[size, align]` */
export function measured(types: CTypes, name: string): readonly [number, number] {
  const type = types.named(name, 'user');
  assert.ok(type !== undefined, `${name} is unknown`);
  return [sizeOfType(type), alignOfType(type)];
}

/** `4 x: int32`, `0 b: uint32 bits 3+7`. */
export function fieldsOf(types: CTypes, name: string): readonly string[] {
  return structOf(types, name).fields.map(({ name: field, offset, type, bitfield }) => {
    const bits = bitfield === undefined ? '' : ` bits ${bitfield.shift}+${bitfield.width}`;
    return `${offset} ${field}: ${printType(type)}${bits}`;
  });
}
