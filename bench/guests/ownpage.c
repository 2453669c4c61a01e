/* Self-modifying code: a loop that writes to the page it is in, though not to its instructions. */
#include "bench.h"
#include <string.h>

enum { COUNTER = 2048 };
static unsigned char *code;

void prepare(char **arguments) {
  static const unsigned char function[] = {
      0x48, 0x01, 0x3D, 0xF9, 0x07, 0x00, 0x00, /* again: add [rip + 2041], rdi */
      0x48, 0xFF, 0xCF,                         /* dec rdi */
      0x75, 0xF4,                               /* jnz again */
      0xC3,                                     /* ret */
  };
  (void)arguments;
  code = code_pages(4096);
  memcpy(code, function, sizeof function);
}

uint64_t work(long amount) {
  void (*volatile call)(long) = (void (*)(long))(void *)code;
  call(amount);
  return *(volatile uint64_t *)(code + COUNTER);
}
