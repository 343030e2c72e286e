/** What `npm run test:kernels` is asked to do. */

/** The first must be there; later ones are tested where apt offers them. */
export const SERIES: readonly string[] = ['6.1', '6.12'];

export const KERNELS_USAGE = `Runs the kernel tier and conformance cases on Debian's kernels in VMs and on this machine's own.

  npm run test:kernels [-- WORD…]

Without words everything is run, and must be as docs/kernel-support.md says; UPDATE_KERNEL_SUPPORT=1 writes that page.
Words choose a part, whose results are printed only:
  ${SERIES.join(', ')}   Debian's newest kernel of this series
  own         the kernel that BPFLEET_KERNEL names
  anything    suites by a part of their name, such as kprobe or cases
BPFLEET_KERNEL=/path/to/vmlinuz adds a kernel to any run; its modules are beside it in RELEASE, modules/RELEASE or
lib/modules/RELEASE.
`;

export type KernelsRequest =
  | { readonly kind: 'help' }
  | {
      readonly kind: 'run';
      readonly series: readonly string[];
      /** Also on this machine. */
      readonly host: boolean;
      /** The operator's kernel. */
      readonly ownPath: string | undefined;
      /** Parts of names; all when empty. */
      readonly suites: readonly string[];
      /** Everything, so that the page can be compared. */
      readonly isWhole: boolean;
    };

/**
 * @param suiteNames of all suites there are
 * @throws with what is wrong with a word
 */
export function parseKernelsRequest(
  words: readonly string[],
  ownPath: string | undefined,
  suiteNames: readonly string[],
): KernelsRequest {
  if (words.includes('--help') || words.includes('-h')) return { kind: 'help' };
  const series = words.filter((word) => /^\d/.test(word));
  const suites = words.filter((word) => word !== 'own' && !series.includes(word));
  const isOwnAlone = words.includes('own') && series.length === 0;
  for (const one of series) {
    if (!SERIES.includes(one)) {
      throw new Error(
        `test:kernels: no kernel ${one}; there are ${SERIES.join(' and ')}, and BPFLEET_KERNEL=/path/to/vmlinuz adds one`,
      );
    }
  }
  if (ownPath === '' || (ownPath === undefined && words.includes('own'))) {
    throw new Error(
      'test:kernels: BPFLEET_KERNEL names no kernel; set it to the path of a vmlinuz',
    );
  }
  for (const suite of suites) {
    if (suite.startsWith('-')) throw new Error(`test:kernels: no option ${suite}; see --help`);
    if (!suiteNames.some((name) => name.includes(suite))) {
      throw new Error(`test:kernels: no suite ${suite}; there are ${suiteNames.join(', ')}`);
    }
  }
  const host = series.length === 0 && !isOwnAlone;
  return {
    kind: 'run',
    series: host ? SERIES : series,
    host,
    ownPath,
    suites,
    isWhole: words.length === 0,
  };
}
