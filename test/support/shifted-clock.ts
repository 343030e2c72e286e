/** Another time of day for one process and its children: a library that is loaded before libc, and a file that says how far off it is. */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testDirectory } from './test-program.ts';

const SOURCE = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long shift_s(void)
{
    static volatile long *shift;
    if (shift == NULL) {
        static volatile long none;
        const char *path = getenv("SHIFTED_CLOCK");
        int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
        void *mapped = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(long), PROT_READ, MAP_SHARED, fd, 0);
        if (fd >= 0)
            close(fd);
        shift = mapped == MAP_FAILED ? &none : mapped;
    }
    return *shift;
}

long syscall(long number, ...)
{
    static long (*next)(long, ...);
    long a[6];
    va_list list;
    if (next == NULL)
        next = dlsym(RTLD_NEXT, "syscall");
    va_start(list, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(list, long);
    va_end(list);
    long result = next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    int of_day = a[0] == CLOCK_REALTIME || a[0] == CLOCK_REALTIME_COARSE || a[0] == CLOCK_TAI;
    if (number == SYS_clock_gettime && result == 0 && of_day)
        ((struct timespec *)a[1])->tv_sec += shift_s();
    return result;
}

int clock_gettime(clockid_t clock, struct timespec *at)
{
    return syscall(SYS_clock_gettime, (long)clock, at, 0L, 0L, 0L, 0L);
}

int gettimeofday(struct timeval *restrict at, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *at)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at != NULL)
        *at = now.tv_sec;
    return now.tv_sec;
}
`;

let library: string | undefined;
let made = 0;

export class ShiftedClock {
  /** For the process. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #path: string;

  constructor(seconds: number) {
    library ??= build();
    made += 1;
    this.#path = join(testDirectory(), `clock-${made}`);
    this.set(seconds);
    this.environment = { LD_PRELOAD: library, SHIFTED_CLOCK: this.#path };
  }

  /** So far ahead of this machine's clock, from now on. */
  set(seconds: number): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(seconds));
    // In place: processes have the file mapped.
    writeFileSync(this.#path, bytes, { flag: existsSync(this.#path) ? 'r+' : 'w' });
  }
}

function build(): string {
  const path = join(testDirectory(), 'shifted-clock.so');
  const source = join(testDirectory(), 'shifted-clock.c');
  writeFileSync(source, SOURCE);
  execFileSync('gcc', ['-O1', '-shared', '-fPIC', '-o', path, source]);
  return path;
}
