/*
 * Runs snippets of machine code on the host processor and tells what they did.
 *
 * The program reads batches of cases from standard input and writes what became of each to standard
 * output. A case is a complete register state and a few bytes of code. It is entered by returning
 * from a signal handler with that state in the signal frame, and left by the signal that its last
 * (or faulting) instruction raises: the whole state is then in the next frame. A case so costs one
 * exception, one signal and one sigreturn, some microseconds.
 *
 * There is no C library and no use of vector registers, so that nothing here depends on the FS base
 * or on floating-point state, which belong to the cases. System calls by a case are caught by a
 * seccomp filter (SIGSYS), endless loops by a timer. The first 4 GiB of the address space hold
 * nothing but the pages of the cases.
 *
 * All numbers are little-endian. The layouts below are those of Wire.java.
 */
#include <asm/prctl.h>
#include <asm/sigcontext.h>
#include <asm/signal.h>
#include <asm/ucontext.h>
#include <asm/unistd.h>
#include <linux/auxvec.h>
#include <linux/filter.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>
#include <linux/time.h>
#include <stdint.h>

typedef uint64_t u64;
typedef uint32_t u32;
typedef uint16_t u16;
typedef uint8_t u8;

#define MAGIC 0x43494C49u
#define PAGE 4096ul
#define DATA_BASE 0x10000000ul
#define DATA_PAGES 8
#define CODE_BASE 0x20000000ul
#define CODE_PAGES 2
#define MAX_CASES 2048
#define XSAVE_BYTES 832
#define CODE_BYTES 400
#define MAX_CHANGES (3 * 512)

/* What may be done to each data page: 0 nothing, 1 read, 2 read and write. */
static const u8 page_rights[DATA_PAGES] = {0, 2, 2, 1, 0, 1, 2, 0};

struct header {
  u32 magic;
  u32 cases;
};

struct input {
  u32 mode; /* 32 or 64 */
  u32 code_offset; /* of the first instruction, from CODE_BASE */
  u32 code_length;
  u32 reserved;
  u64 gpr[16];
  u64 rflags;
  u64 fs_base;
  u64 gs_base;
  u64 reserved2;
  u8 xsave[XSAVE_BYTES];
  u8 code[CODE_BYTES];
};

struct output {
  u32 trap;
  u32 error;
  u64 cr2;
  u64 gpr[16];
  u64 rip;
  u64 rflags;
  u64 fs_base;
  u64 gs_base;
  u16 selectors[6]; /* ES CS SS DS FS GS */
  u16 status; /* 0 exception, 1 did not end, 2 system call, 3 another signal */
  u16 signal;
  u8 xsave[XSAVE_BYTES];
  u32 changes;
  u32 reserved;
};

struct change {
  u64 address;
  u64 value;
};

static struct input inputs[MAX_CASES];
static u8 baseline[DATA_PAGES][PAGE] __attribute__((aligned(4096)));
static u8 alternate_stack[64 * 1024] __attribute__((aligned(64)));
static u8 *results; /* room for MAX_CASES of the largest results */
static u8 *results_end;
static u8 *code_alias; /* the code pages, writable */
static u32 case_count;
static u32 current;
static int running;
static int age; /* timer ticks that the current case has lived */
static int has_fsgsbase;
static u32 dirty_offset, dirty_length;
static struct sigcontext_64 main_context;

/* ---- system calls */

static long sys(long n, long a, long b, long c, long d, long e, long f) {
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

static void die(const char *why) {
  u64 n = 0;
  while (why[n]) n++;
  sys(__NR_write, 2, (long)why, n, 0, 0, 0);
  sys(__NR_exit_group, 2, 0, 0, 0, 0, 0);
  __builtin_unreachable();
}

static void *map(u64 address, u64 length, int protection, int flags, int fd) {
  long r = sys(__NR_mmap, address, length, protection, flags, fd, 0);
  if (r < 0 && r > -4096) die("runner: mmap failed\n");
  if (address && (u64)r != address) die("runner: a fixed page is taken\n");
  return (void *)r;
}

/* The compiler may call these. */
void *memcpy(void *to, const void *from, u64 n) {
  void *result = to;
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(n) : : "memory");
  return result;
}

void *memset(void *to, int value, u64 n) {
  void *result = to;
  __asm__ volatile("rep stosb" : "+D"(to), "+c"(n) : "a"(value) : "memory");
  return result;
}

static int read_fully(void *to, u64 n) {
  u8 *p = to;
  while (n) {
    long r = sys(__NR_read, 0, (long)p, n, 0, 0, 0);
    if (r == -4) continue;
    if (r <= 0) return 0;
    p += r;
    n -= r;
  }
  return 1;
}

