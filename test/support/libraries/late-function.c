/* A library that is loaded while its program runs. */
static __attribute__((noinline)) long local_function(long (*call)(long), long n)
{
	long result = call(n);

	__asm__ volatile("");
	return result;
}

long late_function(long (*call)(long), long n)
{
	long result = local_function(call, n);

	__asm__ volatile("");
	return result;
}
