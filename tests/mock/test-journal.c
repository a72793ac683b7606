/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-journal-private.h"

static NebulaMockJournal *
journal_new (void)
{
  NebulaMockJournal *journal = nebula_mock_journal_new ();

  nebula_mock_journal_add (journal, 0, "a", "INSERT red");
  nebula_mock_journal_add (journal, 1, "a", "INSERT blue");
  nebula_mock_journal_add (journal, 1, "b", "INSERT blue");
  return journal;
}

static const struct
{
  NebulaMockWriteFilter filter;
  guint                 count;
} count_cases[] = {
  { { -1, NULL, NULL }, 3 },
  { { 1, NULL, NULL }, 2 },
  { { 2, NULL, NULL }, 0 },
  { { -1, "a", NULL }, 2 },
  { { -1, NULL, "blue" }, 2 },
  { { -1, NULL, "INSERT" }, 3 },
  { { -1, NULL, "insert" }, 0 },
  { { 1, "b", "blue" }, 1 },
  { { 0, "b", "blue" }, 0 },
};

static void
test_count (void)
{
  g_autoptr (NebulaMockJournal) journal = journal_new ();
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (count_cases); i++)
    g_assert_cmpuint (nebula_mock_journal_count (journal, &count_cases[i].filter), ==,
                      count_cases[i].count);
}

static void
test_misplaced (void)
{
  g_autoptr (NebulaMockJournal) journal = journal_new ();
  g_autofree char *found = NULL;

  g_assert_null (nebula_mock_journal_find_misplaced (journal));
  nebula_mock_journal_expect (journal, "red", "a");
  nebula_mock_journal_expect (journal, "green", "c");
  g_assert_null (nebula_mock_journal_find_misplaced (journal));
  nebula_mock_journal_expect (journal, "blue", "a");
  found = nebula_mock_journal_find_misplaced (journal);
  g_assert_cmpstr (found, ==, "write 3, by server 1: in space b, expected a: INSERT blue");
}

static gpointer
add_two (gpointer data)
{
  nebula_mock_journal_add (data, 0, "c", "INSERT late");
  nebula_mock_journal_add (data, 0, "c", "INSERT late");
  return NULL;
}

static void
test_wait (void)
{
  g_autoptr (NebulaMockJournal) journal = journal_new ();
  const NebulaMockWriteFilter filter = { -1, "c", NULL };
  GThread *thread = g_thread_new ("writer", add_two, journal);

  g_assert_true (nebula_mock_journal_wait (journal, &filter, 2, 10 * G_TIME_SPAN_SECOND));
  g_assert_false (nebula_mock_journal_wait (journal, &filter, 3, 0));
  g_thread_join (thread);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("The journal knows where each write landed, and which one belongs elsewhere.");
  g_test_add_func ("/journal/count", test_count);
  g_test_add_func ("/journal/misplaced", test_misplaced);
  g_test_add_func ("/journal/wait", test_wait);
  return g_test_run ();
}