static void write_fully(const void *from, u64 n) {
  const u8 *p = from;
  while (n) {
    long r = sys(__NR_write, 1, (long)p, n, 0, 0, 0);
    if (r == -4) continue;
    if (r <= 0) sys(__NR_exit_group, 1, 0, 0, 0, 0, 0);
    p += r;
    n -= r;
  }
}

/* ---- one case */

static u64 get_base(int gs) {
  u64 base = 0;
  if (has_fsgsbase) {
    if (gs) {
      __asm__ volatile("rdgsbase %0" : "=r"(base));
    } else {
      __asm__ volatile("rdfsbase %0" : "=r"(base));
    }
  } else {
    sys(__NR_arch_prctl, gs ? ARCH_GET_GS : ARCH_GET_FS, (long)&base, 0, 0, 0, 0);
  }
  return base;
}

static void set_base(int gs, u64 base) {
  if (has_fsgsbase) {
    if (gs) {
      __asm__ volatile("wrgsbase %0" : : "r"(base));
    } else {
      __asm__ volatile("wrfsbase %0" : : "r"(base));
    }
  } else {
    sys(__NR_arch_prctl, gs ? ARCH_SET_GS : ARCH_SET_FS, base, 0, 0, 0, 0);
  }
}

/* Leaves what the case did to memory in the results, and undoes it. */
static u32 record_changes(u8 *to) {
  struct change *c = (struct change *)to;
  u32 n = 0;
  for (int page = 0; page < DATA_PAGES; page++) {
    if (page_rights[page] != 2) continue;
    u64 address = DATA_BASE + page * PAGE;
    u64 *now = (u64 *)address;
    u64 *then = (u64 *)baseline[page];
    for (u64 i = 0; i < PAGE / 8; i += 4) {
      u64 differ = (now[i] ^ then[i]) | (now[i + 1] ^ then[i + 1]) | (now[i + 2] ^ then[i + 2]) |
                   (now[i + 3] ^ then[i + 3]);
      if (__builtin_expect(differ == 0, 1)) continue;
      for (u64 j = i; j < i + 4; j++) {
        if (now[j] != then[j]) {
          c[n].address = address + j * 8;
          c[n].value = now[j];
          now[j] = then[j];
          n++;
        }
      }
    }
  }
  return n;
}

static void record(int signal, int status, struct sigcontext_64 *sc, const u16 *selectors,
                   u64 fs_base, u64 gs_base) {
  struct output *o = (struct output *)results_end;
  o->trap = sc->trapno;
  o->error = sc->err;
  o->cr2 = sc->cr2;
  o->gpr[0] = sc->ax;
  o->gpr[1] = sc->cx;
  o->gpr[2] = sc->dx;
  o->gpr[3] = sc->bx;
  o->gpr[4] = sc->sp;
  o->gpr[5] = sc->bp;
  o->gpr[6] = sc->si;
  o->gpr[7] = sc->di;
  o->gpr[8] = sc->r8;
  o->gpr[9] = sc->r9;
  o->gpr[10] = sc->r10;
  o->gpr[11] = sc->r11;
  o->gpr[12] = sc->r12;
  o->gpr[13] = sc->r13;
  o->gpr[14] = sc->r14;
  o->gpr[15] = sc->r15;
  o->rip = sc->ip;
  o->rflags = sc->flags;
  o->fs_base = fs_base;
  o->gs_base = gs_base;
  o->selectors[0] = selectors[0];
  o->selectors[1] = sc->cs;
  o->selectors[2] = sc->ss;
  o->selectors[3] = selectors[1];
  o->selectors[4] = selectors[2];
  o->selectors[5] = selectors[3];
  o->status = status;
  o->signal = signal;
  u8 *frame = (u8 *)sc->fpstate;
  memcpy(o->xsave, frame, 464);
  memset(o->xsave + 464, 0, 48);
  memcpy(o->xsave + 512, frame + 512, 64);
  if (*(u64 *)(frame + 512) & 4) {
    memcpy(o->xsave + 576, frame + 576, 256);
  } else {
    memset(o->xsave + 576, 0, 256);
  }
  o->changes = record_changes(results_end + sizeof *o);
  o->reserved = 0;
  results_end += sizeof *o + o->changes * sizeof(struct change);
}

