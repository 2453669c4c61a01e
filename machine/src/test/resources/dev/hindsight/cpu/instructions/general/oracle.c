/*
 * Prints what the host processor makes of edge cases of integer instructions, one line each:
 *   name bits a b c flags-before r1 r2 flags-after
 * r1 and r2 are "DE" after a divide error. All numbers but bits are hexadecimal.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>

typedef uint64_t u64;

static const u64 values[] = {
    0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
    0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff, 0x0123456789abcdef,
    0xfedcba9876543210, 0x5a5a5a5a5a5a5a5a};
static const u64 counts[] = {0, 1, 2, 3, 7, 8, 9, 10, 15, 16, 17, 18, 27, 31, 32, 33, 62, 63, 64, 65, 255};
static const u64 flags[] = {0x202, 0xad7};
static sigjmp_buf trap;

#define N(a) (sizeof(a) / sizeof((a)[0]))

static void on_fault(int signal) { (void)signal; siglongjmp(trap, 1); }

static void line(const char *name, int bits, u64 a, u64 b, u64 c, u64 f, u64 r1, u64 r2, u64 after) {
  printf("%s %d %" PRIx64 " %" PRIx64 " %" PRIx64 " %" PRIx64 " %" PRIx64 " %" PRIx64 " %" PRIx64 "\n",
         name, bits, a, b, c, f & 0x8d5, r1, r2, after & 0x8d5);
}

/* The operands are in RAX, RDX and RCX, and so are the results. */
#define RUN(name, bits, insn, A, B, C, F)                                                  \
  do {                                                                                     \
    u64 a = (A), b = (B), c = (C), f = (F);                                                \
    asm volatile("pushq %[f]\n popfq\n" insn "\n pushfq\n popq %[f]\n"                     \
                 : "+a"(a), "+d"(b), "+c"(c), [f] "+r"(f)::"cc", "memory");                \
    line(name, bits, A, B, C, F, a, b, f);                                                 \
  } while (0)

#define EACH(array, v) for (unsigned v##i = 0; v##i < N(array); v##i++)

#define BINARY(name, bits, insn)                                                           \
  EACH(values, x) EACH(values, y) EACH(flags, g)                                           \
      RUN(name, bits, insn, values[xi], values[yi], 0, flags[gi]);
#define UNARY(name, bits, insn)                                                            \
  EACH(values, x) EACH(flags, g) RUN(name, bits, insn, values[xi], 0, 0, flags[gi]);
#define SHIFT(name, bits, insn)                                                            \
  EACH(values, x) EACH(counts, y) EACH(flags, g)                                           \
      RUN(name, bits, insn, values[xi], 0, counts[yi], flags[gi]);
#define DOUBLE_SHIFT(name, bits, insn)                                                     \
  EACH(values, x) EACH(counts, y)                                                          \
      RUN(name, bits, insn, values[xi], 0xf123456789abcde1, counts[yi], flags[yi & 1]);
#define DIVIDE(name, bits, insn)                                                           \
  EACH(values, x) EACH(values, y) EACH(values, z) {                                        \
    if (sigsetjmp(trap, 1) == 0) {                                                         \
      RUN(name, bits, insn, values[xi], values[yi], values[zi], flags[0]);                 \
    } else {                                                                               \
      printf("%s %d %" PRIx64 " %" PRIx64 " %" PRIx64 " 0 DE DE 0\n", name, bits,          \
             values[xi], values[yi], values[zi]);                                          \
    }                                                                                      \
  }
#define SIZES(kind, name, b, w, l, q)                                                      \
  kind(name, 8, b) kind(name, 16, w) kind(name, 32, l) kind(name, 64, q)
#define TWO(op) op "b %%dl,%%al", op "w %%dx,%%ax", op "l %%edx,%%eax", op "q %%rdx,%%rax"
#define ONE(op) op "b %%al", op "w %%ax", op "l %%eax", op "q %%rax"
#define BY_CL(op) op "b %%cl,%%al", op "w %%cl,%%ax", op "l %%cl,%%eax", op "q %%cl,%%rax"
#define BY_DX(op) op "b %%dl", op "w %%dx", op "l %%edx", op "q %%rdx"
#define BY_CX(op) op "b %%cl", op "w %%cx", op "l %%ecx", op "q %%rcx"
#define EXPAND(...) __VA_ARGS__
#define ALL(kind, name, list) EXPAND(SIZES_(kind, name, list))
#define SIZES_(kind, name, ...) SIZES(kind, name, __VA_ARGS__)
#define WIDE(kind, name, op)                                                               \
  kind(name, 16, op "w %%dx,%%ax") kind(name, 32, op "l %%edx,%%eax") kind(name, 64, op "q %%rdx,%%rax")
