#!/bin/busybox sh
# First process of a test VM: the host's root, read-only over 9p, under a tmpfs overlay; then /command in it.
# Nothing is mounted over /tmp: the checkout may be in there. The console is the kernel's; what the command prints goes
# to the second serial port and ends with its exit code.
bb=/bin/busybox
$bb mount -t proc proc /proc
$bb mount -t devtmpfs dev /dev
while read -r module; do
  $bb insmod "/modules/$module.ko" || echo "insmod $module failed"
done </modules/order

fail() {
  echo "the VM cannot run: $1" >/dev/console
  $bb poweroff -f
}

root=/mnt/root
$bb mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose,ro host /mnt/host ||
  fail 'the kernel cannot mount the root of the host: it lacks 9p over virtio'
$bb mount -t tmpfs tmpfs /mnt/overlay
$bb mkdir /mnt/overlay/upper /mnt/overlay/work
$bb mount -t overlay -o lowerdir=/mnt/host,upperdir=/mnt/overlay/upper,workdir=/mnt/overlay/work overlay $root ||
  fail 'the kernel has no overlayfs'
$bb mount -t proc proc $root/proc
$bb mount -t sysfs sysfs $root/sys
$bb mount -t devtmpfs dev $root/dev
$bb mount -t tmpfs tmpfs $root/run
$bb mount -t tracefs tracefs $root/sys/kernel/tracing
$bb mount -t bpf bpf $root/sys/fs/bpf
$bb mount -t cgroup2 cgroup2 $root/sys/fs/cgroup
$bb ip link set lo up
if $bb ip link set eth0 up 2>/dev/null; then
  $bb ip addr add 10.0.2.15/24 dev eth0
fi
$bb hostname vm

$bb stty -F /dev/ttyS1 raw -echo
$bb cp /command $root/run/command
$bb chroot $root /bin/sh /run/command </dev/null >/dev/ttyS1 2>&1
echo "exit code $?" >/dev/ttyS1
$bb sleep 0.2
$bb poweroff -f
