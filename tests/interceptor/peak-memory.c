/* SPDX-License-Identifier: Apache-2.0 */
#include "peak-memory.h"

#include <malloc.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The kernel counts on each processor for itself, and adds that up now and then: the more there
 * are, the later. With more than these the error would be as large as what is measured. */
#define PROCESSORS_MAX 32

static glong n_processors;
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

/* To be called before any thread is made: all stay on one processor. */
void
peak_memory_init (void)
{
  cpu_set_t one;

  n_processors = sysconf (_SC_NPROCESSORS_CONF);
  CPU_ZERO (&one);
  CPU_SET (sched_getcpu (), &one);
  g_assert_no_errno (sched_setaffinity (0, sizeof one, &one));
}

/* Returns: FALSE when the kernel cannot be asked to forget the peak until now: the test is then
 * skipped */
gboolean
peak_memory_start (void)
{
  FILE *file = n_processors <= PROCESSORS_MAX ? fopen ("/proc/self/clear_refs", "w") : NULL;
  gboolean done = file != NULL && fputs ("5", file) >= 0;

  done = file != NULL && fclose (file) == 0 && done;
  if (!done)
    g_test_skip ("the kernel forgets no peak, or counts too roughly on so many processors");
  /* What malloc () keeps for later would hide as much of what is taken. */
  malloc_trim (0);
  before = get_status ("VmRSS:");
  return done;
}

/* Returns: how many bytes more than at the start there were at most */
gsize
peak_memory_stop (void)
{
  gsize peak = get_status ("VmHWM:");

  return peak > before ? peak - before : 0;
}
