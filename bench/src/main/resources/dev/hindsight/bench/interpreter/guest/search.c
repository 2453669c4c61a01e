/* Numbers, graphs, puzzles. */
#include "guest.h"

#define LIMBS 24

static NOINLINE void big_multiply(u32 *r, const u32 *a, const u32 *b) {
  for (int i = 0; i < 2 * LIMBS; i++) r[i] = 0;
  for (int i = 0; i < LIMBS; i++) {
    u64 carry = 0;
    for (int j = 0; j < LIMBS; j++) {
      u64 t = (u64)a[i] * b[j] + r[i + j] + carry;
      r[i + j] = t;
      carry = t >> 32;
    }
    r[i + LIMBS] = carry;
  }
}

static NOINLINE u32 big_subtract(u32 *a, const u32 *b, int n) {
  u32 borrow = 0;
  for (int i = 0; i < n; i++) {
    u64 t = (u64)a[i] - b[i] - borrow;
    a[i] = t;
    borrow = t >> 32 & 1;
  }
  return borrow;
}

static NOINLINE void matrix(int *c, const int *a, const int *b, int n) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) {
      int s = 0;
      for (int k = 0; k < n; k++) s += a[i * n + k] * b[k * n + j];
      c[i * n + j] = s;
    }
}

static NOINLINE u32 sieve(u8 *p, u32 n) {
  u32 count = 0;
  for (u32 i = 0; i < n; i++) p[i] = 1;
  for (u32 i = 2; i < n; i++)
    if (p[i]) {
      count++;
      for (u32 k = i * i; k < n; k += i) p[k] = 0;
    }
  return count;
}

static NOINLINE u32 power(u32 b, u32 e, u32 m) {
  u32 r = 1;
  for (b %= m; e; e >>= 1) {
    if (e & 1) r = r * b % m;
    b = b * b % m;
  }
  return r;
}

static NOINLINE u32 gcd(u32 a, u32 b) {
  while (b) {
    u32 t = a % b;
    a = b;
    b = t;
  }
  return a;
}

static NOINLINE u32 root(u32 v) {
  u32 r = 0;
  for (u32 bit = 1u << 30; bit; bit >>= 2) {
    if (v >= r + bit) {
      v -= r + bit;
      r = (r >> 1) + bit;
    } else {
      r >>= 1;
    }
  }
  return r;
}

/* a Walsh-Hadamard transform: the butterflies of an FFT */
static NOINLINE void transform(int *d, int n) {
  for (int half = 1; half < n; half *= 2)
    for (int i = 0; i < n; i += 2 * half)
      for (int k = i; k < i + half; k++) {
        int x = d[k], y = d[k + half];
        d[k] = x + y;
        d[k + half] = (x - y) >> (k & 1);
      }
}

static NOINLINE u32 day_of(u32 y, u32 m, u32 d) {
  static const u16 before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  u32 leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
  u32 days = y * 365 + (y - 1) / 4 - (y - 1) / 100 + (y - 1) / 400;
  return (days + before[m] + (leap && m > 1) + d) % 7;
}

static NOINLINE u32 bits(u32 x, u64 y) {
  u32 s = 0;
  for (u32 v = x; v; v &= v - 1) s++;
  s += __builtin_clz(x | 1) * 3 + __builtin_ctz(x | 0x80000000u) * 5;
  x = (x >> 1 & 0x55555555) | (x & 0x55555555) << 1;
  x = (x >> 2 & 0x33333333) | (x & 0x33333333) << 2;
  x = (x >> 4 & 0x0F0F0F0F) | (x & 0x0F0F0F0F) << 4;
  x = __builtin_bswap32(x);
  y = __builtin_bswap64(y) >> (s & 31);
  return x + s + (u32)(y ^ y >> 32);
}

