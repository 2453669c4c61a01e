/* Branchy: heap sort and quicksort of 50,000 random numbers. */
#include "bench.h"

enum { COUNT = 50000 };
static uint32_t a[COUNT];

void prepare(char **arguments) { (void)arguments; }

static void swap(uint32_t *x, uint32_t *y) {
  uint32_t t = *x;
  *x = *y;
  *y = t;
}

static void sift(long root, long count) {
  for (long child = 2 * root + 1; child < count; child = 2 * root + 1) {
    if (child + 1 < count && a[child + 1] > a[child]) {
      child++;
    }
    if (a[root] >= a[child]) {
      return;
    }
    swap(&a[root], &a[child]);
    root = child;
  }
}

static void heap_sort(void) {
  for (long i = COUNT / 2; i-- > 0;) {
    sift(i, COUNT);
  }
  for (long i = COUNT; i-- > 1;) {
    swap(&a[0], &a[i]);
    sift(0, i);
  }
}

static void quicksort(long low, long high) {
  while (low < high) {
    uint32_t pivot = a[(low + high) / 2];
    long i = low, j = high;
    while (i <= j) {
      while (a[i] < pivot) {
        i++;
      }
      while (a[j] > pivot) {
        j--;
      }
      if (i <= j) {
        swap(&a[i++], &a[j--]);
      }
    }
    quicksort(low, j);
    low = i;
  }
}

uint64_t work(long amount) {
  uint64_t random = 1, sum = 0;
  for (long n = 0; n < amount; n++) {
    for (int i = 0; i < COUNT; i++) {
      a[i] = next_random(&random);
    }
    if (n % 2 == 0) {
      heap_sort();
    } else {
      quicksort(0, COUNT - 1);
    }
    for (int i = 0; i < COUNT; i += 1000) {
      sum = mix(sum, a[i]);
    }
  }
  return sum;
}
