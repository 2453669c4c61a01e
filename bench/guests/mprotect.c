/* System: pages become read-only and writable again; each time they are written to. */
#include "bench.h"
#include <sys/mman.h>

enum { PAGE = 4096, SIZE = 16 * PAGE };
static unsigned char *memory;

void prepare(char **arguments) {
  (void)arguments;
  memory = pages(SIZE);
}

uint64_t work(long amount) {
  uint64_t sum = 0;
  for (long n = 0; n < amount; n++) {
    if (mprotect(memory, SIZE, PROT_READ) != 0 || mprotect(memory, SIZE, PROT_READ | PROT_WRITE) != 0) {
      fail("mprotect");
    }
    for (size_t at = 0; at < SIZE; at += PAGE) {
      sum = mix(sum, ++memory[at]);
    }
  }
  return sum;
}