u32 PART(numbers)(void) {
  static u32 a[LIMBS], b[LIMBS], r[2 * LIMBS];
  static int x[24 * 24], y[24 * 24], z[24 * 24], wave[256];
  static u8 flags[8000];
  u32 sum = 0;
  for (int i = 0; i < LIMBS; i++) a[i] = random32(), b[i] = random32();
  for (int i = 0; i < 8; i++) {
    big_multiply(r, a, b);
    sum += big_subtract(r, a, LIMBS);
    memcpy(a, r + 3, sizeof a);
  }
  for (int i = 0; i < 24 * 24; i++) x[i] = random32() >> 20, y[i] = random32() >> 20;
  matrix(z, x, y, 24);
  sum += z[77] + sieve(flags, 8000);
  for (u32 i = 1; i < 60; i++) {
    sum = sum * 3 + power(i * 7, 65537, 65521) + gcd(random32(), i * 30) + root(random32());
    sum = sum * 3 + day_of(1900 + i, i % 12, i % 28 + 1) + bits(random32(), sum);
  }
  for (int i = 0; i < 256; i++) wave[i] = random32() >> 20;
  transform(wave, 256);
  return sum + wave[13] + r[5];
}

/* ---- graphs */

#define VERTICES 300
#define EDGES 1500
static u16 from[EDGES], to[EDGES], weight[EDGES], next_edge[EDGES], first_edge[VERTICES];
static u32 best[VERTICES];
static struct { u32 cost, vertex; } queue[EDGES + 1];
static u32 queued;

static NOINLINE void enqueue(u32 cost, u32 vertex) {
  u32 i = queued++;
  while (i && queue[(i - 1) / 2].cost > cost) {
    queue[i] = queue[(i - 1) / 2];
    i = (i - 1) / 2;
  }
  queue[i].cost = cost;
  queue[i].vertex = vertex;
}

static NOINLINE u32 dequeue(u32 *vertex) {
  u32 cost = queue[0].cost, i = 0;
  *vertex = queue[0].vertex;
  queued--;
  for (;;) {
    u32 c = 2 * i + 1;
    if (c >= queued) break;
    if (c + 1 < queued && queue[c + 1].cost < queue[c].cost) c++;
    if (queue[queued].cost <= queue[c].cost) break;
    queue[i] = queue[c];
    i = c;
  }
  queue[i] = queue[queued];
  return cost;
}

static NOINLINE void shortest(u32 start) {
  for (int i = 0; i < VERTICES; i++) best[i] = ~0u;
  queued = 0;
  best[start] = 0;
  enqueue(0, start);
  while (queued) {
    u32 v, cost = dequeue(&v);
    if (cost > best[v]) continue;
    for (u32 e = first_edge[v]; e != 0xFFFF; e = next_edge[e])
      if (cost + weight[e] < best[to[e]] && queued < EDGES) {
        best[to[e]] = cost + weight[e];
        enqueue(best[to[e]], to[e]);
      }
  }
}

static u16 parent[VERTICES];

static u32 representative(u32 v) {
  while (parent[v] != v) v = parent[v] = parent[parent[v]];
  return v;
}

static NOINLINE u32 components(void) {
  u32 n = VERTICES;
  for (int i = 0; i < VERTICES; i++) parent[i] = i;
  for (int e = 0; e < EDGES; e += 7) {
    u32 a = representative(from[e]), b = representative(to[e]);
    if (a != b) parent[a] = b, n--;
  }
  return n;
}

static NOINLINE u32 maze(void) {
  static u8 cell[32][32];
  static u16 line[1024];
  u32 head = 0, tail = 0, far = 0;
  for (int i = 0; i < 32; i++)
    for (int k = 0; k < 32; k++) cell[i][k] = random32() % 10 < 3 ? 255 : 0;
  cell[1][1] = 1;
  line[tail++] = 33;
  while (head < tail) {
    u32 at = line[head++], x = at & 31, y = at >> 5;
    far = cell[y][x];
    if (x > 0 && !cell[y][x - 1]) cell[y][x - 1] = (far + 1) & 127, line[tail++] = at - 1;
    if (x < 31 && !cell[y][x + 1]) cell[y][x + 1] = (far + 1) & 127, line[tail++] = at + 1;
    if (y > 0 && !cell[y - 1][x]) cell[y - 1][x] = (far + 1) & 127, line[tail++] = at - 32;
    if (y < 31 && !cell[y + 1][x]) cell[y + 1][x] = (far + 1) & 127, line[tail++] = at + 32;
  }
  return tail * 256 + far;
}

