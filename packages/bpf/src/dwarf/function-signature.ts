/** What a function takes and gives. */
import type { ElfArchitecture } from '../elf/elf.ts';
import type { ArgumentPlace } from './argument-place.ts';
import { argumentPlaces } from './calling-convention.ts';
import * as dw from './constants.ts';
import type { Die } from './die.ts';
import { typeText } from './type-text.ts';

export interface FunctionParameter {
  /** Empty for one that the function does not use. */
  readonly name: string;
  /** Undefined for `void`, which only damage gives. */
  readonly type: Die | undefined;
  readonly place: ArgumentPlace;
}

export interface FunctionSignature {
  readonly parameters: readonly FunctionParameter[];
  /** Undefined for `void`. */
  readonly result: Die | undefined;
}

/** @param code of a function that has code of its own, as `DebugInfo.functionAt` gives it */
export function functionSignature(code: Die, architecture: ElfArchitecture): FunctionSignature {
  const parameters = parametersOf(code);
  const types = parameters.map((parameter) => parameter.type);
  const result = code.type;
  const places = argumentPlaces(types, result, code.unit.root, architecture);
  return {
    result,
    parameters: parameters.map((parameter, index) => ({
      name: parameter.name ?? '',
      type: types[index],
      place: places[index] ?? { kind: 'unreadable' },
    })),
  };
}

/** As a listing shows them: `const char* str`. */
export function parameterTexts(code: Die): readonly string[] {
  return parametersOf(code).map((parameter) => {
    const { name } = parameter;
    const type = typeText(parameter.type);
    return name === undefined ? type : `${type} ${name}`;
  });
}

/** The code may leave out parameters that it does not need; the function it is an instance of has them all. */
function parametersOf(code: Die): readonly Die[] {
  const lists = [...code.origins()].map((die) =>
    [...die.children()].filter((child) => child.tag === dw.DW_TAG_formal_parameter),
  );
  return lists.reduce((longest, list) => (list.length > longest.length ? list : longest), []);
}
