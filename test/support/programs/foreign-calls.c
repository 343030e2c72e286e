/* Once told to, makes COUNT calls by the convention of 32-bit programs: getpid, whose number means writev to others. */
#include <stdlib.h>

#include "stages.h"

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 1;

	await_start();
	for (long i = 0; i < count; i++) {
#ifdef __x86_64__
		long result;

		__asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory");
#endif
	}
	await_end();
	return 0;
}
