/* Once told to, runs late_function of a library where it is in an archive, as Android does:
 * ARCHIVE, where the library begins in it, and the function's address in the library. */
#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stages.h"

#define PAGE 4096L
#define ROOM (1L << 20)

__attribute__((noinline)) long called_back(long n)
{
	__asm__ volatile("");
	return n + 1;
}

/* Code and constants; the library must need nothing else. */
static char *map_library(int file, long start)
{
	char *base = mmap(NULL, ROOM, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	Elf64_Ehdr header;

	if (pread(file, &header, sizeof(header), start) != sizeof(header))
		exit(1);
	for (int i = 0; i < header.e_phnum; i++) {
		long at = start + header.e_phoff + i * sizeof(Elf64_Phdr);
		Elf64_Phdr part;
		long before;

		if (pread(file, &part, sizeof(part), at) != sizeof(part))
			exit(1);
		if (part.p_type != PT_LOAD || (part.p_flags & PF_W))
			continue;
		before = part.p_vaddr % PAGE;
		mmap(base + part.p_vaddr - before, part.p_filesz + before,
		     PROT_READ | (part.p_flags & PF_X ? PROT_EXEC : 0), MAP_PRIVATE | MAP_FIXED,
		     file, start + part.p_offset - before);
	}
	return base;
}

int main(int argc, char **argv)
{
	long (*late_function)(long (*)(long), long);
	volatile long n;

	if (argc < 4)
		return 1;
	await_start();
	late_function = (void *)(map_library(open(argv[1], O_RDONLY), atol(argv[2])) + atol(argv[3]));
	n = late_function(called_back, 1);
	await_end();
	return n == 0;
}
