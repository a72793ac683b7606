/* SPDX-License-Identifier: Apache-2.0 */
#include "peak-memory.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static gsize before;

/* @key: of a line of /proc/self/status; its value is in KiB */
static gsize
get_status (const char *key)
{
  g_autofree char *text = NULL;
  const char *line;

  g_assert_true (g_file_get_contents ("/proc/self/status", &text, NULL, NULL));
  line = strstr (text, key);
  g_assert_nonnull (line);
  return g_ascii_strtoull (line + strlen (key), NULL, 10) * 1024;
}

/* Returns: FALSE when the kernel cannot be asked to forget the peak until now: the test is then
 * skipped */
gboolean
peak_memory_start (void)
{
  FILE *file = fopen ("/proc/self/clear_refs", "w");
  gboolean done = file != NULL && fputs ("5", file) >= 0;

  done = file != NULL && fclose (file) == 0 && done;
  if (!done)
    g_test_skip ("the kernel does not forget a peak");
  /* What malloc () keeps for later would hide as much of what is taken. */
  malloc_trim (0);
  before = done ? get_status ("VmRSS:") : 0;
  return done;
}

/* Returns: how many bytes more than at the start there were at most */
gsize
peak_memory_stop (void)
{
  gsize peak = get_status ("VmHWM:");

  return peak > before ? peak - before : 0;
}
