/* Text, scanners, a machine of its own. */
#include "guest.h"

static char buffer[8192];

static NOINLINE u32 distance(const char *a, const char *b) {
  u32 row[64];
  u32 n = length(b);
  for (u32 j = 0; j <= n; j++) row[j] = j;
  for (u32 i = 1; a[i - 1]; i++) {
    u32 corner = row[0];
    row[0] = i;
    for (u32 j = 1; j <= n; j++) {
      u32 above = row[j];
      u32 best = corner + (a[i - 1] != b[j - 1]);
      if (above + 1 < best) best = above + 1;
      if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
      row[j] = best;
      corner = above;
    }
  }
  return row[n];
}

/* c matches itself, . anything, c* any number, ^ and $ the ends */
static int match_here(const char *p, const char *s);

static NOINLINE int match_star(int c, const char *p, const char *s) {
  do {
    if (match_here(p, s)) return 1;
  } while (*s && (*s++ == c || c == '.'));
  return 0;
}

static NOINLINE int match_here(const char *p, const char *s) {
  if (!*p) return 1;
  if (p[1] == '*') return match_star(*p, p + 2, s);
  if (*p == '$' && !p[1]) return !*s;
  if (*s && (*p == '.' || *p == *s)) return match_here(p + 1, s + 1);
  return 0;
}

static NOINLINE int match(const char *p, const char *s) {
  if (*p == '^') return match_here(p + 1, s);
  do {
    if (match_here(p, s)) return 1;
  } while (*s++);
  return 0;
}

static NOINLINE u32 utf8(const u8 *p, u32 n) {
  u32 sum = 0;
  for (u32 i = 0; i < n;) {
    u32 c = p[i++], more;
    if (c < 0x80)
      more = 0;
    else if (c < 0xC0) {
      sum += 0xFFFD;
      continue;
    } else if (c < 0xE0)
      c &= 31, more = 1;
    else if (c < 0xF0)
      c &= 15, more = 2;
    else
      c &= 7, more = 3;
    while (more-- && i < n && (p[i] & 0xC0) == 0x80) c = c << 6 | (p[i++] & 63);
    sum = sum * 13 + c;
  }
  return sum;
}

static NOINLINE u32 words(char *s) {
  u32 count = 0, upper = 0, vowels = 0, inside = 0;
  for (; *s; s++) {
    if (*s >= 'a' && *s <= 'z') {
      if (!inside) *s -= 32, upper++;
      inside = 1;
      switch (*s | 32) {
        case 'a': case 'e': case 'i': case 'o': case 'u': vowels++;
      }
    } else if (*s >= 'A' && *s <= 'Z') {
      inside = 1;
    } else {
      count += inside;
      inside = 0;
    }
  }
  return count * 10000 + upper * 100 + vowels;
}

static NOINLINE int search(const char *text, u32 n, const char *what) {
  u8 skip[256];
  u32 m = length(what), hits = 0;
  for (int i = 0; i < 256; i++) skip[i] = m;
  for (u32 i = 0; i + 1 < m; i++) skip[(u8)what[i]] = m - 1 - i;
  for (u32 at = 0; at + m <= n; at += skip[(u8)text[at + m - 1]]) {
    u32 k = m;
    while (k && text[at + k - 1] == what[k - 1]) k--;
    hits += !k;
  }
  return hits;
}

u32 PART(text)(void) {
  static const char *const names[] = {"kitten", "sitting", "saturday", "sunday", "interpreter",
                                      "interpretation"};
  u32 sum = 0;
  for (int i = 0; i < 6; i++)
    for (int j = 0; j < 6; j++) sum = sum * 3 + distance(names[i], names[j]);
  int n = 0;
  for (int i = 0; i < 60; i++)
    n += format(buffer + n, "%s %05d|%-8x|%c %u %o; ", names[random32() % 6], random32() >> 16,
                random32() >> 8, 'a' + i % 26, random32() >> 20, i);
  static const char *const patterns[] = {"^kit.*5", "s.*y .*x*;", "9$", "in*t.*on 0", "|a*b", "zz"};
  for (int i = 0; i < 6; i++) sum = sum * 7 + match(patterns[i], buffer);
  for (int i = 0; i < 6; i++) sum = sum * 7 + search(buffer, n, names[i]);
  sum += utf8((const u8 *)buffer, n);
  for (int i = 0; i < 256; i++) buffer[4096 + i] = random32();
  sum += utf8((const u8 *)buffer + 4096, 256);
  return sum + words(buffer);
}

