/* System: page faults. 2 MiB of fresh memory is touched page by page and given back. */
#include "bench.h"
#include <sys/mman.h>

enum { SIZE = 2 << 20, PAGE = 4096 };

void prepare(char **arguments) { (void)arguments; }

uint64_t work(long amount) {
  uint64_t sum = 0;
  for (long n = 0; n < amount; n++) {
    unsigned char *memory = pages(SIZE);
    madvise(memory, SIZE, MADV_NOHUGEPAGE);
    for (size_t at = 0; at < SIZE; at += PAGE) {
      sum += memory[at]++;
    }
    sum = mix(sum, memory[n * 16411 % SIZE]);
    munmap(memory, SIZE);
  }
  return sum;
}
