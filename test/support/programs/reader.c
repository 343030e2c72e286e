/* Reads SIZE bytes from /dev/zero, COUNT times with one read(2) each, after a SIGCONT. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 1000;
	size_t size = argc > 2 ? (size_t)atol(argv[2]) : 100;
	char *buffer = malloc(size);
	int fd = open("/dev/zero", O_RDONLY);

	if (fd < 0)
		return 1;
	raise(SIGSTOP);
	for (long i = 0; i < count; i++)
		if (read(fd, buffer, size) != (ssize_t)size)
			return 1;
	return 0;
}
