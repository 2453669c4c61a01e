/* Integer SIMD (SSE2): sums of absolute differences, saturation, interleaving, products. */
#include "bench.h"
#include <emmintrin.h>

enum { BYTES = 16384 };
static __m128i left[BYTES / 16], right[BYTES / 16];

void prepare(char **arguments) {
  uint64_t random = 1;
  (void)arguments;
  for (int i = 0; i < BYTES / 8; i++) {
    ((uint64_t *)left)[i] = next_random(&random);
    ((uint64_t *)right)[i] = next_random(&random);
  }
}

uint64_t work(long amount) {
  __m128i sum = _mm_setzero_si128(), products = sum;
  for (long n = 0; n < amount; n++) {
    for (int i = 0; i < BYTES / 16; i++) {
      __m128i x = left[i], y = right[i];
      sum = _mm_add_epi64(sum, _mm_sad_epu8(x, y));
      __m128i brighter = _mm_adds_epu8(x, _mm_and_si128(_mm_cmpgt_epi8(x, y), _mm_set1_epi8(3)));
      __m128i words = _mm_unpacklo_epi8(y, brighter);
      products = _mm_add_epi32(products, _mm_madd_epi16(words, _mm_srli_epi16(words, 3)));
      left[i] = _mm_avg_epu8(brighter, _mm_shuffle_epi32(y, 0x1B));
    }
  }
  sum = _mm_xor_si128(sum, products);
  return mix(_mm_cvtsi128_si64(sum), _mm_cvtsi128_si64(_mm_srli_si128(sum, 8)));
}
