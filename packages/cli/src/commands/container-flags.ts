/** `--pod`, `-n`, `--workload`, `--container`, `--cgroup`: which processes of its hosts a session is about. */
import type { Command } from 'commander';
import { containerFilterFault, type ContainerFilter } from '@bpfleet/protocol';
import { UserError } from '../terminal.ts';

export interface ContainerFlags {
  readonly pod?: string;
  readonly namespace?: string;
  readonly workload?: string;
  readonly container: readonly string[];
  readonly cgroup: readonly string[];
}

const append = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export function withContainerFlags(command: Command): Command {
  return command
    .option(
      '--pod <selector>',
      'only processes in pods with these labels, such as app=web,tier!=db',
    )
    .option('-n, --namespace <name>', 'only in pods of this namespace (all namespaces)')
    .option('--workload <kind/name>', 'only in pods of deploy/web, sts/db, ds/…, job/…, pod/…')
    .option(
      '--container <name>',
      'only in containers of this name or id, or a systemd unit (repeatable)',
      append,
      [],
    )
    .option(
      '--cgroup <path>',
      'only in this control group and those below it (repeatable)',
      append,
      [],
    );
}

/** Undefined where all processes are meant. Throws UserError. */
export function containersOf(flags: ContainerFlags): ContainerFilter | undefined {
  const { pod, namespace, workload, container, cgroup } = flags;
  const filter: ContainerFilter = {
    ...(pod === undefined ? {} : { pods: pod }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(workload === undefined ? {} : { workload }),
    ...(container.length === 0 ? {} : { containers: container }),
    ...(cgroup.length === 0 ? {} : { cgroups: cgroup }),
  };
  const fault = containerFilterFault(filter);
  if (fault !== undefined) throw new UserError(fault);
  return Object.keys(filter).length === 0 ? undefined : filter;
}
