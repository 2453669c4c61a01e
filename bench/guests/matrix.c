/* Floating point: products of matrices of doubles, in vectors of 16 bytes, or 32 with AVX. */
#include "bench.h"
#include <string.h>

#ifdef __AVX__
enum { LANES = 4 };
#else
enum { LANES = 2 };
#endif
typedef double Vector __attribute__((vector_size(LANES * sizeof(double))));
enum { SIZE = 96, VECTORS = SIZE / LANES };
static Vector b[SIZE][VECTORS], c[SIZE][VECTORS];
static double a[SIZE][SIZE];

void prepare(char **arguments) {
  (void)arguments;
  for (int i = 0; i < SIZE; i++) {
    for (int j = 0; j < SIZE; j++) {
      a[i][j] = (i * 7 + j * 3) % 11 - 5;
      ((double *)b[i])[j] = (i * 5 + j * 2) % 13 - 6;
    }
  }
}

/* Four vectors of a row at a time, which stay in registers. */
static void multiply(void) {
  for (int i = 0; i < SIZE; i++) {
    for (int j = 0; j < VECTORS; j += 4) {
      Vector s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
      for (int k = 0; k < SIZE; k++) {
        Vector factor = a[i][k] - (Vector){0};
        s0 += factor * b[k][j];
        s1 += factor * b[k][j + 1];
        s2 += factor * b[k][j + 2];
        s3 += factor * b[k][j + 3];
      }
      c[i][j] = s0, c[i][j + 1] = s1, c[i][j + 2] = s2, c[i][j + 3] = s3;
    }
  }
}

uint64_t work(long amount) {
  uint64_t sum = 0;
  for (long n = 0; n < amount; n++) {
    multiply();
    for (int i = 0; i < SIZE; i++) {
      uint64_t bits;
      memcpy(&bits, &c[i][i % VECTORS], sizeof bits);
      sum = mix(sum, bits);
      a[i][n % SIZE] = (n * i) % 11 - 5;
    }
  }
  return sum;
}
