/* Sorting, tables, trees, objects. */
#include "guest.h"

#define N 3000
static u32 values[N], scratch[N];

static void fill(void) {
  for (int i = 0; i < N; i++) values[i] = random32();
}

static u32 check(void) {
  u32 sum = 0;
  for (int i = 0; i < N; i++) {
    if (i && values[i - 1] > values[i]) return 0xbad;
    sum = sum * 33 + values[i];
  }
  return sum;
}

static NOINLINE void quick(u32 *a, int l, int r) {
  while (r - l > 12) {
    u32 x = a[l], y = a[(l + r) / 2], z = a[r];
    u32 p = x < y ? (y < z ? y : x < z ? z : x) : (x < z ? x : y < z ? z : y);
    int i = l, j = r;
    while (i <= j) {
      while (a[i] < p) i++;
      while (a[j] > p) j--;
      if (i <= j) {
        u32 t = a[i];
        a[i++] = a[j];
        a[j--] = t;
      }
    }
    if (j - l < r - i) {
      quick(a, l, j);
      l = i;
    } else {
      quick(a, i, r);
      r = j;
    }
  }
  for (int i = l + 1; i <= r; i++) {
    u32 v = a[i];
    int j = i;
    for (; j > l && a[j - 1] > v; j--) a[j] = a[j - 1];
    a[j] = v;
  }
}

static NOINLINE void heap_sort(u32 *a, int n) {
  for (int start = n / 2 - 1, end = n; end > 1;) {
    if (start >= 0) {
      start--;
    } else {
      end--;
      u32 t = a[0];
      a[0] = a[end];
      a[end] = t;
    }
    int i = start >= 0 ? start : 0;
    for (;;) {
      int child = 2 * i + 1;
      if (child >= end) break;
      if (child + 1 < end && a[child] < a[child + 1]) child++;
      if (a[i] >= a[child]) break;
      u32 t = a[i];
      a[i] = a[child];
      a[child] = t;
      i = child;
    }
  }
}

static NOINLINE void merge_sort(u32 *a, u32 *b, int n) {
  if (n < 2) return;
  int m = n / 2;
  merge_sort(a, b, m);
  merge_sort(a + m, b, n - m);
  memcpy(b, a, m * sizeof *a);
  int i = 0, j = m, k = 0;
  while (i < m && j < n) a[k++] = a[j] < b[i] ? a[j++] : b[i++];
  while (i < m) a[k++] = b[i++];
}

static NOINLINE void radix_sort(u32 *a, u32 *b, int n) {
  for (int shift = 0; shift < 32; shift += 8) {
    u32 count[257] = {0};
    for (int i = 0; i < n; i++) count[(a[i] >> shift & 255) + 1]++;
    for (int i = 0; i < 256; i++) count[i + 1] += count[i];
    for (int i = 0; i < n; i++) b[count[a[i] >> shift & 255]++] = a[i];
    u32 *t = a;
    a = b;
    b = t;
  }
}

static NOINLINE void shell_sort(u32 *a, int n) {
  for (int gap = 1093; gap; gap /= 3)
    for (int i = gap; i < n; i++) {
      u32 v = a[i];
      int j = i;
      for (; j >= gap && a[j - gap] > v; j -= gap) a[j] = a[j - gap];
      a[j] = v;
    }
}

struct cell {
  struct cell *next;
  u32 key;
};

static NOINLINE struct cell *sort_list(struct cell *l, int n) {
  if (n < 2) {
    if (l) l->next = 0;
    return l;
  }
  struct cell *m = l, *merged = 0, **tail = &merged;
  for (int i = 0; i < n / 2; i++) m = m->next;
  m = sort_list(m, n - n / 2);
  l = sort_list(l, n / 2);
  while (l && m) {
    struct cell **from = l->key <= m->key ? &l : &m;
    *tail = *from;
    *from = (*from)->next;
    tail = &(*tail)->next;
  }
  *tail = l ? l : m;
  return merged;
}

u32 PART(sorting)(void) {
  u32 sum = 0;
  fill(), quick(values, 0, N - 1), sum = sum * 7 + check();
  fill(), heap_sort(values, N), sum = sum * 7 + check();
  fill(), merge_sort(values, scratch, N), sum = sum * 7 + check();
  fill(), radix_sort(values, scratch, N), sum = sum * 7 + check();
  fill(), shell_sort(values, N), sum = sum * 7 + check();
  struct cell *list = 0;
  for (int i = 0; i < 1500; i++) {
    struct cell *c = allocate(sizeof *c);
    c->key = random32();
    c->next = list;
    list = c;
  }
  for (list = sort_list(list, 1500); list; list = list->next) sum = sum * 5 + list->key;
  return sum;
}

/* ---- tables */

struct entry {
  struct entry *next;
  u32 hash, value;
  char key[20];
};
static struct entry **slots;
static u32 slot_count, entry_count;

static u32 hash_of(const char *s) {
  u32 h = 2166136261u;
  while (*s) h = (h ^ (u8)*s++) * 16777619u;
  return h;
}

