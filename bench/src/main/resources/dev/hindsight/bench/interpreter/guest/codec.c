/* Compression, digests, ciphers. */
#include "guest.h"

#define SIZE 12000
static u8 plain[SIZE], packed[SIZE * 2], unpacked[SIZE];

static void make_text(void) {
  static const char *const words[] = {"the ",  "quick ", "brown ", "fox ", "jumps ", "over ",
                                      "lazy ", "dog. ",  "and ",   "it ",  "was\n",  "never "};
  u32 n = 0;
  while (n < SIZE - 16) {
    const char *w = words[random32() % 12];
    while (*w) plain[n++] = *w++;
    if (random32() % 9 == 0) plain[n++] = random32();
  }
  while (n < SIZE) plain[n++] = 0;
}

static NOINLINE u32 lz_pack(const u8 *in, u32 n, u8 *out) {
  static u16 head[4096];
  u32 o = 0, flags = 0, count = 0, flag_at = o++;
  for (int i = 0; i < 4096; i++) head[i] = 0;
  for (u32 i = 0; i < n;) {
    u32 best = 0, distance = 0;
    if (i + 3 < n) {
      u32 h = ((in[i] | in[i + 1] << 8 | in[i + 2] << 16) * 2654435761u) >> 20;
      u32 candidate = head[h];
      head[h] = i + 1;
      if (candidate && i - (candidate - 1) < 32768) {
        u32 c = candidate - 1;
        while (best < 130 && i + best < n && in[c + best] == in[i + best]) best++;
        distance = i - c;
      }
    }
    if (best >= 4) {
      flags |= 1u << count;
      out[o++] = best;
      out[o++] = distance;
      out[o++] = distance >> 8;
      i += best;
    } else {
      out[o++] = in[i++];
    }
    if (++count == 8) {
      out[flag_at] = flags;
      flag_at = o++;
      flags = count = 0;
    }
  }
  out[flag_at] = flags;
  return o;
}

static NOINLINE u32 lz_unpack(const u8 *in, u32 n, u8 *out) {
  u32 o = 0, flags = 0, count = 8;
  for (u32 i = 0; i < n;) {
    if (count == 8) {
      flags = in[i++];
      count = 0;
      if (i == n) break;
    }
    if (flags >> count++ & 1) {
      u32 l = in[i], d = in[i + 1] | in[i + 2] << 8;
      i += 3;
      for (; l; l--, o++) out[o] = out[o - d];
    } else {
      out[o++] = in[i++];
    }
  }
  return o;
}

struct tree {
  u32 weight;
  short left, right;
};

static NOINLINE void lengths(const struct tree *t, int n, int depth, u8 *to) {
  if (t[n].left < 0) {
    to[n] = depth;
    return;
  }
  lengths(t, t[n].left, depth + 1, to);
  lengths(t, t[n].right, depth + 1, to);
}

static NOINLINE u32 huffman(const u8 *in, u32 n) {
  static struct tree t[512];
  static u8 bits[256];
  short alive[256];
  int count = 0, next = 256;
  for (int i = 0; i < 256; i++) t[i].weight = 0, t[i].left = -1, bits[i] = 0;
  for (u32 i = 0; i < n; i++) t[in[i]].weight++;
  for (int i = 0; i < 256; i++)
    if (t[i].weight) alive[count++] = i;
  while (count > 1) {
    for (int k = 0; k < 2; k++) {
      int least = k;
      for (int i = k + 1; i < count; i++)
        if (t[alive[i]].weight < t[alive[least]].weight) least = i;
      short s = alive[k];
      alive[k] = alive[least];
      alive[least] = s;
    }
    t[next].weight = t[alive[0]].weight + t[alive[1]].weight;
    t[next].left = alive[0];
    t[next].right = alive[1];
    alive[0] = next++;
    alive[1] = alive[--count];
  }
  lengths(t, alive[0], 0, bits);
  u32 total = 0;
  for (u32 i = 0; i < n; i++) total += bits[in[i]];
  return total;
}

static NOINLINE u32 run_lengths(const u8 *in, u32 n, u8 *out) {
  u32 o = 0;
  for (u32 i = 0; i < n;) {
    u32 run = 1;
    while (i + run < n && in[i + run] == in[i] && run < 255) run++;
    out[o++] = run;
    out[o++] = in[i];
    i += run;
  }
  return o;
}

static NOINLINE void move_to_front(u8 *data, u32 n) {
  u8 order[256];
  for (int i = 0; i < 256; i++) order[i] = i;
  for (u32 i = 0; i < n; i++) {
    u8 c = data[i];
    int at = 0;
    while (order[at] != c) at++;
    for (int k = at; k > 0; k--) order[k] = order[k - 1];
    order[0] = c;
    data[i] = at;
  }
}