/* ---- scanners: expressions, JSON, a language's tokens */

static const char *at;

static int expression(void);

static NOINLINE int primary(void) {
  while (*at == ' ') at++;
  if (*at == '(') {
    at++;
    int v = expression();
    at++;
    return v;
  }
  if (*at == '-') return at++, -primary();
  if (*at == '~') return at++, ~primary();
  if (at[0] == '0' && at[1] == 'x') {
    u32 v = 0;
    for (at += 2;; at++) {
      if (*at >= '0' && *at <= '9')
        v = v * 16 + *at - '0';
      else if (*at >= 'a' && *at <= 'f')
        v = v * 16 + *at - 'a' + 10;
      else
        return v;
    }
  }
  u32 v = 0;
  while (*at >= '0' && *at <= '9') v = v * 10 + *at++ - '0';
  return v;
}

static NOINLINE int product(void) {
  int v = primary();
  for (;;) {
    while (*at == ' ') at++;
    char c = *at;
    if (c != '*' && c != '/' && c != '%' && c != '&') return v;
    at++;
    int w = primary();
    switch (c) {
      case '*': v = (u32)v * (u32)w; break;
      case '/': v = w ? (u32)v / (u32)w : 0; break;
      case '%': v = w ? (u32)v % (u32)w : 0; break;
      default: v &= w;
    }
  }
}

static NOINLINE int expression(void) {
  int v = product();
  for (;;) {
    while (*at == ' ') at++;
    switch (*at) {
      case '+': at++, v = (u32)v + (u32)product(); break;
      case '-': at++, v = (u32)v - (u32)product(); break;
      case '|': at++, v |= product(); break;
      case '^': at++, v ^= product(); break;
      case '<': at += 2, v = (u32)v << (product() & 31); break;
      case '>': at += 2, v = v >> (product() & 31); break;
      default: return v;
    }
  }
}

static char *out;

static NOINLINE void write_json(int depth) {
  switch (random32() % (depth > 4 ? 4 : 6)) {
    case 0: out += format(out, "%d", (int)random32() >> 12); break;
    case 1: out += format(out, "\"s%x\\n\\u00%02x\"", random32() >> 16, random32() & 127); break;
    case 2: out += format(out, random32() & 1 ? "true" : "false"); break;
    case 3: out += format(out, "null"); break;
    case 4:
      *out++ = '[';
      for (int n = random32() % 5; n; n--) {
        write_json(depth + 1);
        if (n > 1) *out++ = ',', *out++ = ' ';
      }
      *out++ = ']';
      break;
    default:
      *out++ = '{';
      for (int n = random32() % 5; n; n--) {
        out += format(out, "\"k%d\": ", n);
        write_json(depth + 1);
        if (n > 1) *out++ = ',';
      }
      *out++ = '}';
  }
  *out = 0;
}

static void blanks(void) {
  while (*at == ' ' || *at == '\n' || *at == '\t') at++;
}

static NOINLINE u32 json_string(void) {
  u32 sum = 0;
  for (at++; *at != '"'; at++) {
    if (*at == '\\') {
      switch (*++at) {
        case 'n': sum += '\n'; break;
        case 't': sum += '\t'; break;
        case 'u':
          for (int i = 0; i < 4; i++) {
            at++;
            sum = sum * 16 + (*at <= '9' ? *at - '0' : (*at | 32) - 'a' + 10);
          }
          break;
        default: sum += *at;
      }
    } else {
      sum = sum * 5 + *at;
    }
  }
  at++;
  return sum;
}

static NOINLINE u32 json_value(void) {
  u32 sum = 0;
  blanks();
  switch (*at) {
    case '[':
      for (at++, blanks(); *at != ']'; blanks()) {
        sum = sum * 3 + json_value();
        blanks();
        if (*at == ',') at++;
      }
      at++;
      return sum + 1;
    case '{':
      for (at++, blanks(); *at != '}'; blanks()) {
        sum = sum * 7 + json_string();
        blanks();
        at++;
        sum ^= json_value();
        blanks();
        if (*at == ',') at++;
      }
      at++;
      return sum + 2;
    case '"': return json_string();
    case 't': at += 4; return 3;
    case 'f': at += 5; return 4;
    case 'n': at += 4; return 5;
    default: {
      int negative = *at == '-';
      at += negative;
      while (*at >= '0' && *at <= '9') sum = sum * 10 + *at++ - '0';
      return negative ? 0 - sum : sum;
    }
  }
}

