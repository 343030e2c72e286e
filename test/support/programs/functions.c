/* Once told to, calls outer(i, "text i") COUNT times, which calls middle, inner and malloc. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "stages.h"

static void *volatile kept;

__attribute__((noinline)) int64_t inner(int64_t n)
{
	kept = malloc(n * 100 + 1000);
	free(kept);
	return -n;
}

__attribute__((noinline)) int64_t middle(int64_t n)
{
	int64_t result = inner(n);
	__asm__ volatile("");
	return result;
}

__attribute__((noinline)) int64_t outer(int64_t n, const char *text, uint8_t *bytes)
{
	int64_t result = middle(n);

	__asm__ volatile("" : : "r"(text), "r"(bytes) : "memory");
	return result;
}

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 3;
	uint8_t bytes[4] = {1, 2, 250, 4};
	char text[64];

	await_start();
	for (long i = 1; i <= count; i++) {
		snprintf(text, sizeof(text), "text %ld", i);
		outer(i, text, bytes);
	}
	await_end();
	return 0;
}
