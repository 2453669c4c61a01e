/* Integer: a hash table of 2 MiB with linear probing; inserts, finds and deletes. */
#include "bench.h"

enum { SLOTS = 1 << 18, KEYS = SLOTS / 2 };
static uint64_t *table;

void prepare(char **arguments) {
  (void)arguments;
  table = pages(SLOTS * sizeof *table);
}

static unsigned home(uint64_t key) { return (key * 0x9E3779B97F4A7C15u) >> 46; }

static unsigned find(uint64_t key) {
  unsigned slot = home(key);
  while (table[slot] != 0 && table[slot] != key) {
    slot = (slot + 1) % SLOTS;
  }
  return slot;
}

/* Moves those behind it up, so that no search stops early. */
static void delete(unsigned slot) {
  unsigned hole = slot;
  for (unsigned next = (slot + 1) % SLOTS; table[next] != 0; next = (next + 1) % SLOTS) {
    if ((next - home(table[next])) % SLOTS >= (next - hole) % SLOTS) {
      table[hole] = table[next];
      hole = next;
    }
  }
  table[hole] = 0;
}

uint64_t work(long amount) {
  uint64_t random = 1, sum = 0;
  for (long n = 0; n < amount; n++) {
    uint64_t key = next_random(&random) % KEYS + 1;
    unsigned slot = find(key);
    sum = mix(sum, table[slot]);
    if (table[slot] == 0) {
      table[slot] = key;
    } else if (key % 3 == 0) {
      delete (slot);
    }
  }
  return sum;
}
