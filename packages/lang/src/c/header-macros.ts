/** The macros of known headers: constants that are no enumerators, and so are not in BTF. */
import { syscallNames } from '../names/syscall-names.ts';
import type { Target } from '../target.ts';
import type { CMacro } from './c-macro.ts';
import { ERRORS } from './headers/errors.ts';
import { FILES } from './headers/files.ts';
import { KERNEL } from './headers/kernel.ts';
import { MEMORY } from './headers/memory.ts';
import { PROCESSES } from './headers/processes.ts';
import { SOCKETS } from './headers/sockets.ts';
import type { Macros } from './macro-expander.ts';
import { readMacroLine } from './prelude.ts';

/** Where arm64 has values of its own. */
const ARM64 = 'O_DIRECTORY=040000 O_NOFOLLOW=0100000 O_DIRECT=0200000 O_LARGEFILE=0400000';

const cache = new Map<Target['arch'], Macros>();

export function headerMacros(arch: Target['arch']): Macros {
  const known = cache.get(arch);
  if (known !== undefined) return known;
  const texts = [ERRORS, FILES, KERNEL, MEMORY, PROCESSES, SOCKETS, arch === 'arm64' ? ARM64 : ''];
  const made = new HeaderMacros([...texts, ...systemCalls(arch)].join(' '));
  cache.set(arch, made);
  return made;
}

/** `__NR_read=0 SYS_read=__NR_read` */
function systemCalls(arch: Target['arch']): readonly string[] {
  return syscallNames(arch).flatMap((name, number) =>
    name === '' ? [] : [`__NR_${name}=${number}`, `SYS_${name}=__NR_${name}`],
  );
}

/** Entries are `NAME=text` and `NAME(parameters)=text`, and are read as macros when first asked for. */
class HeaderMacros implements Macros {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #made = new Map<string, CMacro | undefined>();

  constructor(entries: string) {
    this.#texts = new Map(
      [...entries.matchAll(/((\w+)(?:\([\w,]*\))?)=(\S+)/g)].map(([, head, name = '', text]) => [
        name,
        `${head} ${text}`,
      ]),
    );
  }

  get(name: string): CMacro | undefined {
    const text = this.#texts.get(name);
    if (text === undefined) return undefined;
    if (!this.#made.has(name)) this.#made.set(name, readMacroLine('headers', text));
    return this.#made.get(name);
  }

  has(name: string): boolean {
    return this.#texts.has(name);
  }
}
