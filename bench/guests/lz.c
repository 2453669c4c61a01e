/* Integer: packs and unpacks 256 KiB of words with a small LZ77 (one candidate a hash). */
#include "bench.h"
#include <string.h>

enum { SIZE = 256 * 1024, HASHES = 1 << 13, LONGEST = 258, FARTHEST = 65535 };
static unsigned char text[SIZE], packed[2 * SIZE], unpacked[SIZE];

void prepare(char **arguments) {
  uint64_t random = 1;
  size_t at = 0;
  (void)arguments;
  while (at < SIZE) {
    uint64_t word = next_random(&random) % 500 * (next_random(&random) % 3 + 1);
    int length = word % 7 + 2;
    for (int i = 0; i < length && at < SIZE; i++) {
      text[at++] = 'a' + word * (i + 3) % 26;
    }
    if (at < SIZE) {
      text[at++] = ' ';
    }
  }
}

static size_t pack(void) {
  static uint32_t last[HASHES];
  size_t out = 0;
  memset(last, 0, sizeof last);
  for (size_t at = 0; at < SIZE;) {
    size_t length = 0, from = 0;
    if (at + 4 <= SIZE) {
      uint32_t four;
      memcpy(&four, text + at, 4);
      uint32_t *entry = &last[four * 2654435761u >> 19];
      from = *entry;
      *entry = at;
      if (from < at && at - from <= FARTHEST) {
        while (length < LONGEST && at + length < SIZE && text[from + length] == text[at + length]) {
          length++;
        }
      }
    }
    if (length >= 4) {
      packed[out++] = 1;
      packed[out++] = length - 3;
      packed[out++] = (at - from) >> 8;
      packed[out++] = at - from;
      at += length;
    } else {
      packed[out++] = text[at] == 1 ? 2 : text[at];
      at++;
    }
  }
  return out;
}

static size_t unpack(size_t size) {
  size_t out = 0;
  for (size_t at = 0; at < size;) {
    if (packed[at] == 1) {
      int length = packed[at + 1] + 3, distance = packed[at + 2] << 8 | packed[at + 3];
      at += 4;
      for (; length > 0; length--, out++) {
        unpacked[out] = unpacked[out - distance];
      }
    } else {
      unpacked[out++] = packed[at++];
    }
  }
  return out;
}

uint64_t work(long amount) {
  uint64_t sum = 0;
  for (long n = 0; n < amount; n++) {
    text[n * 4099 % SIZE] = 'A' + n % 26;
    size_t size = pack();
    if (unpack(size) != SIZE || memcmp(text, unpacked, SIZE) != 0) {
      fail("unpack");
    }
    for (size_t i = 0; i < size; i += 101) {
      sum = mix(sum, packed[i] + size);
    }
  }
  return sum;
}
