/**
 * The library: programs that somebody has reviewed, by name, with the parameters that they take. Text of one's own needs an
 * operator; what the library has for viewers, a viewer may run.
 *
 *     GET    /v1/library                         LibraryProgram[], of each name the newest version
 *     GET    /v1/library/:name                   LibraryProgram[], every version, newest first
 *     PUT    /v1/library/:name?who=              LibraryRequest → 201 LibraryProgram, one version further
 *     DELETE /v1/library/:name?who=              LibraryProgram, that was the newest
 *     POST   /v1/library/:name/run               LibraryRun → as POST /v1/sessions
 */
import type { RunRequest } from './http.ts';
import type { ProgramFiles } from './program-files.ts';

export const LIBRARY_ROLES = ['viewer', 'operator'] as const;

export interface LibraryParameter {
  /** As in `getopt`; a number for a positional one, from 1. */
  readonly name: string;
  /** Name of a type, or a regular expression that a whole value must match. */
  readonly accepts: string;
}

export interface LibraryRequest {
  readonly program: string;
  /** That its imports are relative to. */
  readonly sourceName: string;
  readonly files?: ProgramFiles;
  readonly includes?: readonly string[];
  readonly parameters: readonly LibraryParameter[];
  /** The least that may run it. */
  readonly role: (typeof LIBRARY_ROLES)[number];
}

export interface LibraryProgram extends LibraryRequest {
  readonly name: string;
  /** From 1, of its name. */
  readonly version: number;
  readonly digest: string;
  /** Who added it. */
  readonly who: string;
  readonly addedAtMs: number;
  /** This version took the name out of the library. */
  readonly removed: boolean;
}

/** A run of the library: what belongs to the program is not the caller's to say. */
export interface LibraryRun extends Omit<
  RunRequest,
  'program' | 'sourceName' | 'files' | 'includes' | 'parameters' | 'namedParameters' | 'unsafe'
> {
  readonly values: Readonly<Record<string, string>>;
  /** The newest when absent. */
  readonly version?: number;
}