static const char program[] =
    "int main(int argc, char **argv) { /* a comment */ for (int i = 0; i < 0x1f; i++) {\n"
    "  if (argc >= 3 && argv[i] != 0) return 'x' + \"str\\\"ing\"[i]; // more\n"
    "  while (i <<= 1) { total += i->next.value * 3 / (7 - ~x); } } else_where = 10 % 3; }\n";

static NOINLINE u32 tokens(const char *p) {
  u32 sum = 0;
  while (*p) {
    const char *start = p;
    u32 kind;
    char c = *p;
    if (c == ' ' || c == '\n') {
      p++;
      continue;
    }
    if ((c | 32) >= 'a' && (c | 32) <= 'z') {
      while (((*p | 32) >= 'a' && (*p | 32) <= 'z') || *p == '_' || (*p >= '0' && *p <= '9')) p++;
      size n = p - start;
      kind = n == 2 && !memcmp(start, "if", 2)        ? 2
             : n == 3 && !memcmp(start, "for", 3)     ? 3
             : n == 3 && !memcmp(start, "int", 3)     ? 4
             : n == 5 && !memcmp(start, "while", 5)   ? 5
             : n == 6 && !memcmp(start, "return", 6)  ? 6
                                                      : 1;
    } else if (c >= '0' && c <= '9') {
      while ((*p >= '0' && *p <= '9') || ((*p | 32) >= 'a' && (*p | 32) <= 'x')) p++;
      kind = 7;
    } else if (c == '"' || c == '\'') {
      for (p++; *p != c; p++)
        if (*p == '\\') p++;
      p++;
      kind = 8;
    } else if (c == '/' && p[1] == '*') {
      for (p += 2; p[0] != '*' || p[1] != '/'; p++) {}
      p += 2;
      continue;
    } else if (c == '/' && p[1] == '/') {
      while (*p != '\n') p++;
      continue;
    } else {
      switch (c) {
        case '<': case '>':
          kind = 20;
          if (p[1] == c) p++, kind = 21;
          if (p[1] == '=') p++, kind += 2;
          break;
        case '+': case '-': case '&': case '|':
          kind = 30;
          if (p[1] == c) p++, kind = 31;
          else if (p[1] == '=') p++, kind = 32;
          else if (p[1] == '>') p++, kind = 33;
          break;
        case '=': case '!':
          kind = 40;
          if (p[1] == '=') p++, kind = 41;
          break;
        default: kind = c;
      }
      p++;
    }
    sum = sum * 11 + kind * 64 + (u32)(p - start);
  }
  return sum;
}

u32 PART(scanners)(void) {
  u32 sum = 0;
  static const char *const formulas[] = {
      "1 + 2 * (3 - 4) * -5", "0xff & (17 | 0x100) ^ 99 % 7", "((((1))))+~2*3", "1 << 10 >> 3 - 1",
      "123456789 / 321 * (9 - 8 * (7 - 6 * (5 - 4)))"};
  for (int round = 0; round < 40; round++) {
    at = formulas[round % 5];
    sum = sum * 3 + expression();
  }
  for (int i = 0; i < 12; i++) {
    out = buffer;
    do
      write_json(0);
    while (out < buffer + 100);
    at = buffer;
    sum = sum * 3 + json_value();
  }
  for (int i = 0; i < 20; i++) sum = sum * 5 + tokens(program);
  return sum;
}

/* ---- a register machine and a stack machine */

