/** What makes each of bpftrace's tools print, and what must be seen then. */

export interface ToolCheck {
  /** File below `tools`. */
  readonly tool: string;
  /** A shell command that makes events; run again until the output is there. */
  readonly load: string;
  /** Must match all that the tool has printed, the maps at its end among it. */
  readonly prints: RegExp;
  /** The output comes when the tool is interrupted: the load is run once. */
  readonly atEnd?: true;
  /** What cannot be made to happen on a test machine: that the tool attaches is all that is checked. */
  readonly attachOnly?: true;
  /** How kernels are told that the tool is too old for, and what became of what it traces. */
  readonly outdated?: Outdated;
}

export interface Outdated {
  /** Functions that are no more, each with one that has the same arguments, for the tool to be run with instead. */
  readonly functions?: Readonly<Record<string, string>>;
  /** What is said of a field that is no more. */
  readonly error?: RegExp;
  readonly reason: string;
}

const HISTOGRAM = /\[\d+[KM]?(?:, \d+[KM]?\)|\]) +\d+ +\|@* *\|/;
const STACK = /\n {4,}\w[\w.]*\+\d+\n/;
/** Reads past the page cache, from a file system on a real block device. */
const BLOCK_IO = 'dd if=/dev/zero of=$TMP/block bs=64k count=4 oflag=direct,sync status=none; sync';
/** Keeps one CPU busy for a while. */
const BUSY = "timeout 0.5 bash -c 'while :; do :; done'";
/** Opens, uses and closes a connection of TCP over loopback. */
const TCP = `python3 -c '
import socket
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
peer, _ = server.accept()
client.sendall(b"x" * 5000); peer.recv(5000)
peer.close(); client.close(); server.close()'`;
/** Loses packets of a socket on their way out: on the way in they have none yet. The second goes out after 1 s. */
function lost(seconds: number): string {
  return `unshare -n bash -c "ip link set lo up; tc qdisc add dev lo root pfifo limit 0; python3 -c '
import socket
socket.create_connection((\\"127.0.0.1\\", 1), ${seconds})'"`;
}
/** Of the mirror that VMs have. */
const MD_FLUSH = 'dd if=/dev/zero of=/dev/md0 bs=4k count=1 conv=fsync status=none';
const BIOSNOOP = /^\d+ +\S+ +dd +\d+ +\d+$/m;
/** More memory than the group of VMs has: twice, so that the first half comes back from the swap. */
const SWAPPING = `bash -c 'echo $$ >/sys/fs/cgroup/small/cgroup.procs; exec python3 -c "
pages = bytearray(40 << 20)
for turn in range(2):
    for at in range(0, len(pages), 4096): pages[at] = 1"'`;
/** More than the group's memory and the swap. */
const TOO_MUCH = `bash -c 'echo $$ >/sys/fs/cgroup/small/cgroup.procs; exec python3 -c "bytearray(1) * (128 << 20)"'`;
const BLK_ACCOUNT: Outdated = {
  functions: {
    blk_account_io_start: 'blk_mq_start_request',
    __blk_account_io_start: 'blk_mq_start_request',
    blk_account_io_done: 'blk_mq_end_request',
    __blk_account_io_done: 'blk_mq_end_request',
  },
  reason:
    'blk_account_io_start and blk_account_io_done are inlined, since Linux 6.4 always and by some compilers before',
};
const TLS = `python3 -c '
import ssl
a, b, c, d = ssl.MemoryBIO(), ssl.MemoryBIO(), ssl.MemoryBIO(), ssl.MemoryBIO()
client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).wrap_bio(a, b, server_hostname="x")
try: client.do_handshake()
except ssl.SSLError: pass'`;

