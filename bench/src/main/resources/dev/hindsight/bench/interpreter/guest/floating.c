/* A little floating point: orbits, a fractal, a filter, statistics. */
#include "guest.h"

static double position[5][3], velocity[5][3], mass[5];

static double square_root(double v) {
  double r;
  __asm__("sqrtsd %1, %0" : "=x"(r) : "x"(v));
  return r;
}

static NOINLINE void advance(double dt) {
  for (int i = 0; i < 5; i++)
    for (int k = i + 1; k < 5; k++) {
      double d[3], square = 0.01;
      for (int c = 0; c < 3; c++) {
        d[c] = position[i][c] - position[k][c];
        square += d[c] * d[c];
      }
      double magnitude = dt / (square * square_root(square));
      for (int c = 0; c < 3; c++) {
        velocity[i][c] -= d[c] * mass[k] * magnitude;
        velocity[k][c] += d[c] * mass[i] * magnitude;
      }
    }
  for (int i = 0; i < 5; i++)
    for (int c = 0; c < 3; c++) position[i][c] += dt * velocity[i][c];
}

static NOINLINE u32 fractal(float x, float y) {
  float a = 0, b = 0;
  u32 n = 0;
  for (; n < 24 && a * a + b * b < 4.0f; n++) {
    float t = a * a - b * b + x;
    b = 2 * a * b + y;
    a = t;
  }
  return n;
}

static NOINLINE double filter(const int *in, int n) {
  double low = 0, most = -1e30, sum = 0;
  for (int i = 0; i < n; i++) {
    low += 0.125 * (in[i] - low);
    if (low > most) most = low;
    sum += low < 0 ? -low : low;
  }
  return most + sum / n;
}

u32 PART(floating)(void) {
  static int wave[64];
  u32 sum = 0;
  for (int i = 0; i < 5; i++) {
    mass[i] = 1 + i;
    for (int c = 0; c < 3; c++) {
      position[i][c] = (int)random32() / 2147483648.0;
      velocity[i][c] = (int)random32() / 8589934592.0;
    }
  }
  for (int i = 0; i < 4; i++) advance(0.01);
  for (int i = 0; i < 5; i++) sum = sum * 3 + (u32)(int)(position[i][0] * 1e6);
  for (int i = 0; i < 4; i++)
    for (int k = 0; k < 4; k++) sum = sum * 3 + fractal(i * 0.5f - 1.5f, k * 0.4f - 0.8f);
  for (int i = 0; i < 64; i++) wave[i] = (int)random32() >> 16;
  return sum + (u32)(int)filter(wave, 64);
}
