/*
 * Self-modifying code: a compiler that never stops. Each function that it makes has 24 random
 * operations, is called 16 times, and is overwritten after 64 KiB of others.
 */
#include "bench.h"
#include <string.h>

enum { SIZE = 65536, LONGEST = 256, OPERATIONS = 24, CALLS = 16 };
static unsigned char *code;

void prepare(char **arguments) {
  (void)arguments;
  code = code_pages(SIZE);
}

static unsigned char *emit(unsigned char *at, int count, uint32_t bytes) {
  memcpy(at, &bytes, count);
  return at + count;
}

static unsigned char *compile(unsigned char *at, uint64_t *random) {
  at = emit(at, 2, 0xF889); /* mov eax, edi */
  for (int i = 0; i < OPERATIONS; i++) {
    uint64_t chosen = next_random(random);
    uint32_t constant = chosen >> 32;
    switch (chosen % 6) {
      case 0: at = emit(emit(at, 1, 0x05), 4, constant); break;            /* add eax, constant */
      case 1: at = emit(emit(at, 1, 0x35), 4, constant); break;            /* xor eax, constant */
      case 2: at = emit(emit(at, 2, 0xC069), 4, constant | 1); break;      /* imul eax, eax, … */
      case 3: at = emit(emit(at, 2, 0xC0C1), 1, constant % 31 + 1); break; /* rol eax, … */
      case 4: at = emit(at, 3, 0x40048D); break;                           /* lea eax, [rax + 2 * rax] */
      default: at = emit(emit(at, 4, 0x0278C085), 2, 0xD0F7); break;       /* if >= 0: not eax */
    }
  }
  return emit(at, 1, 0xC3); /* ret */
}

uint64_t work(long amount) {
  uint64_t random = 1, sum = 0;
  unsigned char *at = code;
  for (long n = 0; n < amount; n++) {
    if (at + LONGEST > code + SIZE) {
      at = code;
    }
    uint32_t (*call)(uint32_t) = (uint32_t(*)(uint32_t))(void *)at;
    at = compile(at, &random);
    __asm__ volatile("" : : : "memory");
    for (int i = 0; i < CALLS; i++) {
      sum = mix(sum, call(sum + i));
    }
  }
  return sum;
}
