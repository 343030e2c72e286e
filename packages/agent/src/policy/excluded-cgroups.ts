/**
 * Control groups whose processes run no program of a session. Every program asks first, in the kernel, whether the task
 * that it runs for is in one of them or below (`bpf_get_current_ancestor_cgroup_id`, Linux 5.7), and ends if so.
 *
 * Groups are known to the kernel by id. A group that is made again has another, so patterns are looked up again when
 * something changes in the directories that they name, and every second.
 */
import { existsSync, readFileSync, readdirSync, statSync, watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import type { BpfMap } from '@bpfleet/bpf';
import { add, call, exit, HELPERS, ja, jne, labelled, loadMap, mov, stx } from '@bpfleet/bpf/asm';
import type { Instruction, ProgramSpec } from '@bpfleet/bpf/asm';
import type { ProbeProgram, SessionSpec } from '@bpfleet/lang';
import { matcher } from '../target/wildcard.ts';
import { PolicyError } from './policy-error.ts';
import type { PolicyRule } from './policy.ts';

const MAP = 'policy_cgroups';
const MAX_GROUPS = 16_384;
const LOOK_AGAIN_MS = 1000;
const START = 'policy_passed';
const EXCLUDED = 'policy_excluded';
/** `BPF_JMP | BPF_CALL` */
const CALL = 0x85;
/** Run by hand, or by a program that has asked. */
const ASKED_BEFORE: ReadonlySet<string> = new Set([
  ...['begin', 'end', 'self-signal', 'test', 'bench', 'system-calls'],
]);
/** Of an interval: what looks at no process. It may come while any process runs, and is not about that. */
const LOOKS_AT_NOBODY = new Set<number>([
  ...[HELPERS.map_lookup_elem, HELPERS.map_update_elem, HELPERS.map_delete_elem],
  ...[HELPERS.map_lookup_percpu_elem, HELPERS.for_each_map_elem, HELPERS.tail_call],
  ...[HELPERS.ktime_get_ns, HELPERS.ktime_get_boot_ns, HELPERS.get_prandom_u32],
  ...[HELPERS.get_smp_processor_id, HELPERS.ringbuf_output, HELPERS.ringbuf_reserve],
  ...[HELPERS.ringbuf_submit, HELPERS.ringbuf_discard, HELPERS.ringbuf_query, HELPERS.loop],
]);

interface Group {
  readonly rule: PolicyRule;
  readonly parts: readonly string[];
}

export class ExcludedCgroups {
  readonly #root: string;
  readonly #groups: readonly Group[];
  readonly #levels: readonly number[];
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #known = new Set<bigint>();
  #map: BpfMap | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Throws PolicyError where the rules cannot be enforced. */
  constructor(rules: readonly PolicyRule[], root: string = cgroupRoot(rules)) {
    this.#root = root;
    this.#groups = rules.map((rule) => ({ rule, parts: rule.pattern.split('/').slice(1) }));
    const levels = new Set(this.#groups.map(({ parts }) => parts.length));
    this.#levels = [...levels].toSorted((a, b) => a - b);
  }

  /** The programs with the question before them, and the map that answers it. */
  guard(spec: SessionSpec): SessionSpec {
    const map = {
      ...({ name: MAP, type: 'hash', keySize: 8, valueSize: 8 } as const),
      ...{ maxEntries: MAX_GROUPS, flags: 0 },
    };
    return { ...spec, maps: [...spec.maps, map], programs: spec.programs.map(this.#guarded) };
  }

  /** Keeps the ids of the groups in the map from now on. Throws PolicyError when there are too many. */
  follow(map: BpfMap): void {
    this.#map = map;
    this.#look();
    this.#timer = setInterval(() => this.#look(), LOOK_AGAIN_MS);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
    this.#map = undefined;
  }

  static get mapName(): string {
    return MAP;
  }

  readonly #guarded = (probe: ProbeProgram): ProbeProgram => {
    const { program, attach } = probe;
    if (ASKED_BEFORE.has(attach.kind)) return probe;
    const isInterval = attach.kind === 'perf-event' && attach.cpus === 'one';
    if (isInterval && looksAtNobody(program) && (probe.rest?.programs ?? []).every(looksAtNobody)) {
      return probe;
    }
    return { ...probe, program: { ...program, instructions: this.#asking(program.instructions) } };
  };

  #asking(instructions: readonly Instruction[]): readonly Instruction[] {
    const questions = this.#levels.flatMap((level) => [
      mov.imm(1, level),
      call('get_current_ancestor_cgroup_id'),
      stx(8, 10, -8, 0),
      loadMap(1, MAP),
      mov.reg(2, 10),
      add.imm(2, -8),
      call('map_lookup_elem'),
      jne.imm(0, 0, EXCLUDED),
    ]);
    const source = instructions[0]?.source;
    return [
      // The kernel wants to know which line a function begins with.
      { ...mov.reg(6, 1), ...(source === undefined ? {} : { source }) },
      ...questions,
      ja(START),
      labelled(EXCLUDED, mov.imm(0, 0)),
      exit(),
      labelled(START, mov.reg(1, 6)),
      ...instructions,
    ];
  }

  #look(): void {
    const map = this.#map;
    if (map === undefined) return;
    const now = new Set<bigint>();
    for (const { parts } of this.#groups) this.#collect(this.#root, parts, now);
    if (now.size > MAX_GROUPS) {
      throw new PolicyError(`never.cgroups: ${now.size} groups match, of at most ${MAX_GROUPS}`);
    }
    for (const id of now) {
      if (this.#known.has(id)) continue;
      map.update(bytes(id), bytes(1n));
      this.#known.add(id);
    }
    for (const id of this.#known) {
      if (now.has(id)) continue;
      map.delete(bytes(id));
      this.#known.delete(id);
    }
  }

  #collect(directory: string, [part, ...rest]: readonly string[], ids: Set<bigint>): void {
    if (part === undefined) {
      const found = statSync(directory, { bigint: true, throwIfNoEntry: false });
      if (found !== undefined) ids.add(found.ino);
      return;
    }
    this.#watch(directory);
    const matches = matcher(part);
    for (const name of directoriesIn(directory)) {
      if (matches(name)) this.#collect(join(directory, name), rest, ids);
    }
  }

  #watch(directory: string): void {
    if (this.#watchers.has(directory)) return;
    try {
      const watcher = watch(directory, { persistent: false }, () => this.#look());
      watcher.on('error', () => this.#forget(directory));
      this.#watchers.set(directory, watcher);
    } catch {
      // Gone, or there are too many watches: the timer looks as well.
    }
  }

  #forget(directory: string): void {
    this.#watchers.get(directory)?.close();
    this.#watchers.delete(directory);
  }
}

function looksAtNobody({ instructions }: ProgramSpec): boolean {
  return instructions.every(
    ({ opcode, src, imm, kfunc }) =>
      opcode !== CALL || (kfunc === undefined && (src !== 0 || LOOKS_AT_NOBODY.has(Number(imm)))),
  );
}

/** Where the whole of the host's hierarchy of version 2 is mounted. Throws PolicyError. */
function cgroupRoot(rules: readonly PolicyRule[]): string {
  const cannot = `policy: ${rules[0]?.field ?? 'never.cgroups'} cannot be enforced here`;
  const roots = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , type]) => type === 'cgroup2')
    .map(([, mount = '']) => mount);
  if (roots.length === 0) {
    throw new PolicyError(`${cannot}: control groups of version 2 are not mounted`);
  }
  // Groups have a type, but not the root of all.
  const root = roots.find((mount) => !existsSync(join(mount, 'cgroup.type')));
  if (root !== undefined) return root;
  throw new PolicyError(
    `${cannot}: ${roots.join(', ')} shows a part of the host's control groups; mount the host's /sys/fs/cgroup`,
  );
}

function directoriesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

function bytes(value: bigint): Uint8Array {
  return new Uint8Array(BigUint64Array.of(value).buffer);
}
