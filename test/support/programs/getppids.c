/* Makes exactly COUNT getppid(2) calls, after a SIGCONT. */
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 1000;

	raise(SIGSTOP);
	for (long i = 0; i < count; i++)
		syscall(SYS_getppid);
	return 0;
}
