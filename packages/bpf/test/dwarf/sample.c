/* What the tests of debug information look for. */
typedef struct node {
  struct node *next;
  int value;
} node_t;
enum colour { RED = 1, GREEN = -2 };
enum big { HUGE = 0x100000000 };
union word {
  int whole;
  float real;
  char bytes[8];
};
struct bits {
  unsigned a : 3;
  int b : 5;
  unsigned long c : 40;
};
struct pair {
  long x;
  int y;
};
struct large {
  long v[5];
};
struct hidden {
  int depth;
};
struct outer {
  node_t first;
  struct bits bits;
  union {
    int p;
    char q;
  };
  const char *name;
  int grid[2][3];
  enum colour colour;
  enum big big;
  int (*call)(int);
  volatile int often;
  _Bool flag;
  double real;
  struct hidden *hidden;
};

__attribute__((noinline)) int take(struct outer *o, const node_t *n, enum colour colour,
                                   union word word, struct pair pair, struct large large,
                                   double real, int tail) {
  return o->bits.a + n->value + colour + word.whole + pair.y + large.v[0] + (int)real + tail;
}

__attribute__((noinline)) struct large give(int a, char b) {
  struct large made = {{a, b}};
  return made;
}

struct quad {
  double corners[2];
  struct {
    double x, y;
  } rest;
};
struct mixed {
  double real;
  long whole;
};

int mix(struct quad quad, struct mixed mixed, int a, __int128 wide, int b, struct pair last, int c) {
  return (int)(quad.rest.x + mixed.real) + a + (int)wide + b + last.y + c;
}

static inline __attribute__((always_inline)) int twice(int x) {
  return x * 2;
}

int main(int argc, char **argv) {
  struct outer o = {.bits = {.a = 1}, .hidden = (struct hidden *)argv};
  node_t n = {0};
  union word w = {0};
  struct pair p = {1, 2};
  struct large l = {{0}};
  return twice(take(&o, &n, RED, w, p, l, 1.0, argc)) + (int)give(argc, 'x').v[0];
}