static NOINLINE u32 stack_machine(const u8 *code, int n) {
  int st[32], sp = 0, acc = 0, steps = 0;
  for (int i = 0; i < 32; i++) st[i] = i;
  for (int pc = 0; pc < n && steps < 20000; pc++, steps++) {
    switch (code[pc] % 41) {
      case 0: st[sp++ & 31] = acc; break;
      case 1: acc += pc; break;
      case 2: acc = st[--sp & 31]; break;
      case 3: acc ^= 0x55; break;
      case 4: acc *= 3; break;
      case 5: acc -= st[sp & 31]; break;
      case 6: if (acc & 1) pc++; break;
      case 7: acc >>= 1; break;
      case 8: acc |= pc; break;
      case 9: acc = -acc; break;
      case 10: acc += st[(sp + 3) & 31]; break;
      case 11: st[(sp + 7) & 31] = acc; break;
      case 12: acc <<= 1; break;
      case 13: acc = (short)acc; break;
      case 14: acc = (u8)acc + pc; break;
      case 15: acc = ~acc; break;
      case 16: if (acc < 0) acc = pc; break;
      case 17: acc = acc == st[sp & 31]; break;
      case 18: acc = acc < st[sp & 31]; break;
      case 19: acc = (u32)acc > (u32)st[sp & 31]; break;
      case 20: { int t = st[sp & 31]; st[sp & 31] = acc; acc = t; break; }
      case 21: acc = (u32)acc << 5 | (u32)acc >> 27; break;
      case 22: acc = (u32)acc / 7u; break;
      case 23: acc = (u32)acc % 1000u; break;
      case 24: acc = (signed char)acc; break;
      case 25: st[acc & 31]++; break;
      case 26: st[acc & 31]--; break;
      case 27: acc = st[acc & 31]; break;
      case 28: if (st[sp & 31] > acc) pc += 2; break;
      case 29: acc = (u32)acc >> (pc & 15); break;
      case 30: acc = (u32)acc << (pc & 15); break;
      case 31: acc &= st[pc & 31]; break;
      case 32: acc += code[pc ^ 1]; break;
      case 33: sp += 2; break;
      case 34: sp -= 2; break;
      case 35: acc = acc ? 0 : 1; break;
      case 36: acc = acc * acc; break;
      case 37: acc = acc > 0 ? acc : -acc; break;
      case 38: acc ^= acc >> 3; break;
      case 39: st[pc & 31] ^= acc; break;
      default: if ((steps & 63) == 63) pc -= 13; if (pc < 0) pc = 0;
    }
  }
  u32 sum = acc;
  for (int i = 0; i < 32; i++) sum = sum * 31 + st[i];
  return sum;
}

static NOINLINE u32 register_machine(const u32 *code, u32 n) {
  static void *const labels[] = {&&add, &&sub, &&and, &&or, &&xor, &&shl, &&shr, &&mul,
                                 &&load, &&store, &&less, &&skip, &&loop, &&move, &&extend, &&count};
  static u32 memory[64];
  u32 r[16], pc = 0, fuel = 12000, in;
  for (int i = 0; i < 16; i++) r[i] = i * 77;
#define A r[in >> 4 & 15]
#define B r[in >> 8 & 15]
#define C r[in >> 12 & 15]
#define NEXT                                 \
  do {                                       \
    if (!fuel--) goto done;                  \
    in = code[pc];                           \
    pc = pc + 1 == n ? 0 : pc + 1;           \
    goto *labels[in & 15];                   \
  } while (0)
  NEXT;
add: A = B + C; NEXT;
sub: A = B - C; NEXT;
and: A = B & C; NEXT;
or: A = B | C; NEXT;
xor: A = B ^ C; NEXT;
shl: A = B << (C & 31); NEXT;
shr: A = B >> (C & 31); NEXT;
mul: A = B * C; NEXT;
load: A = memory[B & 63]; NEXT;
store: memory[B & 63] = A; NEXT;
less: A = B < C; NEXT;
skip: if (A > B) pc = pc + 1 >= n ? 0 : pc + 1; NEXT;
loop: if (C & 1) pc = pc > 5 ? pc - 5 : 0, C >>= 1; NEXT;
move: A = in >> 8; NEXT;
extend: A = (int)(short)B; NEXT;
count: A = __builtin_ctz(B | 1u << 31) + (B >> 31); NEXT;
done:
  in = 0;
  for (int i = 0; i < 16; i++) in = in * 17 + r[i];
  return in;
}

u32 PART(machine)(void) {
  static u8 code[4096];
  static u32 words32[512];
  for (int i = 0; i < 4096; i++) code[i] = random32() >> 9;
  for (int i = 0; i < 512; i++) words32[i] = random32();
  return stack_machine(code, 4096) * 31 + register_machine(words32, 512);
}
