# What tools trace and a bare VM has not: a disk with XFS and swap on it, a mirror of RAM disks, a group with little memory.
set -e
mkfs.xfs -q /dev/vda
mkdir /run/disk
mount -t xfs /dev/vda /run/disk
export TMPDIR=/run/disk

dd if=/dev/zero of=/run/disk/swap bs=1M count=64 status=none
chmod 600 /run/disk/swap
mkswap /run/disk/swap >/dev/null
swapon /run/disk/swap

echo +memory >/sys/fs/cgroup/cgroup.subtree_control
mkdir /sys/fs/cgroup/small
echo 24M >/sys/fs/cgroup/small/memory.max

echo md0 >/sys/module/md_mod/parameters/new_array
md=/sys/block/md0/md
echo raid1 >$md/level
echo 2 >$md/raid_disks
echo 8192 >$md/component_size
for at in 0 1; do
  echo "$(cat /sys/block/ram$at/dev)" >$md/new_dev
  echo $at >$md/dev-ram$at/slot
done
echo active >$md/array_state
set +e
