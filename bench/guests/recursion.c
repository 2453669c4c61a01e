/* Branchy: recursive calls (Takeuchi's function). */
#include "bench.h"

void prepare(char **arguments) { (void)arguments; }

static __attribute__((noipa)) int tak(int x, int y, int z) {
  return y >= x ? z : tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y));
}

uint64_t work(long amount) {
  uint64_t sum = 0;
  for (long n = 0; n < amount; n++) {
    sum = mix(sum, tak(12 + n % 2, 8, 3));
  }
  return sum;
}
