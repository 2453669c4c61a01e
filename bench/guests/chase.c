/* Memory: follows pointers through all cache lines of a working set. Arguments: its KiB. */
#include "bench.h"
#include <stdlib.h>

typedef struct Line {
  struct Line *next;
  uint64_t number;
  char rest[48];
} Line;
static Line *lines;

/* One cycle through all (Sattolo's shuffle). */
void prepare(char **arguments) {
  size_t bytes = (arguments[0] ? atol(arguments[0]) : 32) * 1024, count = bytes / sizeof *lines;
  uint64_t random = 1;
  lines = pages(bytes);
  for (size_t i = 0; i < count; i++) {
    lines[i].next = &lines[i];
    lines[i].number = i;
  }
  for (size_t i = count - 1; i > 0; i--) {
    Line *other = &lines[next_random(&random) % i], *next = lines[i].next;
    lines[i].next = other->next;
    other->next = next;
  }
}

uint64_t work(long amount) {
  uint64_t sum = 0;
  const Line *line = lines;
  for (long n = 0; n < amount; n++) {
    line = line->next;
    sum += line->number;
  }
  return mix(sum, line->number);
}