static u32 crc_table[256];

static NOINLINE u32 crc(const u8 *p, u32 n) {
  if (!crc_table[1])
    for (u32 i = 0; i < 256; i++) {
      u32 c = i;
      for (int k = 0; k < 8; k++) c = c & 1 ? c >> 1 ^ 0xEDB88320u : c >> 1;
      crc_table[i] = c;
    }
  u32 c = ~0u;
  while (n--) c = c >> 8 ^ crc_table[(c ^ *p++) & 255];
  return ~c;
}

u32 PART(compression)(void) {
  make_text();
  u32 n = lz_pack(plain, SIZE, packed);
  u32 m = lz_unpack(packed, n, unpacked);
  if (m != SIZE || memcmp(plain, unpacked, SIZE)) return 0xbad;
  u32 sum = n * 31 + huffman(plain, SIZE);
  move_to_front(unpacked, 1500);
  return sum + run_lengths(unpacked, 4000, packed) + crc(packed, 4000);
}

/* ---- digests */

static u32 rol(u32 x, int n) { return x << n | x >> (32 - n); }
static u32 ror(u32 x, int n) { return x >> n | x << (32 - n); }

static u32 k256[64];

static void make_constants(void) {
  /* any constants will do here: they come from a generator, not from the standard */
  u32 x = 0x428A2F98u;
  for (int i = 0; i < 64; i++) k256[i] = x = x * 1664525u + 1013904223u;
}

static NOINLINE void sha_block(u32 *h, const u8 *p) {
  u32 w[64], s[8];
  for (int i = 0; i < 16; i++)
    w[i] = (u32)p[4 * i] << 24 | p[4 * i + 1] << 16 | p[4 * i + 2] << 8 | p[4 * i + 3];
  for (int i = 16; i < 64; i++) {
    u32 a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + (ror(a, 7) ^ ror(a, 18) ^ a >> 3) + w[i - 7] +
           (ror(b, 17) ^ ror(b, 19) ^ b >> 10);
  }
  for (int i = 0; i < 8; i++) s[i] = h[i];
  for (int i = 0; i < 64; i++) {
    u32 e = s[4], a = s[0];
    u32 t1 = s[7] + (ror(e, 6) ^ ror(e, 11) ^ ror(e, 25)) + ((e & s[5]) ^ (~e & s[6])) + k256[i] +
             w[i];
    u32 t2 = (ror(a, 2) ^ ror(a, 13) ^ ror(a, 22)) + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
    for (int k = 7; k; k--) s[k] = s[k - 1];
    s[4] += t1;
    s[0] = t1 + t2;
  }
  for (int i = 0; i < 8; i++) h[i] += s[i];
}

static NOINLINE u32 md_like(const u8 *p, u32 n) {
  u32 a = 0x67452301, b = 0xefcdab89, c = 0x98badcfe, d = 0x10325476;
  for (; n >= 64; n -= 64, p += 64)
    for (int i = 0; i < 64; i++) {
      u32 f;
      int g;
      switch (i >> 4) {
        case 0: f = (b & c) | (~b & d), g = i; break;
        case 1: f = (d & b) | (~d & c), g = (5 * i + 1) & 15; break;
        case 2: f = b ^ c ^ d, g = (3 * i + 5) & 15; break;
        default: f = c ^ (b | ~d), g = 7 * i & 15;
      }
      f += a + k256[i] + *(const u32 *)(p + 4 * g);
      a = d, d = c, c = b, b += rol(f, 7 + (i & 3) * 5);
    }
  return a ^ b ^ c ^ d;
}

static NOINLINE u32 adler(const u8 *p, u32 n) {
  u32 a = 1, b = 0;
  while (n--) {
    a = (a + *p++) % 65521;
    b = (b + a) % 65521;
  }
  return b << 16 | a;
}

static NOINLINE u64 sip(const u8 *p, u32 n) {
  u64 a = 0x736f6d6570736575ull, b = 0x646f72616e646f6dull, c = 0x6c7967656e657261ull,
      d = 0x7465646279746573ull;
  for (; n >= 8; n -= 8, p += 8) {
    u64 m = *(const u64 *)p;
    d ^= m;
    for (int i = 0; i < 2; i++) {
      a += b, b = b << 13 | b >> 51, b ^= a, a = a << 32 | a >> 32;
      c += d, d = d << 16 | d >> 48, d ^= c;
      a += d, d = d << 21 | d >> 43, d ^= a;
      c += b, b = b << 17 | b >> 47, b ^= c, c = c << 32 | c >> 32;
    }
    a ^= m;
  }
  return a ^ b ^ c ^ d;
}

