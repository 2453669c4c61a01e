/*
 * Prints the frequency of this processor's core in Hz under load: a chain of additions, each of
 * which needs the sum before it, takes a cycle for each.
 */
#include <stdio.h>
#include <time.h>

enum { ROUNDS = 20000000, CHAIN = 16 };

int main(void) {
  double most = 0;
  for (int round = 0; round < 5; round++) {
    struct timespec begin, end;
    unsigned long sum = 1, n = ROUNDS;
    clock_gettime(CLOCK_MONOTONIC_RAW, &begin);
    __asm__ volatile(
        "1:\n"
        ".rept %c3\n"
        "add %2, %0\n"
        ".endr\n"
        "dec %1\n"
        "jnz 1b"
        : "+r"(sum), "+r"(n)
        : "r"(3UL), "i"(CHAIN));
    clock_gettime(CLOCK_MONOTONIC_RAW, &end);
    double seconds = end.tv_sec - begin.tv_sec + (end.tv_nsec - begin.tv_nsec) * 1e-9;
    double hertz = (double)ROUNDS * CHAIN / seconds;
    if (hertz > most) {
      most = hertz;
    }
  }
  printf("%.0f\n", most);
  return 0;
}
