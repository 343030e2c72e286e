/* Fires tracetest:testprobe with a counter and a fixed number, COUNT times (default 10), 1 ms apart. */
#include <stdlib.h>
#include <sys/sdt.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 10;

	for (long i = 0; i < count; i++) {
		DTRACE_PROBE1(tracetest, testprobe, i);
		DTRACE_PROBE2(tracetest, pair, i, "text");
		usleep(1000);
	}
	return 0;
}