static void load(struct ucontext *uc, const struct input *in) {
  memset(code_alias + dirty_offset, 0xCC, dirty_length);
  memcpy(code_alias + in->code_offset, in->code, in->code_length);
  dirty_offset = in->code_offset;
  dirty_length = in->code_length;

  struct sigcontext_64 *sc = (struct sigcontext_64 *)&uc->uc_mcontext;
  sc->ax = in->gpr[0];
  sc->cx = in->gpr[1];
  sc->dx = in->gpr[2];
  sc->bx = in->gpr[3];
  sc->sp = in->gpr[4];
  sc->bp = in->gpr[5];
  sc->si = in->gpr[6];
  sc->di = in->gpr[7];
  sc->r8 = in->gpr[8];
  sc->r9 = in->gpr[9];
  sc->r10 = in->gpr[10];
  sc->r11 = in->gpr[11];
  sc->r12 = in->gpr[12];
  sc->r13 = in->gpr[13];
  sc->r14 = in->gpr[14];
  sc->r15 = in->gpr[15];
  sc->ip = CODE_BASE + in->code_offset;
  sc->flags = in->rflags;
  sc->cs = in->mode == 32 ? 0x23 : 0x33;
  sc->ss = 0x2B;
  uc->uc_flags |= UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS;

  u8 *frame = (u8 *)sc->fpstate;
  memcpy(frame, in->xsave, 464);
  /* x87, SSE and AVX as given; opmask and the rest of AVX-512, and PKRU, as after reset */
  u64 *components = (u64 *)(frame + 512);
  *components = (*components & ~0x2E7ull) | 7;
  memcpy(frame + 576, in->xsave + 576, 256);

  u16 data = in->mode == 32 ? 0x2B : 0;
  __asm__ volatile("mov %0, %%ds; mov %0, %%es; mov %0, %%fs" : : "r"((u32)data));
  __asm__ volatile("mov %0, %%gs" : : "r"(0));
  if (in->mode == 64) {
    set_base(0, in->fs_base);
    set_base(1, in->gs_base);
  }
  age = 0;
}

/* NT and ID are not taken from the signal frame: they stay as they are here. */
static void keep_flags(u64 flags) {
  __asm__ volatile(
      "pushfq\n"
      "andq $~0x204000, (%%rsp)\n"
      "orq %0, (%%rsp)\n"
      "popfq\n"
      :
      : "r"(flags & 0x204000)
      : "memory", "cc");
}

__attribute__((used)) void handle(int signal, void *info, struct ucontext *uc) {
  (void)info;
  struct sigcontext_64 *sc = (struct sigcontext_64 *)&uc->uc_mcontext;
  if (signal == SIGVTALRM && (!running || ++age < 3)) {
    keep_flags(sc->flags);
    return;
  }
  if (!running) {
    if (current != case_count) die("runner: it crashed\n");
    main_context = *sc;
    current = 0;
    running = 1;
  } else {
    u16 selectors[4];
    __asm__ volatile("mov %%es, %0" : "=r"(selectors[0]));
    __asm__ volatile("mov %%ds, %0" : "=r"(selectors[1]));
    __asm__ volatile("mov %%fs, %0" : "=r"(selectors[2]));
    __asm__ volatile("mov %%gs, %0" : "=r"(selectors[3]));
    int status = signal == SIGVTALRM  ? 1
                 : signal == SIGSYS ? 2
                 : signal == SIGSEGV || signal == SIGILL || signal == SIGFPE ||
                         signal == SIGTRAP || signal == SIGBUS
                     ? 0
                     : 3;
    record(signal, status, sc, selectors, get_base(0), get_base(1));
    current++;
  }
  if (current < case_count) {
    load(uc, &inputs[current]);
  } else {
    running = 0;
    u8 *frame = (u8 *)sc->fpstate;
    *sc = main_context;
    sc->fpstate = (u64)frame;
    *(u64 *)(frame + 512) &= ~0x200ull; /* PKRU: a case may have taken memory away */
    sc->ip += 2; /* past UD2 */
  }
  keep_flags(sc->flags);
}

/* Alignment checking stays on in a handler if the case had set it. */
__asm__(
    ".globl handler_entry\n"
    "handler_entry:\n"
    "  pushfq\n"
    "  andl $0xFFFBFFFF, (%rsp)\n"
    "  popfq\n"
    "  jmp handle\n"
    ".globl restorer\n"
    "restorer:\n"
    "  movl $15, %eax\n"
    "  syscall\n");
extern void handler_entry(void) __attribute__((visibility("hidden")));
extern void restorer(void) __attribute__((visibility("hidden")));

/* ---- setting up */

