/* How a program is led through its stages: each step is a byte of its input; without input it just runs. */
#include <stdio.h>
#include <unistd.h>

static void await_step(const char *stage)
{
	char step;

	puts(stage);
	fflush(stdout);
	(void)!read(STDIN_FILENO, &step, 1);
}

static void await_start(void)
{
	await_step("ready");
}

static void await_end(void)
{
	await_step("done");
}
