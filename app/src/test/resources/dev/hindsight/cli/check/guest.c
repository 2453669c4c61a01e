/*
 * A kernel that sets up paging, with its own memory at its place for everybody, and a second
 * address space; then it goes to user level, where it runs body(). Interrupt 80h ends the machine.
 */
#define HS_FREESTANDING
static int format(char *to, unsigned long size, const char *from, __builtin_va_list all) {
  int length = 0;
  (void)all;
  while (from[length] && (unsigned long)length + 1 < size) {
    to[length] = from[length];
    length++;
  }
  return length;
}
#define HS_VSNPRINTF format
#include "hindsight.h"

typedef unsigned long long u64;
typedef unsigned int u32;

__attribute__((section(".multiboot"), used)) static const u32 header[] = {0x1BADB002, 0,
                                                                          -0x1BADB002};

static u32 directories[2][1024] __attribute__((aligned(4096)));
static u32 table[1024] __attribute__((aligned(4096)));
static u64 gdt[6] = {0, 0xCF9A000000FFFF, 0xCF92000000FFFF, 0xCFFA000000FFFF, 0xCFF2000000FFFF, 0};
static u64 idt[129];
static u32 tss[26];
static char kernel_stack[4096], user_stack[16384];

struct __attribute__((packed)) pointer {
  unsigned short limit;
  void *base;
};

static inline void out16(int port, int value) {
  __asm__ volatile("outw %w0, %w1" : : "a"(value), "d"(port));
}

/* Ends the machine, or does what the number in EAX says. */
void handler(u32 what, u32 parameter) {
  switch (what) {
    case 1: /* another address space */
      __asm__ volatile("mov %0, %%cr3" : : "r"(directories[parameter]) : "memory");
      break;
    case 2: /* maps the state page to another place */
      table[(u32)&hs_page >> 12] = parameter | 7;
      __asm__ volatile("mov %%cr3, %%eax; mov %%eax, %%cr3" : : : "eax", "memory");
      break;
    case 3: /* nowhere */
      table[(u32)&hs_page >> 12] = 0;
      __asm__ volatile("mov %%cr3, %%eax; mov %%eax, %%cr3" : : : "eax", "memory");
      break;
    default:
      out16(0x604, 0x2000);
  }
}

__asm__(
    "entry: pusha; pushl 16(%esp); pushl 32(%esp); call handler; addl $8, %esp; popa; iret");
extern char entry[];

static u32 kernel(u32 what, u32 parameter) {
  __asm__ volatile("int $0x80" : : "a"(what), "b"(parameter) : "memory");
  return 0;
}

static volatile int counter;
static void body(void);

static void user(void) {
  body();
  kernel(0, 0);
}

__attribute__((used)) void start(void) {
  for (int i = 0; i < 1024; i++) {
    table[i] = i << 12 | 7;
    directories[0][i] = directories[1][i] = i << 22 | 0x87;
  }
  directories[0][0] = directories[1][0] = (u32)table | 7;
  u32 at = (u32)tss;
  gdt[5] = 0x0000890000000067ull | (u64)(at & 0xFFFFFF) << 16 | (u64)(at >> 24) << 56;
  tss[1] = (u32)kernel_stack + sizeof kernel_stack;
  tss[2] = 16;
  tss[25] = 104 << 16;
  u32 to = (u32)entry;
  idt[128] = (u64)(to >> 16) << 48 | 0xEE00ull << 32 | 8 << 16 | (to & 0xFFFF);
  struct pointer g = {sizeof gdt - 1, gdt}, i = {sizeof idt - 1, idt};
  __asm__ volatile(
      "lgdt %0; lidt %1; ljmp $8, $1f; 1: mov $16, %%eax; mov %%eax, %%ss; mov $0x23, %%eax;"
      "mov %%eax, %%ds; mov %%eax, %%es; mov $0x28, %%eax; ltr %%ax;"
      "mov %%cr4, %%eax; or $0x10, %%eax; mov %%eax, %%cr4; mov %2, %%cr3;"
      "mov %%cr0, %%eax; or $0x80000000, %%eax; mov %%eax, %%cr0;"
      "pushl $0x23; pushl %3; pushl $2; pushl $0x1B; pushl %4; iret"
      :
      : "m"(g), "m"(i), "r"(directories[0]), "r"((u32)user_stack + sizeof user_stack), "r"(user)
      : "eax", "memory");
}

__asm__(".globl _start; _start: mov $boot_stack_end, %esp; call start; .bss; .skip 4096; boot_stack_end: .text");

/* VMware's calls. */
static unsigned vmware(u32 command, u32 parameter) {
  unsigned result;
  __asm__ volatile("inl %%dx, %%eax"
                   : "=a"(result)
                   : "a"(0x564D5868), "b"(parameter), "c"(command), "d"(0x5658)
                   : "memory");
  return result;
}

static inline void vmware_log(const char *text, u32 length) {
  __asm__ volatile("rep outsb"
                   : "+c"(length), "+S"(text)
                   : "a"(0x564D5868), "b"(1 | 4 << 16), "d"(0x5659)
                   : "memory");
}

static void body(void) {
  BODY
}