u32 PART(digests)(void) {
  make_constants();
  make_text();
  u32 h[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  for (int i = 0; i + 64 <= 4000; i += 64) sha_block(h, plain + i);
  u64 s = sip(plain, SIZE);
  return h[0] ^ h[5] ^ md_like(plain, 8000) ^ adler(plain, 3000) ^ crc(plain, SIZE) ^ (u32)s ^
         (u32)(s >> 32);
}

/* ---- ciphers */

static NOINLINE void rc4(u8 *data, u32 n, const u8 *key, u32 key_length) {
  u8 s[256];
  for (int i = 0; i < 256; i++) s[i] = i;
  for (u32 i = 0, j = 0; i < 256; i++) {
    j = (j + s[i] + key[i % key_length]) & 255;
    u8 t = s[i];
    s[i] = s[j], s[j] = t;
  }
  for (u32 k = 0, i = 0, j = 0; k < n; k++) {
    i = (i + 1) & 255;
    j = (j + s[i]) & 255;
    u8 t = s[i];
    s[i] = s[j], s[j] = t;
    data[k] ^= s[(s[i] + s[j]) & 255];
  }
}

static NOINLINE void tea(u32 *v, const u32 *k) {
  u32 a = v[0], b = v[1], sum = 0;
  for (int i = 0; i < 32; i++) {
    sum += 0x9E3779B9u;
    a += ((b << 4) + k[0]) ^ (b + sum) ^ ((b >> 5) + k[1]);
    b += ((a << 4) + k[2]) ^ (a + sum) ^ ((a >> 5) + k[3]);
  }
  v[0] = a, v[1] = b;
}

#define QUARTER(a, b, c, d)                                                     \
  a += b, d = rol(d ^ a, 16), c += d, b = rol(b ^ c, 12), a += b, d = rol(d ^ a, 8), c += d, \
      b = rol(b ^ c, 7)

static NOINLINE void chacha(u32 *out, const u32 *in) {
  u32 x[16];
  for (int i = 0; i < 16; i++) x[i] = in[i];
  for (int i = 0; i < 10; i++) {
    QUARTER(x[0], x[4], x[8], x[12]);
    QUARTER(x[1], x[5], x[9], x[13]);
    QUARTER(x[2], x[6], x[10], x[14]);
    QUARTER(x[3], x[7], x[11], x[15]);
    QUARTER(x[0], x[5], x[10], x[15]);
    QUARTER(x[1], x[6], x[11], x[12]);
    QUARTER(x[2], x[7], x[8], x[13]);
    QUARTER(x[3], x[4], x[9], x[14]);
  }
  for (int i = 0; i < 16; i++) out[i] = x[i] + in[i];
}

static u8 multiply(u8 a, u8 b) {
  u8 r = 0;
  for (; b; b >>= 1) {
    if (b & 1) r ^= a;
    a = a << 1 ^ (a & 0x80 ? 0x1B : 0);
  }
  return r;
}

static NOINLINE void mix(u8 *s) {
  for (int c = 0; c < 4; c++) {
    u8 *p = s + 4 * c, a = p[0], b = p[1], d = p[2], e = p[3];
    p[0] = multiply(a, 2) ^ multiply(b, 3) ^ d ^ e;
    p[1] = a ^ multiply(b, 2) ^ multiply(d, 3) ^ e;
    p[2] = a ^ b ^ multiply(d, 2) ^ multiply(e, 3);
    p[3] = multiply(a, 3) ^ b ^ d ^ multiply(e, 2);
  }
}

static NOINLINE u32 base64(const u8 *in, u32 n, char *out) {
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  char *o = out;
  for (; n >= 3; n -= 3, in += 3) {
    u32 v = in[0] << 16 | in[1] << 8 | in[2];
    *o++ = letters[v >> 18];
    *o++ = letters[v >> 12 & 63];
    *o++ = letters[v >> 6 & 63];
    *o++ = letters[v & 63];
  }
  if (n) {
    u32 v = in[0] << 16 | (n == 2 ? in[1] << 8 : 0);
    *o++ = letters[v >> 18];
    *o++ = letters[v >> 12 & 63];
    *o++ = n == 2 ? letters[v >> 6 & 63] : '=';
    *o++ = '=';
  }
  return o - out;
}

u32 PART(ciphers)(void) {
  make_text();
  rc4(plain, 4000, (const u8 *)"a secret", 8);
  u32 key[4] = {1, 22, 333, 4444};
  for (int i = 0; i < 400; i += 8) tea((u32 *)(plain + i), key);
  u32 in[16], out[16];
  for (int i = 0; i < 16; i++) in[i] = random32();
  for (int i = 0; i < 40; i++) {
    chacha(out, in);
    in[12]++;
    in[i & 7] ^= out[i & 15];
  }
  for (int i = 0; i < 10; i++) mix(plain + 16 * i);
  u32 n = base64(plain, 2999, (char *)packed);
  return crc(packed, n) ^ out[3];
}