u32 PART(graphs)(void) {
  for (int i = 0; i < VERTICES; i++) first_edge[i] = 0xFFFF;
  for (int e = 0; e < EDGES; e++) {
    from[e] = random32() % VERTICES;
    to[e] = random32() % VERTICES;
    weight[e] = random32() % 1000;
    next_edge[e] = first_edge[from[e]];
    first_edge[from[e]] = e;
  }
  u32 sum = components();
  for (int i = 0; i < 3; i++) {
    shortest(random32() % VERTICES);
    for (int k = 0; k < VERTICES; k++) sum = sum * 3 + best[k];
  }
  return sum + maze();
}

/* ---- puzzles */

static NOINLINE u32 queens(u32 all, u32 columns, u32 left, u32 right) {
  if (columns == all) return 1;
  u32 count = 0;
  for (u32 free = all & ~(columns | left | right); free;) {
    u32 bit = free & -free;
    free ^= bit;
    count += queens(all, columns | bit, (left | bit) << 1, (right | bit) >> 1);
  }
  return count;
}

static NOINLINE u32 life(void) {
  static u8 now[40][40], then[40][40];
  for (int i = 0; i < 40; i++)
    for (int k = 0; k < 40; k++) now[i][k] = random32() & 1;
  for (int g = 0; g < 4; g++) {
    for (int i = 1; i < 39; i++)
      for (int k = 1; k < 39; k++) {
        int n = now[i - 1][k - 1] + now[i - 1][k] + now[i - 1][k + 1] + now[i][k - 1] +
                now[i][k + 1] + now[i + 1][k - 1] + now[i + 1][k] + now[i + 1][k + 1];
        then[i][k] = n == 3 || (n == 2 && now[i][k]);
      }
    memcpy(now, then, sizeof now);
  }
  u32 sum = 0;
  for (int i = 0; i < 40; i++)
    for (int k = 0; k < 40; k++) sum = sum * 2 + now[i][k];
  return sum;
}

static u8 board[81];
static u32 tries;

static NOINLINE int fits(int at, int digit) {
  int row = at / 9, column = at % 9, box = row / 3 * 27 + column / 3 * 3;
  for (int i = 0; i < 9; i++)
    if (board[row * 9 + i] == digit || board[i * 9 + column] == digit ||
        board[box + i / 3 * 9 + i % 3] == digit)
      return 0;
  return 1;
}

static NOINLINE int solve(int at) {
  while (at < 81 && board[at]) at++;
  if (at == 81) return 1;
  for (int d = 1; d <= 9; d++)
    if (fits(at, d)) {
      if (++tries > 400) return 1;
      board[at] = d;
      if (solve(at + 1)) return 1;
      board[at] = 0;
    }
  return 0;
}

static NOINLINE u32 knapsack(void) {
  static u32 value[500];
  for (int i = 0; i < 500; i++) value[i] = 0;
  for (int item = 0; item < 12; item++) {
    u32 w = random32() % 90 + 10, v = random32() % 1000;
    for (int c = 499; c >= (int)w; c--)
      if (value[c - w] + v > value[c]) value[c] = value[c - w] + v;
  }
  return value[499];
}

static NOINLINE int ackermann(int m, int n) {
  return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

static NOINLINE void hanoi(int n, int a, int b, u32 *moves) {
  if (!n) return;
  hanoi(n - 1, a, 3 - a - b, moves);
  *moves = *moves * 3 + a * 4 + b;
  hanoi(n - 1, 3 - a - b, b, moves);
}

u32 PART(puzzles)(void) {
  u32 sum = queens(127, 0, 0, 0), moves = 0;
  sum = sum * 31 + life();
  for (int i = 0; i < 81; i++) board[i] = 0;
  tries = 0;
  board[random32() % 9] = 1 + random32() % 9;
  solve(0);
  for (int i = 0; i < 81; i++) sum = sum * 10 + board[i];
  hanoi(8, 0, 2, &moves);
  return sum * 31 + knapsack() + ackermann(2, 9) + moves;
}
