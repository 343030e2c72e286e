/** `--container` and `--cgroup` of a local run. */
import { CgroupFilter } from '../containers/cgroup-filter.ts';
import { nothingMatches } from '../containers/nothing-matches.ts';
import type { SessionOptions } from '../session/session-options.ts';
import type { Machine } from '../target/machine.ts';
import type { LocalIo, LocalOptions } from './local-options.ts';

/** Says so where nothing matches when the run begins. */
export function filterContainers(
  { containers: filter, quiet }: LocalOptions,
  machine: Pick<Machine, 'containers'>,
  io: Pick<LocalIo, 'err'>,
): Pick<SessionOptions, 'filterCgroups'> {
  if (filter === undefined) return {};
  return {
    filterCgroups: (map) => {
      let hasMatched = false;
      const made = new CgroupFilter(map, {
        filter,
        containers: machine.containers,
        onMatch: () => {
          hasMatched = true;
        },
        onFault: (message) => io.err(`WARNING: ${message}\n`),
      });
      if (!hasMatched && !quiet) {
        io.err(`WARNING: ${nothingMatches(filter, 'none')} yet: waiting for one\n`);
      }
      return made;
    },
  };
}
