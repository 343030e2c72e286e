/* Once told to, fires USDT probes with arguments of all kinds, COUNT times. */
#define _SDT_HAS_SEMAPHORES 1
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sdt.h>
#include <unistd.h>

#include "stages.h"

/* Tracers count themselves in here while they are attached. */
__extension__ unsigned short fleet_guarded_semaphore __attribute__((unused)) __attribute__((section(".probes")));
__extension__ unsigned short fleet_plain_semaphore __attribute__((unused)) __attribute__((section(".probes")));
__extension__ unsigned short fleet_none_semaphore __attribute__((unused)) __attribute__((section(".probes")));
__extension__ unsigned short fleet_many_semaphore __attribute__((unused)) __attribute__((section(".probes")));
__extension__ unsigned short other_plain_semaphore __attribute__((unused)) __attribute__((section(".probes")));

struct record {
	int64_t first;
	uint32_t second;
};

__attribute__((noinline)) static void fire(struct record *record, const char *text)
{
	volatile int8_t small = -5;
	volatile uint16_t unsigned_word = 65535;
	volatile int32_t negative = -100000;
	volatile uint64_t large = 0xfedcba9876543210;

	DTRACE_PROBE6(fleet, many, small, unsigned_word, negative, large, text, 42);
	DTRACE_PROBE2(fleet, plain, record->first, record->second);
	DTRACE_PROBE1(other, plain, 7);
	DTRACE_PROBE(fleet, none);
	if (fleet_guarded_semaphore != 0)
		DTRACE_PROBE1(fleet, guarded, fleet_guarded_semaphore);
}

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 1;
	struct record record = {.first = -1, .second = 4000000000};

	await_start();
	for (long i = 0; i < count; i++)
		fire(&record, "some text");
	await_end();
	/* What is left in the semaphore once nobody traces any more. */
	return fleet_guarded_semaphore;
}