static NOINLINE void grow(void) {
  u32 n = slot_count ? slot_count * 2 : 16;
  struct entry **bigger = allocate(n * sizeof *bigger);
  for (u32 i = 0; i < n; i++) bigger[i] = 0;
  for (u32 i = 0; i < slot_count; i++)
    for (struct entry *e = slots[i], *next; e; e = next) {
      next = e->next;
      e->next = bigger[e->hash & (n - 1)];
      bigger[e->hash & (n - 1)] = e;
    }
  release(slots);
  slots = bigger;
  slot_count = n;
}

static NOINLINE struct entry *look_up(const char *key, int make) {
  u32 h = hash_of(key);
  if (slot_count)
    for (struct entry *e = slots[h & (slot_count - 1)]; e; e = e->next)
      if (e->hash == h && !compare(e->key, key)) return e;
  if (!make) return 0;
  if (entry_count >= slot_count) grow();
  struct entry *e = allocate(sizeof *e);
  e->hash = h;
  e->value = 0;
  memcpy(e->key, key, length(key) + 1);
  e->next = slots[h & (slot_count - 1)];
  slots[h & (slot_count - 1)] = e;
  entry_count++;
  return e;
}

static NOINLINE int strike(const char *key) {
  u32 h = hash_of(key);
  for (struct entry **p = &slots[h & (slot_count - 1)]; *p; p = &(*p)->next)
    if ((*p)->hash == h && !compare((*p)->key, key)) {
      struct entry *e = *p;
      *p = e->next;
      release(e);
      entry_count--;
      return 1;
    }
  return 0;
}

static u64 open_table[16384];

static NOINLINE u32 open_addressing(void) {
  u32 found = 0;
  for (int i = 0; i < 16384; i++) open_table[i] = 0;
  for (u64 i = 1; i < 9000; i++) {
    u64 k = (i / 2) * 0x9E3779B97F4A7C15ull;
    u32 h = k >> 50;
    while (open_table[h] && open_table[h] != k) h = (h + 1) & 16383;
    if (open_table[h])
      found++;
    else
      open_table[h] = k;
  }
  return found;
}

u32 PART(tables)(void) {
  char key[24];
  u32 sum = 0;
  slots = 0;
  slot_count = entry_count = 0;
  for (int i = 0; i < 1500; i++) {
    format(key, "k%d-%x", random32() % 700, i & 3);
    look_up(key, 1)->value += i;
    if (i % 3 == 0) {
      format(key, "k%d-%x", random32() % 700, i & 3);
      sum += strike(key);
    }
    if (i % 5 == 0) {
      format(key, "k%d-%x", random32() % 700, i & 3);
      struct entry *e = look_up(key, 0);
      sum += e ? e->value : 1;
    }
  }
  return sum * 31 + entry_count + open_addressing();
}

/* ---- trees */

struct node {
  struct node *child[2];
  u32 key;
  int red;
};

static int is_red(struct node *n) { return n && n->red; }

static struct node *rotate(struct node *n, int d) {
  struct node *s = n->child[!d];
  n->child[!d] = s->child[d];
  s->child[d] = n;
  n->red = 1;
  s->red = 0;
  return s;
}

static NOINLINE struct node *insert(struct node *n, u32 key) {
  if (!n) {
    n = allocate(sizeof *n);
    n->child[0] = n->child[1] = 0;
    n->key = key;
    n->red = 1;
    return n;
  }
  if (key == n->key) return n;
  int d = key > n->key;
  n->child[d] = insert(n->child[d], key);
  if (is_red(n->child[d])) {
    if (is_red(n->child[!d])) {
      n->red = 1;
      n->child[0]->red = n->child[1]->red = 0;
    } else if (is_red(n->child[d]->child[d])) {
      n = rotate(n, !d);
    } else if (is_red(n->child[d]->child[!d])) {
      n->child[d] = rotate(n->child[d], d);
      n = rotate(n, !d);
    }
  }
  return n;
}

static NOINLINE u32 depth(struct node *n) {
  if (!n) return 0;
  u32 l = depth(n->child[0]), r = depth(n->child[1]);
  return 1 + (l > r ? l : r);
}

struct treap {
  struct treap *l, *r;
  u32 key, priority;
};

static NOINLINE void split(struct treap *t, u32 key, struct treap **l, struct treap **r) {
  if (!t) {
    *l = *r = 0;
  } else if (t->key < key) {
    split(t->r, key, &t->r, r);
    *l = t;
  } else {
    split(t->l, key, l, &t->l);
    *r = t;
  }
}

static NOINLINE struct treap *join(struct treap *l, struct treap *r) {
  if (!l || !r) return l ? l : r;
  if (l->priority > r->priority) {
    l->r = join(l->r, r);
    return l;
  }
  r->l = join(l, r->l);
  return r;
}

struct trie {
  struct trie *next[16];
  u32 count;
};

static NOINLINE u32 trie_walk(struct trie *t, u32 level) {
  u32 sum = t->count * level;
  for (int i = 0; i < 16; i++)
    if (t->next[i]) sum += trie_walk(t->next[i], level + 1);
  return sum;
}

