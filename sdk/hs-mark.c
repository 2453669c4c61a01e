/* hs-mark NAME [NUMBER]: names this instant of the recording, or notes a value. */
#include "hindsight.h"
#include <stdlib.h>

int main(int count, char **arguments) {
  if (count < 2 || count > 3) {
    fputs("usage: hs-mark NAME [NUMBER]\n", stderr);
    return 2;
  }
  if (count == 2) {
    HS_MARK(arguments[1]);
  } else {
    HS_VALUE(arguments[1], strtoll(arguments[2], 0, 0));
  }
  return 0;
}
