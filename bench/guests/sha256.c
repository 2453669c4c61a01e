/* Integer: SHA-256 (FIPS 180-4) of 16 KiB, again and again. The constants are computed. */
#include "bench.h"

static uint32_t k[64], first[8];
static unsigned char message[16384];

/* The first 32 bits of the fractional part of the root of a number. */
static uint32_t fraction(unsigned prime, int degree) {
  unsigned __int128 radicand = (unsigned __int128)prime << (32 * degree);
  uint64_t low = 0, high = (uint64_t)1 << 37;
  while (high - low > 1) {
    uint64_t middle = (low + high) / 2;
    unsigned __int128 power = (unsigned __int128)middle * middle;
    if (degree == 3) {
      power *= middle;
    }
    if (power <= radicand) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

void prepare(char **arguments) {
  uint64_t random = 1;
  int found = 0;
  (void)arguments;
  for (unsigned n = 2; found < 64; n++) {
    unsigned d = 2;
    while (d * d <= n && n % d != 0) {
      d++;
    }
    if (d * d > n) {
      if (found < 8) {
        first[found] = fraction(n, 2);
      }
      k[found++] = fraction(n, 3);
    }
  }
  for (size_t i = 0; i < sizeof message; i++) {
    message[i] = next_random(&random);
  }
}

static inline uint32_t right(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void block(uint32_t *h, const unsigned char *bytes) {
  uint32_t w[64], v[8];
  for (int i = 0; i < 16; i++) {
    w[i] = (uint32_t)bytes[4 * i] << 24 | bytes[4 * i + 1] << 16 | bytes[4 * i + 2] << 8 | bytes[4 * i + 3];
  }
  for (int i = 16; i < 64; i++) {
    uint32_t a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + w[i - 7] + (right(a, 7) ^ right(a, 18) ^ a >> 3) + (right(b, 17) ^ right(b, 19) ^ b >> 10);
  }
  for (int i = 0; i < 8; i++) {
    v[i] = h[i];
  }
  for (int i = 0; i < 64; i++) {
    uint32_t e = v[4], a = v[0];
    uint32_t t1 = v[7] + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + ((e & v[5]) ^ (~e & v[6])) + k[i] + w[i];
    uint32_t t2 = (right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
    v[7] = v[6], v[6] = v[5], v[5] = e, v[4] = v[3] + t1;
    v[3] = v[2], v[2] = v[1], v[1] = a, v[0] = t1 + t2;
  }
  for (int i = 0; i < 8; i++) {
    h[i] += v[i];
  }
}

uint64_t work(long amount) {
  uint64_t sum = 0;
  uint32_t h[8];
  for (int i = 0; i < 8; i++) {
    h[i] = first[i];
  }
  for (long n = 0; n < amount; n++) {
    for (size_t at = 0; at < sizeof message; at += 64) {
      block(h, message + at);
    }
  }
  for (int i = 0; i < 8; i++) {
    sum = mix(sum, h[i]);
  }
  return sum;
}
