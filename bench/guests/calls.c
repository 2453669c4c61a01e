/* Branchy: calls through pointers. The argument is how many functions they lead to, 1 to 16. */
#include "bench.h"
#include <stdlib.h>

enum { CALLS = 4096 };
typedef uint64_t Function(uint64_t);

#define FUNCTION(n) \
  static __attribute__((noinline)) uint64_t function##n(uint64_t x) { return (x + n) * (2 * n + 3); }
#define ALL(do) do(0) do(1) do(2) do(3) do(4) do(5) do(6) do(7) do(8) do(9) do(10) do(11) do(12) do(13) do(14) do(15)
ALL(FUNCTION)
#define NAME(n) function##n,
static Function *const functions[] = {ALL(NAME)};
static Function *sequence[CALLS];

void prepare(char **arguments) {
  uint64_t random = 1;
  unsigned targets = arguments[0] ? atoi(arguments[0]) : 1;
  for (int i = 0; i < CALLS; i++) {
    sequence[i] = functions[next_random(&random) % targets % 16];
  }
}

uint64_t work(long amount) {
  uint64_t x = 1;
  for (long n = 0; n < amount; n++) {
    for (int i = 0; i < CALLS; i++) {
      x = sequence[i](x);
    }
  }
  return x;
}
