/*
 * hs-assert COMMAND...: on replay, runs the words in a shell, which must end with status 0. While
 * the machine runs it does nothing.
 */
#include "hindsight.h"
#include <stdlib.h>
#include <string.h>

static int fails(const char *command) { return system(command); }

int main(int count, char **arguments) {
  size_t length = 1;
  if (count < 2) {
    fputs("usage: hs-assert COMMAND...\n", stderr);
    return 2;
  }
  for (int i = 1; i < count; i++) {
    length += strlen(arguments[i]) + 1;
  }
  char *command = calloc(length, 1);
  if (!command) {
    return 1;
  }
  for (int i = 1; i < count; i++) {
    strcat(command, arguments[i]);
    strcat(command, " ");
  }
  HS_BLOCK {
    if (fails(command)) {
      hs_found(0, command, "hs-assert", 0, "main");
    }
  }
  free(command);
  return 0;
}
