/*
 * Virtual assertions for programs and kernels that run in Hindsight: checks that cost one load and
 * one untaken branch while the machine runs, and are made when its recording is replayed
 * (hindsight check DIR). Elsewhere nothing happens.
 *
 *   HS_ASSERT(expression);            must be true
 *   HS_BLOCK { ... }                  runs on replay only; may contain assertions
 *   HS_LOG("count %d", count);        a line for the log of a check
 *   HS_MARK("name");                  a name for this instant
 *   HS_VALUE("name", number);         a value, traced over time
 *   HS_RECORD_START(); HS_RECORD_STOP();
 *
 * Programs register themselves before main, and again in a child after fork where the C library is
 * glibc. Define HS_FREESTANDING in kernels and wherever there is no C library: there call
 * hs_register() once in each address space, and define HS_VSNPRINTF before HS_LOG is used.
 *
 * The page of state is shared by all files of a program or library that include this header.
 */
#ifndef HINDSIGHT_H
#define HINDSIGHT_H

#if defined(__x86_64__) || defined(__i386__)

#ifndef HS_VSNPRINTF
#ifndef HS_FREESTANDING
#include <stdio.h>
#define HS_VSNPRINTF vsnprintf
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

struct hs_page {
  unsigned char before[1221];
  volatile unsigned char in_replay; /* 0 while the machine runs: set where a check is made */
  volatile unsigned char present;   /* Hindsight is there, and the page is registered */
  volatile unsigned char depth;     /* of blocks, in a check */
  unsigned char after[4096 - 1224];
};

__attribute__((weak, visibility("hidden"), aligned(4096))) struct hs_page hs_page = {
    {0}, 0, 0, 0, {0}};

enum {
  HS_REGISTER = 1,
  HS_UNREGISTER,
  HS_END,
  HS_LOG_TEXT,
  HS_EXPRESSION,
  HS_FILE,
  HS_FUNCTION,
  HS_NAME,
  HS_NUMBER,
  HS_START,
  HS_STOP
};

/* Calls the machine: what, a number, and a text that is in memory. */
static inline unsigned hs_call(unsigned what, unsigned long number, const void *text,
                               unsigned long length) {
  unsigned result;
  __asm__ volatile("inl %%dx, %%eax"
                   : "=a"(result)
                   : "a"(0x564D5868), "b"(number), "c"(0x4853u | what << 16), "d"(0x5658),
                     "S"(text), "D"(length)
                   : "memory");
  return result;
}

/* Calls with a text that ends in 0; by being measured it comes into memory. */
static inline void hs_say(unsigned what, unsigned long number, const char *text) {
  const volatile char *end = text;
  while (*end) {
    end++;
  }
  hs_call(what, number, text, (unsigned long)(end - text));
}

static inline int hs_is_hindsight(void) {
  unsigned a = 0x80000000u, b, c = 0, d;
  __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
  if (a < 0x80000004u) {
    return 0;
  }
  a = 0x80000002u;
  __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
  return a == 0x646e6948u && b == 0x68676973u && (c & 0xFF) == 0x74; /* Hindsight */
}

/* Registers the page of state in this address space; returns whether it is registered. */
__attribute__((unused)) static int hs_register_page(void) {
  hs_page.present = 0; /* and the page is there */
  if (hs_is_hindsight() && hs_call(HS_REGISTER, (unsigned long)&hs_page, 0, 0) == 0) {
    hs_page.present = 1;
  }
  return hs_page.present;
}

static inline int hs_register(void) { return hs_register_page(); }

/* To be called before the memory of the page goes away: when a library is unloaded. */
static inline void hs_unregister(void) {
  if (hs_page.present) {
    hs_call(HS_UNREGISTER, (unsigned long)&hs_page, 0, 0);
    hs_page.present = 0;
  }
}

__attribute__((unused)) static unsigned long hs_pid(void) {
#if defined(__linux__) && !defined(HS_FREESTANDING)
  unsigned long result;
#ifdef __x86_64__
  __asm__ volatile("syscall" : "=a"(result) : "a"(39) : "rcx", "r11", "memory");
#else
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory");
#endif
  return result;
#else
  return 0;
#endif
}