static void install_handlers(void) {
  stack_t stack = {.ss_sp = alternate_stack, .ss_flags = 0, .ss_size = sizeof alternate_stack};
  if (sys(__NR_sigaltstack, (long)&stack, 0, 0, 0, 0, 0)) die("runner: sigaltstack failed\n");
  static const int signals[] = {SIGSEGV, SIGILL, SIGFPE, SIGTRAP, SIGBUS, SIGSYS, SIGVTALRM};
  for (u32 i = 0; i < sizeof signals / sizeof signals[0]; i++) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = (__sighandler_t)handler_entry;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTORER | SA_RESTART;
    action.sa_restorer = restorer;
    memset(&action.sa_mask, 0xFF, sizeof action.sa_mask);
    if (sys(__NR_rt_sigaction, signals[i], (long)&action, 0, sizeof(sigset_t), 0, 0)) {
      die("runner: sigaction failed\n");
    }
  }
}

/* System calls from below 4 GiB (or through the vsyscall page) become SIGSYS. */
static void forbid_system_calls(void) {
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 12), /* instruction pointer, high half */
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xFFFFFFFF, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
  };
  struct sock_fprog program = {.len = sizeof filter / sizeof filter[0], .filter = filter};
  if (sys(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0) ||
      sys(__NR_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, (long)&program, 0, 0, 0)) {
    die("runner: no seccomp\n");
  }
}

static void map_pages(void) {
  for (int page = 0; page < DATA_PAGES; page++) {
    if (page_rights[page]) {
      map(DATA_BASE + page * PAGE, PAGE, PROT_READ | PROT_WRITE,
          MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_POPULATE, -1);
    }
  }
  long fd = sys(__NR_memfd_create, (long)"code", 0, 0, 0, 0, 0);
  if (fd < 0 || sys(__NR_ftruncate, fd, CODE_PAGES * PAGE, 0, 0, 0, 0)) {
    die("runner: memfd failed\n");
  }
  code_alias = map(0, CODE_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd);
  map(CODE_BASE, CODE_PAGES * PAGE, PROT_READ | PROT_EXEC,
      MAP_SHARED | MAP_FIXED_NOREPLACE | MAP_POPULATE, fd);
  memset(code_alias, 0xCC, CODE_PAGES * PAGE);
  results = map(0, (u64)MAX_CASES * (sizeof(struct output) + MAX_CHANGES * sizeof(struct change)),
                PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
}

static void fill_pages(void) {
  for (int page = 0; page < DATA_PAGES; page++) {
    u64 address = DATA_BASE + page * PAGE;
    if (!page_rights[page]) continue;
    sys(__NR_mprotect, address, PAGE, PROT_READ | PROT_WRITE, 0, 0, 0);
    if (!read_fully(baseline[page], PAGE)) die("runner: a batch ends early\n");
    memcpy((void *)address, baseline[page], PAGE);
    if (page_rights[page] == 1) sys(__NR_mprotect, address, PAGE, PROT_READ, 0, 0, 0);
  }
}

__attribute__((used, noreturn)) void run(u64 *stack) {
  u64 *p = stack + 1 + stack[0] + 1;
  while (*p++) {
  }
  for (; p[0] != AT_NULL; p += 2) {
    if (p[0] == AT_HWCAP2) has_fsgsbase = (p[1] & 2) != 0;
  }
  /* LSL of Linux's per-processor segment shows the processor's number: let it be 0 */
  u64 first = 1;
  sys(__NR_sched_setaffinity, 0, sizeof first, (long)&first, 0, 0, 0);
  map_pages();
  install_handlers();
  forbid_system_calls();
  /* of the time in user mode: the system may take long to tell of an access that locks the bus */
  struct __kernel_old_itimerval tick = {{0, 20000}, {0, 20000}};
  sys(__NR_setitimer, ITIMER_VIRTUAL, (long)&tick, 0, 0, 0, 0);

  struct header h;
  while (read_fully(&h, sizeof h)) {
    if (h.magic != MAGIC || h.cases == 0 || h.cases > MAX_CASES) die("runner: not a batch\n");
    fill_pages();
    if (!read_fully(inputs, h.cases * sizeof(struct input))) die("runner: a batch ends early\n");
    results_end = results;
    case_count = current = h.cases;
    __asm__ volatile("ud2" : : : "memory");
    u64 length = results_end - results;
    write_fully(&length, sizeof length);
    write_fully(results, length);
  }
  sys(__NR_exit_group, 0, 0, 0, 0, 0, 0);
  __builtin_unreachable();
}

__asm__(
    ".globl _start\n"
    "_start:\n"
    "  movq %rsp, %rdi\n"
    "  andq $-16, %rsp\n"
    "  call run\n");
