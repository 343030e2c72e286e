/**
 * The files beside a program that it imports or includes. Whoever starts the program reads them where it stands; they
 * travel with it, so that each host compiles the same text.
 */

export type ProgramFile =
  | {
      readonly kind: 'text';
      readonly text: string;
      /** Anybody could have put it there: the file or its directory can be written by all. */
      readonly worldWritable: boolean;
    }
  | {
      readonly kind: 'directory';
      /** Names in it, sorted. */
      readonly entries: readonly string[];
      readonly worldWritable: boolean;
    }
  /** Of `<name>` and not of a path: which of the other files that name means. */
  | { readonly kind: 'found-at'; readonly path: string }
  | { readonly kind: 'missing' }
  /** `reason` is that of the system: `Permission denied`. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** By path, relative to where the program was started unless absolute. Paths that were looked for in vain are `missing`. */
export type ProgramFiles = Readonly<Record<string, ProgramFile>>;
