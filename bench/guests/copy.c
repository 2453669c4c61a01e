/*
 * Memory: copies 1 MiB in blocks: by the library's memcpy, in blocks of 1 KiB, for which it uses
 * vector registers on all processors; with the argument "rep" by REP MOVSB, in blocks of 64 KiB.
 */
#include "bench.h"
#include <string.h>

enum { SIZE = 1 << 20, BLOCK = 1024, LONG_BLOCK = 65536 };
static unsigned char *from, *to;
static int rep;

void prepare(char **arguments) {
  uint64_t random = 1;
  rep = arguments[0] != NULL && strcmp(arguments[0], "rep") == 0;
  from = pages(SIZE);
  to = pages(SIZE);
  for (size_t i = 0; i < SIZE; i++) {
    from[i] = next_random(&random);
  }
}

static void move(void *destination, const void *source, size_t count) {
  __asm__ volatile("rep movsb" : "+D"(destination), "+S"(source), "+c"(count) : : "memory");
}

uint64_t work(long amount) {
  uint64_t sum = 0;
  void *(*volatile copy)(void *, const void *, size_t) = memcpy; /* not to be expanded in place */
  for (long n = 0; n < amount; n++) {
    from[n % SIZE]++;
    if (rep) {
      for (size_t at = 0; at < SIZE; at += LONG_BLOCK) {
        move(to + at, from + at, LONG_BLOCK);
      }
    } else {
      for (size_t at = 0; at < SIZE; at += BLOCK) {
        copy(to + at, from + at, BLOCK);
      }
    }
    sum = mix(sum, to[n * 4099 % SIZE]);
  }
  return sum;
}
