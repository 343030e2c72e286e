/** The file system in which the kernel describes its tracepoints. */
import { existsSync, readFileSync } from 'node:fs';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { KernelError } from '../sys/kernel-error.ts';
import {
  fieldDeclarations,
  parseTracepointFormat,
  type TracepointFormat,
} from './tracepoint-format.ts';

const MOUNT_POINT = '/sys/kernel/tracing';

/** The command that makes tracefs available, for messages. */
export const TRACEFS_MOUNT_COMMAND: string = `mount -t tracefs tracefs ${MOUNT_POINT}`;

export class TracefsError extends Error {
  override readonly name = 'TracefsError';
}

export interface TracepointName {
  readonly category: string;
  readonly event: string;
}

export class Tracefs {
  /** Where it is mounted. */
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** Where tracefs is mounted already, on its own or inside debugfs; else undefined. */
  static find(mounts: string = readFileSync('/proc/self/mounts', 'utf8')): Tracefs | undefined {
    let inDebugfs: string | undefined;
    for (const line of mounts.split('\n')) {
      const [, path = '', type] = line.split(' ');
      // Mount points are octal-escaped; those worth finding have no blanks in them.
      if (type === 'tracefs') return new Tracefs(path);
      if (type === 'debugfs') inDebugfs ??= `${path}/tracing`;
    }
    return inDebugfs !== undefined && existsSync(`${inDebugfs}/events`)
      ? new Tracefs(inDebugfs)
      : undefined;
  }

  /** Finds tracefs, or mounts it. Throws TracefsError with the command to run. */
  static open(calls: KernelCalls): Tracefs {
    const found = Tracefs.find();
    if (found !== undefined) return found;
    mountTracefs(calls);
    return Tracefs.find() ?? new Tracefs(MOUNT_POINT);
  }

  /** All tracepoints, in the kernel's order. Throws TracefsError without the right to read them. */
  events(): TracepointName[] {
    const lines = this.#read('available_events')?.split('\n') ?? [];
    return lines.flatMap((line) => {
      const [category, event] = line.split(':');
      return category === undefined || event === undefined ? [] : [{ category, event }];
    });
  }

  /** Undefined if there is no such tracepoint. */
  format(category: string, event: string): TracepointFormat | undefined {
    const text = this.#formatText(category, event);
    return text === undefined ? undefined : parseTracepointFormat(text);
  }

  /** The fields of its own that a tracepoint has, as the kernel writes them: `__data_loc char[] filename`. */
  declarations(category: string, event: string): readonly string[] {
    return fieldDeclarations(this.#formatText(category, event) ?? '');
  }

  #formatText(category: string, event: string): string | undefined {
    const names = [category, event];
    if (!names.every((part) => /^[\w.-]+$/.test(part) && !part.startsWith('.'))) return undefined;
    return this.#read(`events/${category}/${event}/format`);
  }

  /**
   * Functions that ftrace can attach to; undefined for a kernel without (CONFIG_FUNCTION_TRACER), and for one
   * locked down so that nobody may read them.
   */
  availableFilterFunctions(): string | undefined {
    try {
      return this.#read('available_filter_functions');
    } catch (error) {
      if (error instanceof TracefsError) return undefined;
      throw error;
    }
  }

  #read(path: string): string | undefined {
    try {
      return readFileSync(`${this.root}/${path}`, 'utf8');
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw new TracefsError('reading tracefs takes root', { cause: error });
    }
  }
}

/** Mounts tracefs at its usual place. Throws TracefsError where that is not allowed. */
export function mountTracefs(calls: KernelCalls): void {
  const result = calls.mount('tracefs', MOUNT_POINT, 'tracefs');
  if (result >= 0) return;
  const cause = new KernelError('mount', -result);
  throw new TracefsError(
    `tracefs is not mounted, and mounting it failed: ${cause.message}; as root run: ${TRACEFS_MOUNT_COMMAND}`,
    { cause },
  );
}
