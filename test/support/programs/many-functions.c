/* Calls each of its 5,000 functions COUNT times, once told to. */
#include <stdlib.h>

#include "stages.h"

#define ONE(n) __attribute__((noinline)) void many_##n(void) { __asm__ volatile(""); }
#define CALL(n) many_##n();

#define TEN(do, n) do(n##0) do(n##1) do(n##2) do(n##3) do(n##4) do(n##5) do(n##6) do(n##7) do(n##8) do(n##9)
#define HUNDRED(do, n) TEN(do, n##0) TEN(do, n##1) TEN(do, n##2) TEN(do, n##3) TEN(do, n##4) \
	TEN(do, n##5) TEN(do, n##6) TEN(do, n##7) TEN(do, n##8) TEN(do, n##9)
#define THOUSAND(do, n) HUNDRED(do, n##0) HUNDRED(do, n##1) HUNDRED(do, n##2) HUNDRED(do, n##3) HUNDRED(do, n##4) \
	HUNDRED(do, n##5) HUNDRED(do, n##6) HUNDRED(do, n##7) HUNDRED(do, n##8) HUNDRED(do, n##9)
#define ALL(do) THOUSAND(do, 1) THOUSAND(do, 2) THOUSAND(do, 3) THOUSAND(do, 4) THOUSAND(do, 5)

ALL(ONE)

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 1;

	await_start();
	for (long i = 0; i < count; i++) {
		ALL(CALL)
	}
	await_end();
	return 0;
}
