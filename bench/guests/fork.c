/* System: fork, exec of this program, wait. */
#include "bench.h"
#include <sys/wait.h>
#include <unistd.h>

void prepare(char **arguments) { (void)arguments; }

uint64_t work(long amount) {
  uint64_t done = 0;
  for (long n = 0; n < amount; n++) {
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
      execl("/proc/self/exe", "child", NULL);
      _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) != child) {
      fail("fork");
    }
    done += status == 0;
  }
  return done;
}
