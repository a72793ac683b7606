/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-nearest-private.h"

static void
test_nearest (void)
{
  g_test_summary ("A misspelt word finds the word that was meant, another one finds none");

  static const char *const words[] = { "jitter", "replay", "budget", "timeouts", NULL };
  static const struct
  {
    const char *word;
    const char *nearest;
  } cases[] = {
    { "jiter", "jitter" },     { "jitter", "jitter" },  { "replays", "replay" },
    { "timeout", "timeouts" }, { "budgte", "budget" },  { "", NULL },
    { "colour", NULL },        { "jitterjitter", NULL }, { "jttr", "jitter" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (nebula_nearest_word (cases[i].word, words), ==, cases[i].nearest);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nearest", test_nearest);

  return g_test_run ();
}
