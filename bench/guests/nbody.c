/* Floating point: planets around a sun. REAL is double (SSE2) or long double (x87). */
#include "bench.h"
#include <string.h>

#ifndef REAL
#define REAL double
#endif
enum { BODIES = 5 };
typedef struct {
  REAL at[3], speed[3], mass;
} Body;
static Body bodies[BODIES];

/* Circles of different radii and directions, not quite in a plane. */
void prepare(char **arguments) {
  (void)arguments;
  bodies[0].mass = 40;
  for (int i = 1; i < BODIES; i++) {
    REAL radius = 4 + 6 * i;
    bodies[i].at[i % 2] = i % 3 ? radius : -radius;
    bodies[i].at[2] = (REAL)i / 8;
    bodies[i].speed[1 - i % 2] = (REAL)6.25 / (2 + i);
    bodies[i].mass = (REAL)1 / (20 * i);
  }
}

static REAL root(REAL x) {
  REAL result;
  if (sizeof(REAL) == sizeof(double)) {
    double d = x, r;
    __asm__("sqrtsd %1, %0" : "=x"(r) : "x"(d));
    result = r;
  } else {
    __asm__("fsqrt" : "=t"(result) : "0"((long double)x));
  }
  return result;
}

uint64_t work(long amount) {
  const REAL step = (REAL)1 / 1024;
  uint64_t sum = 0;
  for (long n = 0; n < amount; n++) {
    for (int i = 0; i < BODIES; i++) {
      for (int j = i + 1; j < BODIES; j++) {
        Body *a = &bodies[i], *b = &bodies[j];
        REAL d[3], square = 0;
        for (int k = 0; k < 3; k++) {
          d[k] = a->at[k] - b->at[k];
          square += d[k] * d[k];
        }
        REAL pull = step / (square * root(square));
        for (int k = 0; k < 3; k++) {
          a->speed[k] -= d[k] * b->mass * pull;
          b->speed[k] += d[k] * a->mass * pull;
        }
      }
    }
    for (int i = 0; i < BODIES; i++) {
      for (int k = 0; k < 3; k++) {
        bodies[i].at[k] += step * bodies[i].speed[k];
      }
    }
  }
  for (int i = 0; i < BODIES; i++) {
    double x = bodies[i].at[0];
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    sum = mix(sum, bits);
  }
  return sum;
}
