/** Notices the end of a process that is not our child. */

const LOOK_MS = 100;

/** Calls `onEnd` once when process `pid` is gone. Throws when there is no such process to begin with. */
export function watchProcess(pid: number, onEnd: () => void): Disposable {
  if (!isAlive(pid)) throw new Error(`trace pid ${pid}: no such process`);
  const timer = setInterval(() => {
    if (isAlive(pid)) return;
    clearInterval(timer);
    onEnd();
  }, LOOK_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
