/** What VMs need of this machine. */
import { requirePackageLists, requirePackages } from '../../scripts/system-packages.mjs';

/** Installs what is missing, or ends the process with the command that does. */
export function requireVms(): void {
  requirePackages(['qemu-system-x86', 'busybox-static']);
  requirePackageLists();
}
