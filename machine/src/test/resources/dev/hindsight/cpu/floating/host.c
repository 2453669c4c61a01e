// Runs single floating-point instructions on the host processor (x86-64 Linux).
//
// Standard input is a sequence of records of the layout below, each with the machine code of one
// instruction and the registers before it; standard output has them after it. The instruction can
// use xmm0 to xmm2, the x87 unit, rax, and memory at rsi (the record's memory field).

#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

struct record {
  uint32_t length;     // 0: of the code
  uint32_t signal;     // 4: out: signal that the instruction raised, or 0
  uint8_t code[16];    // 8
  uint32_t mxcsr;      // 24
  uint32_t reserved;   // 28
  uint64_t rax;        // 32
  uint64_t flags;      // 40: rflags
  uint8_t xmm[3][16];  // 48
  uint8_t x87[112];    // 96: FNSAVE's 32-bit layout, 108 bytes
  uint8_t memory[128]; // 208
};                     // 336

extern char before[], before_end[], after[], after_end[];

__asm__(
    ".intel_syntax noprefix\n"
    "before:\n"
    "  lea rsi, [rdi + 208]\n"
    "  movups xmm0, [rdi + 48]\n"
    "  movups xmm1, [rdi + 64]\n"
    "  movups xmm2, [rdi + 80]\n"
    "  ldmxcsr [rdi + 24]\n"
    "  frstor [rdi + 96]\n"
    "  push qword ptr [rdi + 40]\n"
    "  popfq\n"
    "  mov rax, [rdi + 32]\n"
    "before_end:\n"
    "after:\n"
    "  mov [rdi + 32], rax\n"
    "  pushfq\n"
    "  pop qword ptr [rdi + 40]\n"
    "  fnsave [rdi + 96]\n"
    "  stmxcsr [rdi + 24]\n"
    "  movups [rdi + 48], xmm0\n"
    "  movups [rdi + 64], xmm1\n"
    "  movups [rdi + 80], xmm2\n"
    "  push 0x1f80\n"
    "  ldmxcsr [rsp]\n"
    "  pop rax\n"
    "  ret\n"
    "after_end:\n"
    ".att_syntax\n");

static volatile uint32_t caught;
static uint8_t *page;
static uint64_t resume;

static void on_signal(int number, siginfo_t *info, void *context) {
  ucontext_t *u = context;
  caught = number;
  u->uc_mcontext.gregs[REG_RIP] = resume;
}

int main(void) {
  struct sigaction action = {0};
  action.sa_sigaction = on_signal;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGFPE, &action, 0);
  sigaction(SIGILL, &action, 0);
  sigaction(SIGSEGV, &action, 0);
  page = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return 1;
  size_t first = before_end - before, last = after_end - after;
  static struct record r;
  while (fread(&r, sizeof r, 1, stdin) == 1) {
    uint8_t *p = page;
    memcpy(p, before, first);
    memcpy(p + first, r.code, r.length);
    memcpy(p + first + r.length, after, last);
    resume = (uint64_t)(p + first + r.length);
    caught = 0;
    void (*run)(struct record *) = (void *)p;
    run(&r);
    r.signal = caught;
    if (fwrite(&r, sizeof r, 1, stdout) != 1) return 1;
  }
  return 0;
}
