/* Memory: reads and writes a working set from end to end. Arguments: its KiB. Amount: MiB in all. */
#include "bench.h"
#include <stdlib.h>

static uint64_t *data;
static size_t count;

void prepare(char **arguments) {
  size_t bytes = (arguments[0] ? atol(arguments[0]) : 32) * 1024;
  data = pages(bytes);
  count = bytes / sizeof *data;
  for (size_t i = 0; i < count; i++) {
    data[i] = i;
  }
}

uint64_t work(long amount) {
  uint64_t sum = 0;
  size_t left = (size_t)amount * 1024 * 1024 / sizeof *data;
  while (left > 0) {
    size_t end = left < count ? left : count;
    for (size_t i = 0; i < end; i++) {
      sum += data[i];
      data[i] = sum;
    }
    left -= end;
  }
  return sum;
}
