/* Once told to, makes a function, lists it as just-in-time compilers do, and calls outer, which calls inner, through it; then once more. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stages.h"

__attribute__((noinline)) void inner(void)
{
	__asm__ volatile("");
}

__attribute__((noinline)) void outer(void)
{
	inner();
	__asm__ volatile("");
}

/* push %rbp; mov %rsp,%rbp; call *%rdi; pop %rbp; ret */
static const unsigned char code[] = {0x55, 0x48, 0x89, 0xe5, 0xff, 0xd7, 0x5d, 0xc3};

int main(void)
{
	unsigned char *made = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char path[64];
	FILE *list;

	await_start();
	snprintf(path, sizeof(path), "/tmp/perf-%d.map", getpid());
	list = fopen(path, "w");
	for (int i = 0; i < 2; i++) {
		unsigned char *at = made + 64 * i;

		memcpy(at, code, sizeof(code));
		fprintf(list, "%lx %zx made function %d\n", (unsigned long)at, sizeof(code), i + 1);
		fflush(list);
		((void (*)(void (*)(void)))at)(outer);
	}
	fclose(list);
	await_end();
	return 0;
}
