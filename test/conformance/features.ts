/** What the tracer says this machine can do: the lines of its `--info`. */

/** The names cases use, and the line of `--info` that each stands for. */
const LINES: Readonly<Record<string, string>> = {
  loop: 'loop: yes',
  probe_read_kernel: 'probe_read_kernel: yes',
  btf: 'btf: yes',
  fentry: 'fentry: yes',
  dpath: 'dpath: yes',
  signal: 'send_signal: yes',
  iter: 'iter: yes',
  libpath_resolv: 'library path resolution: yes',
  dwarf: 'libdw (DWARF support): yes',
  kprobe_multi: 'kprobe_multi: yes',
  kprobe_session: 'kprobe_session: yes',
  uprobe_multi: 'uprobe_multi: yes',
  aot: 'aot: yes',
  skboutput: 'skboutput: yes',
  get_tai_ns: 'get_tai_ns: yes',
  get_func_ip: 'get_func_ip: yes',
  jiffies64: 'jiffies64: yes',
  lookup_percpu_elem: 'lookup_percpu_elem: yes',
  dwunwind: 'dwunwind (DWARF stack unwinding): yes',
  blazesym: 'blazesym (advanced symbolization): yes',
};

export class Features {
  readonly #info: string;

  /** @param info the text of `--info` */
  constructor(info: string) {
    this.#info = info;
  }

  /** @throws on a name that no feature has */
  has(name: string): boolean {
    const line = LINES[name];
    if (line === undefined) throw new Error(`no feature is called '${name}'`);
    return this.#info.includes(line);
  }

  /** Whether `--info` denies a kind of probe. */
  lacksProbe(kind: string): boolean {
    return this.#info.includes(` ${kind}: no`);
  }
}
