/** The maps and programs of a session spec, made in the kernel. */
import {
  BpfMap,
  isKernelError,
  MapError,
  Program,
  VerifierError,
  type KernelBtfIds,
  type KernelCalls,
  type LoadContext,
} from '@bpfleet/bpf';
import { KERNEL_MAPS, type ProbeProgram, type SessionSpec } from '@bpfleet/lang';
import type { MapSpec, ProgramSpec } from '@bpfleet/bpf/asm';
import { ExcludedCgroups } from '../policy/excluded-cgroups.ts';
import { ProgramRefusedError } from './program-refused-error.ts';

export interface LoadOptions {
  readonly calls: KernelCalls;
  readonly possibleCpus: number;
  /** False where maps shall be read entry by entry. */
  readonly mapBatches?: boolean;
  /** Asked for only when a program needs ids of BTF; undefined on a kernel without. */
  readonly btfIds: () => KernelBtfIds | undefined;
  /** Given what the verifier writes about each program. */
  readonly onVerifierLog?: (probe: string, log: string) => void;
  /** Processes that programs do not run for. */
  readonly excluded?: ExcludedCgroups;
}

export interface LoadedProbe {
  readonly program: Program;
  readonly spec: ProbeProgram;
}

export class KernelObjects {
  readonly programs: readonly LoadedProbe[];
  readonly possibleCpus: number;
  readonly #maps: ReadonlyMap<string, BpfMap>;
  readonly #excluded: ExcludedCgroups | undefined;

  private constructor(
    maps: ReadonlyMap<string, BpfMap>,
    programs: readonly LoadedProbe[],
    possibleCpus: number,
    excluded: ExcludedCgroups | undefined,
  ) {
    this.#excluded = excluded;
    this.#maps = maps;
    this.programs = programs;
    this.possibleCpus = possibleCpus;
  }

  /** Throws MapError, ProgramRefusedError or LoadError, with everything made so far closed again. */
  static load(
    unguarded: SessionSpec,
    { calls, possibleCpus, mapBatches = true, btfIds, onVerifierLog, excluded }: LoadOptions,
  ): KernelObjects {
    const spec = excluded?.guard(unguarded) ?? unguarded;
    const maps = new Map<string, BpfMap>();
    const programs: LoadedProbe[] = [];
    try {
      for (const map of spec.maps) {
        maps.set(map.name, createMap(map, spec, { calls, possibleCpus, mapBatches }));
      }
      for (const probe of spec.programs) {
        const ids = needsBtf(probe.program) ? btfIds() : undefined;
        const mapFd = (name: string): number => mapNamed(maps, name).fd.number;
        const context = {
          calls,
          mapFd,
          ...(ids === undefined ? {} : { btfIds: ids }),
          ...(onVerifierLog === undefined
            ? {}
            : { onVerifierLog: (log: string) => onVerifierLog(probe.probe, log) }),
        };
        programs.push({ program: load(probe, probe.program, context), spec: probe });
        if (probe.rest !== undefined) {
          loadRest(probe, mapNamed(maps, probe.rest.table), probe.rest.programs, context);
        }
      }
      excluded?.follow(mapNamed(maps, ExcludedCgroups.mapName));
      return new KernelObjects(maps, programs, possibleCpus, excluded);
    } catch (error) {
      excluded?.close();
      for (const { program } of programs) program.close();
      for (const map of maps.values()) map.close();
      throw error;
    }
  }

  get ring(): BpfMap {
    return this.map(KERNEL_MAPS.ring);
  }

  /** Kernel memory of all maps as the kernel accounts for it. */
  get mapBytes(): number {
    return [...this.#maps.values()].reduce((sum, map) => sum + map.memoryBytes(), 0);
  }

  map(name: string): BpfMap {
    return mapNamed(this.#maps, name);
  }

  find(name: string): BpfMap | undefined {
    return this.#maps.get(name);
  }

  dispose(): void {
    this.#excluded?.close();
    for (const { program } of this.programs) program.close();
    for (const map of this.#maps.values()) map.close();
  }
}

/** What a program goes on to, into its table, which keeps it. */
function loadRest(
  probe: ProbeProgram,
  table: BpfMap,
  parts: readonly ProgramSpec[],
  context: LoadContext,
): void {
  const bytes = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);
  parts.forEach((part, index) => {
    const program = load(probe, part, context);
    try {
      table.update(bytes(index + 1), bytes(program.fd.number));
    } finally {
      program.close();
    }
  });
}

/** Throws MapError, in the words of the program where its map is too large. */
function createMap(
  map: MapSpec,
  { schema }: SessionSpec,
  {
    calls,
    possibleCpus,
    mapBatches,
  }: Required<Pick<LoadOptions, 'calls' | 'possibleCpus' | 'mapBatches'>>,
): BpfMap {
  try {
    return BpfMap.create(map, calls, possibleCpus, mapBatches);
  } catch (error) {
    const name = schema.maps.find(({ kernelMap }) => kernelMap === map.name)?.name;
    const cause = error instanceof MapError ? error.cause : undefined;
    if (name === undefined || !isKernelError(cause, 'E2BIG', 'ENOMEM')) throw error;
    throw new MapError(
      `create map ${name} for ${map.maxEntries} keys: the kernel has no room for so many; ` +
        `lower max_map_keys, or declare it with fewer: let ${name} = hash(N);`,
      cause,
    );
  }
}

function load(probe: ProbeProgram, program: ProgramSpec, context: LoadContext): Program {
  try {
    return Program.load(program, context);
  } catch (error) {
    throw error instanceof VerifierError ? new ProgramRefusedError(probe, error) : error;
  }
}

function mapNamed(maps: ReadonlyMap<string, BpfMap>, name: string): BpfMap {
  const map = maps.get(name);
  if (map === undefined) throw new Error(`session spec has no map named ${name}`);
  return map;
}

/** Indexing the kernel's types takes time: only for what is found by them. */
function needsBtf({ tracing, instructions }: ProgramSpec): boolean {
  return tracing !== undefined || instructions.some(({ kfunc }) => kfunc !== undefined);
}