export const TOOL_CHECKS: readonly ToolCheck[] = [
  {
    tool: 'bashreadline.bt',
    load: `script -qec 'bash --norc -i' /dev/null <<< $'echo typed\\nexit\\n'`,
    prints: /^\d\d:\d\d:\d\d {2}\d+ +echo typed$/m,
  },
  {
    tool: 'biolatency-kp.bt',
    load: BLOCK_IO,
    prints: HISTOGRAM,
    atEnd: true,
    outdated: BLK_ACCOUNT,
  },
  { tool: 'biolatency.bt', load: BLOCK_IO, prints: HISTOGRAM, atEnd: true },
  { tool: 'biosnoop.bt', load: BLOCK_IO, prints: /^\d+ +\d+ +\d+ +dd +\d+ +\d+$/m },
  { tool: 'biostacks.bt', load: BLOCK_IO, prints: STACK, atEnd: true },
  { tool: 'bitesize.bt', load: BLOCK_IO, prints: /@(bytes)?\[dd\]:\s+/, atEnd: true },
  { tool: 'capable.bt', load: 'chown 1 $TMP/owned', prints: /^\d\d:.* chown +0 +CAP_CHOWN/m },
  { tool: 'cpuwalk.bt', load: BUSY, prints: HISTOGRAM, atEnd: true },
  { tool: 'dcsnoop.bt', load: 'cat $TMP/owned', prints: /^\d+ +\d+ +cat +R owned$/m },
  {
    tool: 'execsnoop.bt',
    load: '/bin/echo told',
    prints: /^\s*\d\d:[\d:.]+ +\d+ +\d+ +.*echo told$/m,
  },
  {
    tool: 'gethostlatency.bt',
    load: 'python3 -c "import socket; socket.getaddrinfo(\\"localhost\\", 1)"',
    prints: /python3 +\d+ localhost$/m,
  },
  { tool: 'killsnoop.bt', load: 'kill -0 $$', prints: /^\d\d:[\d:.]+ +\d+ bash +\S+ +\d+ +0$/m },
  {
    tool: 'loads.bt',
    load: 'sleep 1',
    prints: /load averages: \d+\.\d{3} \d+\.\d{3} \d+\.\d{3}$/m,
  },
  { tool: 'mdflush.bt', load: MD_FLUSH, prints: /^\d\d:\d\d:\d\d \d+ +dd +md0$/m },
  { tool: 'naptime.bt', load: 'sleep 0.05', prints: /sleep +0\.050$/m },
  {
    tool: 'oomkill.bt',
    load: TOO_MUCH,
    prints:
      /^\d\d:\d\d:\d\d Triggered by PID \d+ \("python3"\), CGROUP \d+ \(".*\/small"\), OOM kill of PID \d+ \("python3"\), \d+ pages, loadavg: \d/m,
  },
  { tool: 'opensnoop.bt', load: 'cat $TMP/owned', prints: /^\d+ +cat +\d+ +0 .*owned$/m },
  { tool: 'pidpersec.bt', load: 'sleep 0.3', prints: /@: [1-9]\d*$/m },
  { tool: 'runqlat.bt', load: BUSY, prints: HISTOGRAM, atEnd: true },
  { tool: 'runqlen.bt', load: BUSY, prints: HISTOGRAM, atEnd: true },
  {
    tool: 'setuids.bt',
    load: 'python3 -c "import os; os.setuid(7)"',
    prints: /python3 +0 +setuid +uid=7 \(0\)$/m,
  },
  { tool: 'ssllatency.bt', load: TLS, prints: /@(stat|hist)F?\[SSL_do_handshake/, atEnd: true },
  { tool: 'sslsnoop.bt', load: TLS, prints: /python3 +\d+ +-?\d+ SSL_do_handshake/ },
  { tool: 'statsnoop.bt', load: 'stat $TMP/owned', prints: /^\d+ +stat +0 .*owned$/m },
  { tool: 'swapin.bt', load: SWAPPING, prints: /^@\[python3, \d+\]: \d+$/m },
  { tool: 'syncsnoop.bt', load: 'sync', prints: /sync +tracepoint:syscalls:sys_enter_sync$/m },
  { tool: 'syscount.bt', load: 'cat $TMP/owned', prints: /@\w*\[.*\]: \d+/ },
  {
    tool: 'tcpaccept.bt',
    load: TCP,
    prints: /python3 +127\.0\.0\.1 +\d+ +127\.0\.0\.1 +\d+ +\d+\/\d+$/m,
  },
  { tool: 'tcpconnect.bt', load: TCP, prints: /python3 +127\.0\.0\.1 +\d+ +127\.0\.0\.1 +\d+/ },
  { tool: 'tcpdrop.bt', load: lost(0.5), prints: /127\.0\.0\.1:\d+ +127\.0\.0\.1:1 / },
  { tool: 'tcplife.bt', load: TCP, prints: /127\.0\.0\.1 +\d+ +127\.0\.0\.1 +\d+ +\d+ +\d+ \d+/ },
  {
    tool: 'tcpretrans.bt',
    load: lost(3),
    prints: /^\d\d:\d\d:\d\d \d+ +127\.0\.0\.1:\d+ +127\.0\.0\.1:1 +SYN_SENT$/m,
  },
  { tool: 'tcpsynbl.bt', load: TCP, prints: HISTOGRAM, atEnd: true },
  {
    tool: 'threadsnoop.bt',
    load: 'python3 -c "import threading; t = threading.Thread(target=int); t.start(); t.join()"',
    prints: /^\s*\d\d:[\d:.]+ +\d+ python3 +\S+/m,
  },
  {
    tool: 'undump.bt',
    load: `python3 -c '
import socket
a, b = socket.socketpair(); a.sendall(b"undumped"); b.recv(9)'`,
    prints: /undumped/,
  },
  { tool: 'vfscount.bt', load: 'cat $TMP/owned', prints: /@\[vfs_read\]: \d+/, atEnd: true },
  { tool: 'vfsstat.bt', load: 'cat $TMP/owned; sleep 1', prints: /@\[vfs_read\]: \d+/ },
  {
    tool: 'writeback.bt',
    load: 'date > $TMP/dirty; sync',
    prints: /^\d\d:\d\d:\d\d +\S+ +\d+ +\w+ +\d+\.\d{3}$/m,
  },
  {
    tool: 'xfsdist.bt',
    load: 'date >$TMP/dated; cat $TMP/dated; sync $TMP/dated',
    prints: /@us\[xfs_file_write_iter\]: *\n/,
    atEnd: true,
  },
  {
    tool: 'old/biosnoop-pre-5.17.bt',
    load: BLOCK_IO,
    prints: BIOSNOOP,
    outdated: {
      error: /'struct request' does not contain a field named 'rq_disk'/,
      reason: 'struct request has no rq_disk since Linux 5.17',
    },
  },
  { tool: 'old/biosnoop-pre-6.4.bt', load: BLOCK_IO, prints: BIOSNOOP, outdated: BLK_ACCOUNT },
  { tool: 'old/biostacks.bt', load: BLOCK_IO, prints: STACK, atEnd: true, outdated: BLK_ACCOUNT },
  {
    tool: 'old/mdflush.bt',
    load: MD_FLUSH,
    prints: /^\d\d:\d\d:\d\d \d+ +dd +md0$/m,
    outdated: {
      error: /'struct bio' does not contain a field named 'bi_disk'/,
      reason: 'struct bio has no bi_disk since Linux 5.12',
    },
  },
  {
    tool: 'old/runqlen.bt',
    load: BUSY,
    prints: HISTOGRAM,
    atEnd: true,
    outdated: {
      error: /'struct cfs_rq' does not contain a field named 'nr_running'/,
      reason: 'struct cfs_rq has no nr_running since Linux 6.14',
    },
  },
  {
    tool: 'old/tcpdrop.bt',
    load: lost(2.5),
    prints: /127\.0\.0\.1:\d+ +127\.0\.0\.1:1 /,
    outdated: {
      functions: { tcp_drop: 'tcp_retransmit_skb' },
      reason: 'there is no tcp_drop since Linux 5.19',
    },
  },
];
