/* Once told to, reaches leaf COUNT times, each time by another way through left and right. */
#include <stdlib.h>

#include "stages.h"

enum { DEPTH = 30 };

__attribute__((noinline)) long leaf(long way)
{
	__asm__ volatile("");
	return way;
}

__attribute__((noinline)) long right(long way, int depth);

__attribute__((noinline)) long left(long way, int depth)
{
	long result = depth == 0 ? leaf(way) : ((way >> (depth - 1)) & 1 ? right : left)(way, depth - 1);

	__asm__ volatile("");
	return result + 1;
}

__attribute__((noinline)) long right(long way, int depth)
{
	long result = depth == 0 ? leaf(way) : ((way >> (depth - 1)) & 1 ? right : left)(way, depth - 1);

	__asm__ volatile("");
	return result + 2;
}

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 10;
	volatile long sum = 0;

	await_start();
	for (long way = 0; way < count; way++)
		sum += left(way, DEPTH);
	await_end();
	return 0;
}
