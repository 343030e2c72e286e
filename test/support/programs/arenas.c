/* Makes COUNT threads that malloc at the same time, so that libc creates memory arenas for them. */
#include <pthread.h>
#include <stdlib.h>

static pthread_barrier_t together;

static void *work(void *unused)
{
	(void)unused;
	for (int i = 0; i < 100; i++) {
		volatile char *p = malloc(1000);
		*p = 1;
		free((void *)p);
		if (i == 0)
			pthread_barrier_wait(&together);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	unsigned count = argc > 1 ? (unsigned)atoi(argv[1]) : 4;
	pthread_t threads[64];

	if (count > 64)
		count = 64;
	pthread_barrier_init(&together, NULL, count);
	for (unsigned i = 0; i < count; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (unsigned i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