/* What an assertion has found; the machine runs no further than this in the check. */
__attribute__((cold, noinline, unused)) static void hs_found(int holds, const char *expression,
                                                             const char *file, int line,
                                                             const char *function) {
  if (!holds) {
    hs_say(HS_EXPRESSION, 0, expression);
    hs_say(HS_FILE, (unsigned long)line, file);
    hs_say(HS_FUNCTION, hs_pid(), function);
    hs_call(HS_END, 1, 0, 0);
  } else if (!hs_page.depth) {
    hs_call(HS_END, 0, 0, 0);
  }
}

__attribute__((cold, noinline, unused)) static int hs_block_begin(void) {
  hs_page.depth++;
  return 1;
}

__attribute__((cold, noinline, unused)) static int hs_block_end(void) {
  if (!--hs_page.depth) {
    hs_call(HS_END, 0, 0, 0);
  }
  return 0;
}

#ifdef HS_VSNPRINTF
__attribute__((cold, noinline, unused, format(printf, 1, 2))) static void hs_log(
    const char *hs_format, ...) {
  char line[1024];
  __builtin_va_list all;
  __builtin_va_start(all, hs_format);
  int length = HS_VSNPRINTF(line, sizeof line, hs_format, all);
  __builtin_va_end(all);
  if (length > 0) {
    hs_call(HS_LOG_TEXT, 0, line,
            (unsigned long)length < sizeof line ? (unsigned long)length : sizeof line - 1);
    hs_call(HS_LOG_TEXT, 0, "\n", 1);
  }
  if (!hs_page.depth) {
    hs_call(HS_END, 0, 0, 0);
  }
}

#define HS_LOG(...)                                       \
  do {                                                    \
    if (__builtin_expect(hs_page.in_replay, 0)) {         \
      hs_log(__VA_ARGS__);                                \
    }                                                     \
  } while (0)
#endif

#define HS_ASSERT(...)                                                                     \
  do {                                                                                     \
    if (__builtin_expect(hs_page.in_replay, 0)) {                                          \
      hs_found((__VA_ARGS__) ? 1 : 0, #__VA_ARGS__, __FILE__, __LINE__, __func__);         \
    }                                                                                      \
  } while (0)

#define HS_BLOCK                                                                           \
  for (int hs_on = __builtin_expect(hs_page.in_replay, 0) ? hs_block_begin() : 0; hs_on;   \
       hs_on = hs_block_end())

__attribute__((unused)) static void hs_mark(const char *name) {
  if (hs_page.present) {
    hs_say(HS_NAME, 0, name);
  }
}

__attribute__((unused)) static void hs_value(const char *name, long long value) {
  char text[8 + 64];
  int length = 0;
  if (!hs_page.present) {
    return;
  }
  for (; length < 8; length++) {
    text[length] = (char)((unsigned long long)value >> 8 * length);
  }
  while (*name && length < (int)sizeof text) {
    text[length++] = *name++;
  }
  hs_call(HS_NUMBER, 0, text, (unsigned long)length);
}

static inline void hs_record(unsigned what) {
  if (hs_page.present) {
    hs_call(what, 0, 0, 0);
  }
}

#define HS_MARK(name) hs_mark(name)
#define HS_VALUE(name, value) hs_value(name, (long long)(value))
#define HS_RECORD_START() hs_record(HS_START)
#define HS_RECORD_STOP() hs_record(HS_STOP)

#ifndef HS_FREESTANDING
#ifdef __linux__
extern int __register_atfork(void (*)(void), void (*)(void), void (*)(void), void *)
    __attribute__((weak));
__attribute__((unused)) static void hs_child(void) { hs_register_page(); }
#endif

__attribute__((constructor, unused)) static void hs_start(void) {
  if (!hs_page.present && hs_register_page()) {
#ifdef __linux__
    if (__register_atfork) {
      __register_atfork(0, 0, hs_child, 0);
    }
#endif
  }
}
#endif

#ifdef __cplusplus
}
#endif

#else /* no processor that Hindsight has */

#define HS_ASSERT(...) ((void)0)
#define HS_LOG(...) ((void)0)
#define HS_BLOCK for (int hs_on = 0; hs_on;)
#define HS_MARK(name) ((void)0)
#define HS_VALUE(name, value) ((void)0)
#define HS_RECORD_START() ((void)0)
#define HS_RECORD_STOP() ((void)0)

#endif
#endif
