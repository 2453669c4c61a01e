/* System: a byte goes back and forth between two processes. */
#include "bench.h"
#include <sys/wait.h>
#include <unistd.h>

void prepare(char **arguments) { (void)arguments; }

uint64_t work(long amount) {
  int there[2], back[2];
  unsigned char byte = 1;
  uint64_t sum = 0;
  if (pipe(there) != 0 || pipe(back) != 0) {
    fail("pipe");
  }
  pid_t child = fork();
  if (child == 0) {
    close(there[1]);
    while (read(there[0], &byte, 1) == 1) {
      byte = byte * 5 + 1;
      if (write(back[1], &byte, 1) != 1) {
        _exit(1);
      }
    }
    _exit(0);
  }
  for (long n = 0; n < amount; n++) {
    if (write(there[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1) {
      fail("ping");
    }
    sum = mix(sum, byte);
  }
  close(there[1]);
  waitpid(child, NULL, 0);
  return sum;
}
