/* Once told to, calls functions whose arguments are of many types, and are passed in all the ways there are. */
#include <stdio.h>

#include "stages.h"

struct inner {
	short code;
	char name[12];
};

struct item {
	int id;
	unsigned low : 3;
	unsigned high : 5;
	struct inner inner;
	struct item *next;
	enum { PLAIN, FANCY } style;
	int grid[3];
};

struct pair {
	long first;
	int second;
};

struct big {
	long values[4];
};

short total = -7;
long grand_total = 1L << 40;

__attribute__((noinline)) int by_pointer(const struct item *item, char letter, signed char below)
{
	__asm__ volatile("" : : "r"(item), "r"(letter), "r"(below) : "memory");
	return item->id;
}

__attribute__((noinline)) long by_value(struct pair pair, struct big big, double real, int last)
{
	__asm__ volatile("" : : "r"(last) : "memory");
	return pair.first + big.values[0] + (long)real;
}

__attribute__((noinline)) struct big many(int a, int b, int c, int d, int e, int f, long g)
{
	struct big made = {{a + b, c + d, e + f, g}};

	__asm__ volatile("" : : "r"(g) : "memory");
	return made;
}

int main(void)
{
	struct item last = {.id = 8, .inner = {2, "second"}};
	struct item item = {7, 5, 17, {-1, "first"}, &last, FANCY, {10, 20, 30}};
	struct pair pair = {1L << 40, -3};
	struct big big = {{100, 200, 300, 400}};

	await_start();
	by_pointer(&item, 'x', -2);
	by_value(pair, big, 1.5, 99);
	many(1, 2, 3, 4, 5, 6, 77);
	await_end();
	return 0;
}
