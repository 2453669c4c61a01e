/*
 * usage: PROGRAM ROW AMOUNT [ARGUMENT...]
 *
 * Prints "@begin ROW", works, and prints "@end ROW CHECKSUM NANOSECONDS IDLE": by this system's
 * clock, which is virtual in a guest, and the hundredths of a second in which its processors were
 * idle. Whoever reads this takes the time by a clock of their own, from the end of the first line
 * to the end of the empty one before the second: of a serial line that does not run at the speed of
 * the processor, the first byte of what is written is out at once if nothing is before it.
 */
#include "bench.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

void fail(const char *what) {
  perror(what);
  exit(1);
}

static void *map(size_t bytes, int protection) {
  void *memory = mmap(NULL, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    fail("mmap");
  }
  return memory;
}

void *pages(size_t bytes) { return map(bytes, PROT_READ | PROT_WRITE); }

void *code_pages(size_t bytes) { return map(bytes, PROT_READ | PROT_WRITE | PROT_EXEC); }

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC_RAW, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static long idle(void) {
  long ticks = 0, waiting = 0;
  FILE *stat = fopen("/proc/stat", "r");
  if (stat == NULL || fscanf(stat, "cpu %*d %*d %*d %ld %ld", &ticks, &waiting) != 2) {
    fail("/proc/stat");
  }
  fclose(stat);
  return ticks + waiting;
}

static void say(const char *text, int length) {
  if (write(STDOUT_FILENO, text, length) != length) {
    fail("write");
  }
}

/* One processor for this program and its children, as a guest has only one. */
static void stay_on_one_processor(void) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(sched_getcpu(), &one);
  sched_setaffinity(0, sizeof one, &one);
}

int main(int argc, char **argv) {
  char line[200];
  if (argc == 1) {
    return 0; /* what fork.c starts */
  }
  if (argc < 3) {
    fprintf(stderr, "usage: %s ROW AMOUNT [ARGUMENT...]\n", argv[0]);
    return 2;
  }
  stay_on_one_processor();
  prepare(argv + 3);
  say(line, snprintf(line, sizeof line, "@begin %s", argv[1]));
  tcdrain(STDOUT_FILENO); /* on a pipe there is nothing to wait for */
  long idle_before = idle();
  say("\n", 1);
  int64_t begin = now();
  uint64_t sum = work(atol(argv[2]));
  int64_t time = now() - begin;
  say("\n", 1);
  long idle_ticks = idle() - idle_before;
  say(line, snprintf(line, sizeof line, "@end %s %016lx %ld %ld\n", argv[1], sum, time, idle_ticks));
  return 0;
}
