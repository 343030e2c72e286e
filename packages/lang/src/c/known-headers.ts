/**
 * Headers whose text nobody needs: the kernel's, because its types and enumerators are in BTF and its common macros in
 * `header-constants`, and those of the C library that hold no more than that.
 */

const KERNEL_DIRECTORIES: ReadonlySet<string> = new Set(
  `linux asm asm-generic uapi net generated acpi block clocksource crypto cxl drm dt-bindings keys kunit kvm
  math-emu media memory misc mtd pcmcia ras rdma rv scsi soc sound target trace ufs vdso video xen kernel mm fs
  drivers include arch security lib ipc bpf soc uapi/linux config`.split(/\s+/),
);

const LIBRARY: ReadonlySet<string> = new Set(
  `assert.h ctype.h errno.h fcntl.h float.h inttypes.h limits.h sched.h signal.h stdarg.h stdbool.h stddef.h stdint.h
  stdio.h stdlib.h string.h strings.h time.h unistd.h vmlinux.h __stddef_max_align_t.h
  sys/errno.h sys/fcntl.h sys/mman.h sys/param.h sys/resource.h sys/signal.h sys/socket.h sys/stat.h sys/syscall.h
  sys/time.h sys/types.h sys/uio.h sys/un.h sys/wait.h sys/epoll.h sys/ioctl.h sys/prctl.h sys/ptrace.h
  sys/mount.h sys/swap.h sys/poll.h poll.h sys/select.h sys/file.h sys/reboot.h
  netinet/in.h netinet/tcp.h netinet/udp.h netinet/ip.h netinet/ip6.h netinet/ip_icmp.h netinet/if_ether.h
  arpa/inet.h netdb.h net/if.h net/ethernet.h bits/types.h bits/socket.h endian.h byteswap.h bpf/bpf_helpers.h
  bpf/bpf_core_read.h bpf/bpf_tracing.h bpf/bpf_endian.h sys/cdefs.h features.h syscall.h`.split(
    /\s+/,
  ),
);

/** `linux/sched.h`, `stdint.h`. */
export function isKnownHeader(name: string): boolean {
  const directory = name.slice(0, Math.max(name.indexOf('/'), 0));
  return KERNEL_DIRECTORIES.has(directory) || LIBRARY.has(name);
}
