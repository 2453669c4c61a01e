/* System: the cheapest system call that is one everywhere. */
#include "bench.h"
#include <sys/syscall.h>
#include <unistd.h>

void prepare(char **arguments) { (void)arguments; }

uint64_t work(long amount) {
  long same = 0, parent = syscall(SYS_getppid);
  for (long n = 0; n < amount; n++) {
    same += syscall(SYS_getppid) == parent;
  }
  return same;
}
