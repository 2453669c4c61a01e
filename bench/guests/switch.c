/* Branchy: an interpreter of a small register machine; its program counts steps of Collatz. */
#include "bench.h"

enum { SET, ADD, MULTIPLY_ADD, HALVE, IF_ODD, IF_EQUAL, JUMP, COUNT, HALT };
typedef struct {
  unsigned char code, a, b;
  int32_t value;
} Instruction;

static const Instruction program[] = {
    {SET, 1, 0, 0},           /* 0: steps = 0 */
    {SET, 3, 0, 1},           /* 1: the number 1 */
    {IF_EQUAL, 0, 3, 8},      /* 2: while x != 1 */
    {COUNT, 1, 0, 0},         /* 3: steps++ */
    {IF_ODD, 0, 0, 7},        /* 4 */
    {HALVE, 0, 0, 0},         /* 5: x /= 2 */
    {JUMP, 0, 0, 2},          /* 6 */
    {MULTIPLY_ADD, 0, 3, 2},  /* 7: x = 3 x + 1, and on at 2 */
    {ADD, 2, 1, 0},           /* 8: sum += steps */
    {HALT, 0, 0, 0},
};

void prepare(char **arguments) { (void)arguments; }

static uint64_t run(const Instruction *code, uint64_t x) {
  uint64_t r[4] = {x, 0, 0, 0};
  for (long at = 0;;) {
    const Instruction *i = &code[at++];
    switch (i->code) {
      case SET: r[i->a] = i->value; break;
      case ADD: r[i->a] += r[i->b]; break;
      case MULTIPLY_ADD: r[i->a] = 3 * r[i->a] + r[i->b], at = i->value; break;
      case HALVE: r[i->a] >>= 1; break;
      case IF_ODD: if (r[i->a] & 1) at = i->value; break;
      case IF_EQUAL: if (r[i->a] == r[i->b]) at = i->value; break;
      case JUMP: at = i->value; break;
      case COUNT: r[i->a]++; break;
      default: return r[2];
    }
  }
}

uint64_t work(long amount) {
  uint64_t sum = 0;
  for (long n = 1; n <= amount; n++) {
    sum = mix(sum, run(program, n));
  }
  return sum;
}
