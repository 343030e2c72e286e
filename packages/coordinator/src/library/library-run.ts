/** The session that a run of the library makes. */
import { dirname, join } from 'node:path/posix';
import type { LibraryProgram, LibraryRun, RunRequest } from '@bpfleet/protocol';
import { givenParameters } from './parameters.ts';

/** Such as `slow-reads@3`, which results and the history show. */
export function versionedName({ name, version }: LibraryProgram): string {
  return `${name}@${version}`;
}

/** @throws {ParameterError} */
export function libraryRunRequest(program: LibraryProgram, run: LibraryRun): RunRequest {
  const { values, version: _, ...rest } = run;
  const { parameters, namedParameters } = givenParameters(program.parameters, values);
  const { files, includes } = program;
  return {
    ...rest,
    program: program.program,
    // What it imports is found from here.
    sourceName: join(dirname(program.sourceName), versionedName(program)),
    ...(files !== undefined && { files }),
    ...(includes !== undefined && { includes }),
    parameters,
    ...(namedParameters.length > 0 && { namedParameters }),
    unsafe: false,
  };
}
