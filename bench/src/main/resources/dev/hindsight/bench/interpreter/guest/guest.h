/* What the parts of the benchmark's guest share. Each part returns a checksum of what it did. */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef __SIZE_TYPE__ size;

#define NOINLINE __attribute__((noinline))

/* support.c: a generator of numbers, an allocator, text */
u32 random32(void);
void seed(u32 s);
void *memcpy(void *to, const void *from, size n);
void *memmove(void *to, const void *from, size n);
void *memset(void *to, int value, size n);
int memcmp(const void *a, const void *b, size n);
size length(const char *s);
int compare(const char *a, const char *b);
char *find(const char *s, int c);
void *allocate(u32 bytes);
void release(void *p);
void heap_reset(void);
int format(char *to, const char *pattern, ...);

/* The parts. They are compiled twice, for speed and for size, as the programs of a system are. */
#ifdef SMALL
#define PART(name) name##_small
#else
#define PART(name) name
#endif
u32 sorting(void);
u32 sorting_small(void);
u32 tables(void);
u32 tables_small(void);
u32 trees(void);
u32 trees_small(void);
u32 text(void);
u32 text_small(void);
u32 machine(void);
u32 machine_small(void);
u32 compression(void);
u32 compression_small(void);
u32 digests(void);
u32 digests_small(void);
u32 ciphers(void);
u32 ciphers_small(void);
u32 scanners(void);
u32 scanners_small(void);
u32 numbers(void);
u32 numbers_small(void);
u32 graphs(void);
u32 graphs_small(void);
u32 puzzles(void);
u32 puzzles_small(void);
u32 objects(void);
u32 objects_small(void);
u32 memory_walk(void);
u32 memory_walk_small(void);
u32 floating(void);
u32 floating_small(void);
