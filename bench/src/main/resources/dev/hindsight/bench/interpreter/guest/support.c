/* A generator of numbers, memory and string functions, an allocator, a formatter. */
#include "guest.h"

static u32 state;

void seed(u32 s) { state = s; }

u32 random32(void) {
  u32 x = state;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  return state = x;
}

void *memcpy(void *to, const void *from, size n) {
  void *d = to;
  if (n >= 64) {
    __asm__ volatile("rep movsb" : "+D"(d), "+S"(from), "+c"(n) : : "memory");
    return to;
  }
  u8 *p = to;
  const u8 *q = from;
  for (; n >= sizeof(size); n -= sizeof(size), p += sizeof(size), q += sizeof(size))
    *(size *)p = *(const size *)q;
  while (n--) *p++ = *q++;
  return to;
}

void *memmove(void *to, const void *from, size n) {
  u8 *p = to;
  const u8 *q = from;
  if (p <= q) {
    while (n--) *p++ = *q++;
  } else {
    while (n--) p[n] = q[n];
  }
  return to;
}

void *memset(void *to, int value, size n) {
  void *d = to;
  __asm__ volatile("rep stosb" : "+D"(d), "+c"(n) : "a"(value) : "memory");
  return to;
}

int memcmp(const void *a, const void *b, size n) {
  const u8 *p = a, *q = b;
  for (; n; n--, p++, q++)
    if (*p != *q) return *p - *q;
  return 0;
}

size length(const char *s) {
  const char *p = s;
  while (*p) p++;
  return p - s;
}

int compare(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return (u8)*a - (u8)*b;
}

char *find(const char *s, int c) {
  for (; *s; s++)
    if (*s == c) return (char *)s;
  return 0;
}

/* first fit over a list of free chunks in the order of their addresses, which are merged */
struct chunk {
  u32 bytes;
  u32 used;
  struct chunk *next, *previous;
};
#define HEAP (4u << 20)
static u8 heap[HEAP] __attribute__((aligned(16)));
static struct chunk *first;
static struct chunk *rover;

void heap_reset(void) {
  first = rover = (struct chunk *)heap;
  first->bytes = HEAP - sizeof(struct chunk);
  first->used = 0;
  first->next = first->previous = 0;
}

void *allocate(u32 bytes) {
  bytes = (bytes + 15) & ~15u;
  struct chunk *c = rover;
  while (c && (c->used || c->bytes < bytes)) c = c->next;
  if (!c) {
    c = first;
    while (c && (c->used || c->bytes < bytes)) c = c->next;
    if (!c) return 0;
  }
  if (c->bytes >= bytes + sizeof(struct chunk) + 16) {
    struct chunk *rest = (struct chunk *)((u8 *)(c + 1) + bytes);
    rest->bytes = c->bytes - bytes - sizeof(struct chunk);
    rest->used = 0;
    rest->next = c->next;
    rest->previous = c;
    if (c->next) c->next->previous = rest;
    c->next = rest;
    c->bytes = bytes;
  }
  c->used = 1;
  rover = c->next ? c->next : first;
  return c + 1;
}

static void merge(struct chunk *c) {
  struct chunk *n = c->next;
  if (rover == n) rover = c;
  c->bytes += n->bytes + sizeof(struct chunk);
  c->next = n->next;
  if (n->next) n->next->previous = c;
}

void release(void *p) {
  if (!p) return;
  struct chunk *c = (struct chunk *)p - 1;
  c->used = 0;
  if (c->next && !c->next->used) merge(c);
  if (c->previous && !c->previous->used) merge(c->previous);
}

static char *digits(char *to, u32 value, u32 base, int width, char pad, int negative, int left) {
  char reversed[36];
  int n = 0;
  do {
    u32 d = value % base;
    reversed[n++] = d < 10 ? '0' + d : 'a' + d - 10;
    value /= base;
  } while (value);
  if (negative && pad == '0') *to++ = '-';
  int room = width - n - negative;
  if (!left)
    while (room-- > 0) *to++ = pad;
  if (negative && pad != '0') *to++ = '-';
  while (n) *to++ = reversed[--n];
  if (left)
    while (room-- > 0) *to++ = ' ';
  return to;
}

int format(char *to, const char *pattern, ...) {
  __builtin_va_list arguments;
  __builtin_va_start(arguments, pattern);
  char *start = to;
  for (; *pattern; pattern++) {
    if (*pattern != '%') {
      *to++ = *pattern;
      continue;
    }
    int width = 0, left = 0;
    char pad = ' ';
    pattern++;
    if (*pattern == '-') left = 1, pattern++;
    if (*pattern == '0') pad = '0', pattern++;
    while (*pattern >= '0' && *pattern <= '9') width = width * 10 + *pattern++ - '0';
    switch (*pattern) {
      case 'd': {
        int v = __builtin_va_arg(arguments, int);
        to = digits(to, v < 0 ? 0u - v : v, 10, width, pad, v < 0, left);
        break;
      }
      case 'u': to = digits(to, __builtin_va_arg(arguments, u32), 10, width, pad, 0, left); break;
      case 'x': to = digits(to, __builtin_va_arg(arguments, u32), 16, width, pad, 0, left); break;
      case 'o': to = digits(to, __builtin_va_arg(arguments, u32), 8, width, pad, 0, left); break;
      case 'b': to = digits(to, __builtin_va_arg(arguments, u32), 2, width, pad, 0, left); break;
      case 'c': *to++ = (char)__builtin_va_arg(arguments, int); break;
      case 's': {
        const char *s = __builtin_va_arg(arguments, const char *);
        int room = width - (int)length(s);
        if (!left)
          while (room-- > 0) *to++ = ' ';
        while (*s) *to++ = *s++;
        if (left)
          while (room-- > 0) *to++ = ' ';
        break;
      }
      default: *to++ = *pattern;
    }
  }
  *to = 0;
  __builtin_va_end(arguments);
  return to - start;
}
