/*
 * Once told to, COUNT times: forks a child that executes this program again, which calls `step` once and raises a USDT
 * probe; or, with 0 children for `calls`, calls `step` so many times itself.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/sdt.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stages.h"

__attribute__((noinline)) int step(int value)
{
	__asm__ volatile("" : "+r"(value));
	return value;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "child") == 0) {
		DTRACE_PROBE1(bursts, stepped, step(1));
		return 0;
	}
	long children = argc > 1 ? atol(argv[1]) : 1;
	long calls = argc > 2 ? atol(argv[2]) : 0;

	await_start();
	for (long i = 0; i < children; i++) {
		pid_t child = fork();

		if (child == 0) {
			execl("/proc/self/exe", argv[0], "child", NULL);
			_exit(1);
		}
		if (child < 0 || waitpid(child, NULL, 0) != child)
			return 1;
	}
	for (long i = 0; i < calls; i++)
		step(2);
	await_end();
	return 0;
}
