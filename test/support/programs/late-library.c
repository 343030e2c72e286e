/* Once told to, loads the library that it is given; told again, calls late_function for a
 * while, which calls back in here. */
#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>

#include "stages.h"

__attribute__((noinline)) long called_back(long n)
{
	__asm__ volatile("");
	return n + 1;
}

int main(int argc, char **argv)
{
	long (*late_function)(long (*)(long), long);
	void *library;
	volatile long n;

	await_start();
	library = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
	if (library == NULL)
		return 1;
	late_function = (long (*)(long (*)(long), long))dlsym(library, "late_function");
	if (late_function == NULL)
		return 1;
	await_step("loaded");
	for (int i = 0; i < 50; i++) {
		n = late_function(called_back, 1);
		usleep(10000);
	}
	await_end();
	return n == 0;
}