#define LONG2(name, op) BINARY(name, 32, op "l %%edx,%%eax") BINARY(name, 64, op "q %%rdx,%%rax")
#define VEX3(name, op)                                                                     \
  BINARY(name, 32, op " %%edx,%%eax,%%eax") BINARY(name, 64, op " %%rdx,%%rax,%%rax")
#define VEX2(name, op) BINARY(name, 32, op " %%edx,%%eax") BINARY(name, 64, op " %%rdx,%%rax")

static void arithmetic(void) {
  ALL(BINARY, "add", TWO("add"))
  ALL(BINARY, "adc", TWO("adc"))
  ALL(BINARY, "sub", TWO("sub"))
  ALL(BINARY, "sbb", TWO("sbb"))
  ALL(BINARY, "cmp", TWO("cmp"))
  ALL(BINARY, "and", TWO("and"))
  ALL(BINARY, "or", TWO("or"))
  ALL(BINARY, "xor", TWO("xor"))
  ALL(UNARY, "neg", ONE("neg"))
  ALL(UNARY, "inc", ONE("inc"))
  ALL(UNARY, "dec", ONE("dec"))
  if (__builtin_cpu_supports("adx")) {
    LONG2("adcx", "adcx")
    LONG2("adox", "adox")
  }
  WIDE(BINARY, "imul2", "imul")
  ALL(BINARY, "mul", BY_DX("mul"))
  ALL(BINARY, "imul", BY_DX("imul"))
}

static void shifts(void) {
  ALL(SHIFT, "shl", BY_CL("shl"))
  ALL(SHIFT, "shr", BY_CL("shr"))
  ALL(SHIFT, "sar", BY_CL("sar"))
  ALL(SHIFT, "rol", BY_CL("rol"))
  ALL(SHIFT, "ror", BY_CL("ror"))
  ALL(SHIFT, "rcl", BY_CL("rcl"))
  ALL(SHIFT, "rcr", BY_CL("rcr"))
  DOUBLE_SHIFT("shld", 16, "shldw %%cl,%%dx,%%ax")
  DOUBLE_SHIFT("shld", 32, "shldl %%cl,%%edx,%%eax")
  DOUBLE_SHIFT("shld", 64, "shldq %%cl,%%rdx,%%rax")
  DOUBLE_SHIFT("shrd", 16, "shrdw %%cl,%%dx,%%ax")
  DOUBLE_SHIFT("shrd", 32, "shrdl %%cl,%%edx,%%eax")
  DOUBLE_SHIFT("shrd", 64, "shrdq %%cl,%%rdx,%%rax")
}

static void bits(void) {
  WIDE(BINARY, "bsf", "bsf")
  WIDE(BINARY, "bsr", "bsr")
  WIDE(BINARY, "popcnt", "popcnt")
  BINARY("crc32", 8, "crc32b %%dl,%%eax")
  BINARY("crc32", 16, "crc32w %%dx,%%eax")
  BINARY("crc32", 32, "crc32l %%edx,%%eax")
  BINARY("crc32", 64, "crc32q %%rdx,%%rax")
  if (!__builtin_cpu_supports("bmi2")) {
    return;
  }
  WIDE(BINARY, "lzcnt", "lzcnt")
  WIDE(BINARY, "tzcnt", "tzcnt")
  VEX3("andn", "andn")
  VEX3("bextr", "bextr")
  VEX3("bzhi", "bzhi")
  VEX3("pdep", "pdep")
  VEX3("pext", "pext")
  VEX2("blsi", "blsi")
  VEX2("blsmsk", "blsmsk")
  VEX2("blsr", "blsr")
}

int main(void) {
  struct sigaction action = {.sa_handler = on_fault};
  sigaction(SIGFPE, &action, 0);
  arithmetic();
  shifts();
  bits();
  ALL(DIVIDE, "div", BY_CX("div"))
  ALL(DIVIDE, "idiv", BY_CX("idiv"))
  return 0;
}