u32 PART(trees)(void) {
  struct node *root = 0;
  u32 sum = 0;
  for (int i = 0; i < 1200; i++) {
    root = insert(root, random32() % 5000);
    root->red = 0;
  }
  sum += depth(root);
  for (int i = 0; i < 3000; i++) {
    u32 key = random32() % 5000;
    struct node *n = root;
    while (n && n->key != key) n = n->child[key > n->key];
    sum = sum * 3 + (n != 0);
  }
  struct treap *t = 0, *l, *m, *r;
  for (int i = 0; i < 800; i++) {
    u32 key = random32() % 1000;
    split(t, key, &l, &r);
    split(r, key + 1, &m, &r);
    if (m) {
      sum += m->key;
      release(m);
      m = 0;
    } else {
      m = allocate(sizeof *m);
      m->key = key;
      m->priority = random32();
      m->l = m->r = 0;
    }
    t = join(join(l, m), r);
  }
  struct trie *top = allocate(sizeof *top);
  memset(top, 0, sizeof *top);
  for (int i = 0; i < 600; i++) {
    struct trie *n = top;
    for (u32 key = random32() & 0xFFF; key; key >>= 4) {
      if (!n->next[key & 15]) {
        n->next[key & 15] = allocate(sizeof *n);
        memset(n->next[key & 15], 0, sizeof *n);
      }
      n = n->next[key & 15];
    }
    n->count++;
  }
  return sum + trie_walk(top, 1);
}

/* ---- objects with virtual functions */

struct shape;
struct kind {
  int (*area)(const struct shape *);
  int (*edge)(const struct shape *);
  void (*scale)(struct shape *, int);
  int (*holds)(const struct shape *, int, int);
};
struct shape {
  const struct kind *kind;
  int a, b, c;
};

static int square_area(const struct shape *s) { return s->a * s->a; }
static int square_edge(const struct shape *s) { return 4 * s->a; }
static void square_scale(struct shape *s, int f) { s->a = s->a * f >> 4; }
static int square_holds(const struct shape *s, int x, int y) {
  return x >= 0 && y >= 0 && x < s->a && y < s->a;
}
static int box_area(const struct shape *s) { return s->a * s->b; }
static int box_edge(const struct shape *s) { return 2 * (s->a + s->b); }
static void box_scale(struct shape *s, int f) {
  s->a = s->a * f >> 4;
  s->b = s->b * f >> 4;
}
static int box_holds(const struct shape *s, int x, int y) {
  return (u32)x < (u32)s->a && (u32)y < (u32)s->b;
}
static int disc_area(const struct shape *s) { return s->a * s->a * 201 >> 6; }
static int disc_edge(const struct shape *s) { return s->a * 402 >> 6; }
static void disc_scale(struct shape *s, int f) { s->a = s->a * f / 16; }
static int disc_holds(const struct shape *s, int x, int y) {
  return x * x + y * y <= s->a * s->a;
}
static int triangle_area(const struct shape *s) { return s->a * s->b / 2; }
static int triangle_edge(const struct shape *s) { return s->a + s->b + s->c; }
static void triangle_scale(struct shape *s, int f) {
  s->a = s->a * f / 16;
  s->b = s->b * f / 16;
  s->c = s->c * f / 16;
}
static int triangle_holds(const struct shape *s, int x, int y) {
  return x >= 0 && y >= 0 && x * s->b + y * s->a <= s->a * s->b;
}
static const struct kind kinds[] = {
    {square_area, square_edge, square_scale, square_holds},
    {box_area, box_edge, box_scale, box_holds},
    {disc_area, disc_edge, disc_scale, disc_holds},
    {triangle_area, triangle_edge, triangle_scale, triangle_holds},
};

u32 PART(objects)(void) {
  static struct shape all[256];
  u32 sum = 0;
  for (int i = 0; i < 256; i++) {
    all[i].kind = &kinds[random32() & 3];
    all[i].a = random32() % 100 + 1;
    all[i].b = random32() % 100 + 1;
    all[i].c = random32() % 100 + 1;
  }
  for (int round = 0; round < 20; round++)
    for (int i = 0; i < 256; i++) {
      struct shape *s = &all[i];
      sum += s->kind->area(s) * 3 + s->kind->edge(s);
      sum ^= s->kind->holds(s, round, i & 63);
      if (s->kind->area(s) > 5000)
        s->kind->scale(s, 11);
      else
        s->kind->scale(s, 21);
    }
  return sum;
}

/* ---- a working set of 3 MB */

u32 PART(memory_walk)(void) {
  u32 words = (3u << 20) / 4;
  u32 *area = allocate(words * 4);
  u32 sum = 0, at = 1;
  for (u32 i = 0; i < words; i += 256) area[i] = i * 2654435761u;
  for (u32 i = 0; i < 12000; i++) {
    at = (at * 1103515245u + 12345u) % words & ~255u;
    area[at] += sum;
    sum = sum * 17 + area[at];
  }
  return sum;
}
