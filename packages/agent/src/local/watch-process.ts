/** Notices the end of a process that is not our child. */

const LOOK_MS = 100;

/** Throws when there is no such process. */
export function requireProcess(pid: number): void {
  if (!isAlive(pid)) throw new Error(`trace pid ${pid}: no such process`);
}

/** Calls `onEnd` once when process `pid` is gone. */
export function watchProcess(pid: number, onEnd: () => void): Disposable {
  const timer = setInterval(() => {
    if (isAlive(pid)) return;
    clearInterval(timer);
    onEnd();
  }, LOOK_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
