/*
 * Self-modifying code: a function is rewritten and called; it returns its argument plus a constant,
 * which is another one each time.
 */
#include "bench.h"
#include <string.h>

static unsigned char *code;

void prepare(char **arguments) {
  static const unsigned char function[] = {
      0xB8, 0, 0, 0, 0, /* mov eax, constant */
      0x01, 0xF8,       /* add eax, edi */
      0xC3,             /* ret */
  };
  (void)arguments;
  code = code_pages(4096);
  memcpy(code, function, sizeof function);
}

uint64_t work(long amount) {
  uint32_t (*volatile call)(uint32_t) = (uint32_t(*)(uint32_t))(void *)code;
  uint64_t sum = 0;
  for (long n = 0; n < amount; n++) {
    *(volatile uint32_t *)(code + 1) = n * 77;
    sum = mix(sum, call(n));
  }
  return sum;
}
