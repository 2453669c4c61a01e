/* Self-modifying code, or what may be taken for it: data beside a function that is called often. */
#include "bench.h"
#include <string.h>

static unsigned char *code;

void prepare(char **arguments) {
  static const unsigned char function[] = {
      0x48, 0x8D, 0x44, 0x7F, 0x01, /* lea rax, [rdi + 2 * rdi + 1] */
      0x48, 0x31, 0xF0,             /* xor rax, rsi */
      0xC3,                         /* ret */
  };
  (void)arguments;
  code = code_pages(4096);
  memcpy(code, function, sizeof function);
}

uint64_t work(long amount) {
  uint64_t (*volatile call)(uint64_t, uint64_t) = (uint64_t(*)(uint64_t, uint64_t))(void *)code;
  volatile uint64_t *data = (volatile uint64_t *)(code + 2048);
  uint64_t x = 1;
  for (long n = 0; n < amount; n++) {
    x = call(x, data[n % 64]);
    data[(n + 7) % 64] = x;
  }
  return x;
}
