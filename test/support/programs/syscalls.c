/*
 * Once told to, makes known system calls: COUNT getppid, 3 madvise DONTNEED and 2 others,
 * reads of 0, 1, 100 and 4096 bytes and one that fails, and opens the file PATH.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "stages.h"

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 1;
	const char *path = argc > 2 ? argv[2] : "/dev/null";
	size_t size = 1 << 16;
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int zero = open("/dev/zero", O_RDONLY);

	if (memory == MAP_FAILED || zero < 0)
		return 1;
	await_start();
	for (long i = 0; i < count; i++)
		syscall(SYS_getppid);
	for (int i = 0; i < 3; i++)
		madvise(memory, size, MADV_DONTNEED);
	for (int i = 0; i < 2; i++)
		madvise(memory, size, MADV_SEQUENTIAL);
	for (int i = 0; i < 2; i++) {
		if (read(zero, memory, 1) != 1 || read(zero, memory, 100) != 100 || read(zero, memory, 4096) != 4096)
			return 1;
	}
	if (read(-1, memory, 1) != -1)
		return 1;
	close(open(path, O_RDONLY));
	await_end();
	return 0;
}
