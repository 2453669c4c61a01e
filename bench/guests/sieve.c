/* Integer: the sieve of Eratosthenes over 256 KiB. */
#include "bench.h"
#include <string.h>

enum { SIZE = 256 * 1024 };
static unsigned char composite[SIZE];

void prepare(char **arguments) { (void)arguments; }

uint64_t work(long amount) {
  uint64_t sum = 0;
  for (long n = 0; n < amount; n++) {
    memset(composite, 0, SIZE);
    for (unsigned i = 2; i < SIZE; i++) {
      if (!composite[i]) {
        sum = mix(sum, i + n);
        for (unsigned j = 2 * i; j < SIZE; j += i) {
          composite[j] = 1;
        }
      }
    }
  }
  return sum;
}
