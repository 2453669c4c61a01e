/* What the guest programs share: each defines work(), and main.c calls it between two lines. */
#ifndef BENCH_H
#define BENCH_H

#define _GNU_SOURCE
#include <stddef.h>
#include <stdint.h>

/* Before the first line: whatever is not to be measured. arguments are those of the row. */
void prepare(char **arguments);

/* Does an amount of work; returns a checksum of all results. */
uint64_t work(long amount);

/* Says why and ends the program. */
void fail(const char *what) __attribute__((noreturn));

/* Zeroed memory, in whole pages. */
void *pages(size_t bytes);

/* Such memory that is writable and executable. */
void *code_pages(size_t bytes);

/* Marsaglia's xorshift64: the same numbers everywhere. */
static inline uint64_t next_random(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state;
}

static inline uint64_t mix(uint64_t sum, uint64_t value) {
  return ((sum << 23 | sum >> 41) ^ value) * 0x9E3779B97F4A7C15u;
}

#endif
