/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-ledger-private.h"

static void
test_counts (void)
{
  g_autoptr (NebulaMockLedger) ledger = nebula_mock_ledger_new ();

  nebula_mock_ledger_count_call (ledger, "verifyClientVersion", NULL);
  nebula_mock_ledger_count_call (ledger, "execute", "YIELD 1");
  nebula_mock_ledger_count_call (ledger, "executeJson", "YIELD 1");
  nebula_mock_ledger_count_call (ledger, "execute", "YIELD 10");
  nebula_mock_ledger_count_applied (ledger, "YIELD 1");
  g_assert_cmpuint (nebula_mock_ledger_get_calls (ledger, NULL), ==, 4);
  g_assert_cmpuint (nebula_mock_ledger_get_calls (ledger, "execute"), ==, 2);
  g_assert_cmpuint (nebula_mock_ledger_get_calls (ledger, "signout"), ==, 0);
  g_assert_cmpuint (nebula_mock_ledger_get_received (ledger, NULL), ==, 3);
  g_assert_cmpuint (nebula_mock_ledger_get_received (ledger, "YIELD 1"), ==, 2);
  g_assert_cmpuint (nebula_mock_ledger_get_received (ledger, "YIELD"), ==, 0);
  g_assert_cmpuint (nebula_mock_ledger_get_applied (ledger, NULL), ==, 1);
  g_assert_cmpuint (nebula_mock_ledger_get_applied (ledger, "YIELD 1"), ==, 1);
  g_assert_cmpuint (nebula_mock_ledger_get_applied (ledger, "YIELD 10"), ==, 0);
}

static gpointer
call_thrice (gpointer data)
{
  guint i;

  for (i = 0; i < 3; i++)
    nebula_mock_ledger_count_call (data, "execute", "YIELD 1");
  return NULL;
}

static void
test_wait (void)
{
  g_autoptr (NebulaMockLedger) ledger = nebula_mock_ledger_new ();
  GThread *thread = g_thread_new ("caller", call_thrice, ledger);

  g_assert_true (
    nebula_mock_ledger_wait_for_calls (ledger, "execute", 3, 10 * G_TIME_SPAN_SECOND));
  g_thread_join (thread);
  g_assert_true (nebula_mock_ledger_wait_for_calls (ledger, NULL, 3, 0));
  g_assert_false (nebula_mock_ledger_wait_for_calls (ledger, NULL, 4, 0));
}

static void
test_spaces (void)
{
  g_autoptr (NebulaMockLedger) ledger = nebula_mock_ledger_new ();
  g_autoptr (GPtrArray) names = NULL;

  g_assert_true (nebula_mock_ledger_add_space (ledger, "b"));
  g_assert_true (nebula_mock_ledger_add_space (ledger, "a"));
  g_assert_false (nebula_mock_ledger_add_space (ledger, "a"));
  names = nebula_mock_ledger_list_spaces (ledger);
  g_assert_cmpuint (names->len, ==, 2);
  g_assert_cmpstr (names->pdata[0], ==, "a");
  g_assert_cmpstr (names->pdata[1], ==, "b");
  g_assert_true (nebula_mock_ledger_drop_space (ledger, "a"));
  g_assert_false (nebula_mock_ledger_drop_space (ledger, "a"));
  g_assert_false (nebula_mock_ledger_has_space (ledger, "a"));
  g_assert_true (nebula_mock_ledger_has_space (ledger, "b"));
}

static void
insert (NebulaMockLedger *ledger,
        const char       *space,
        const char       *vertex,
        const char       *property,
        GVariant         *value)
{
  g_autoptr (GHashTable) properties =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);

  g_hash_table_insert (properties, g_strdup (property), g_variant_ref_sink (value));
  g_assert_true (nebula_mock_ledger_insert (ledger, space, vertex, "t", properties));
}

static void
assign (NebulaMockLedger *ledger,
        const char       *property,
        const char       *base,
        GVariant         *value)
{
  g_autoptr (GPtrArray) assignments =
    g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_mock_assignment_free);
  NebulaMockAssignment *assignment = g_new0 (NebulaMockAssignment, 1);

  assignment->property = g_strdup (property);
  assignment->base = g_strdup (base);
  assignment->value = g_variant_ref_sink (value);
  g_ptr_array_add (assignments, assignment);
  g_assert_true (nebula_mock_ledger_update (ledger, "s", "v", "t", assignments));
}

static void
assert_number (NebulaMockLedger *ledger,
               const char       *property,
               gint64            expected)
{
  gint64 number = ~expected;

  g_assert_true (nebula_mock_ledger_get_number (ledger, "s", "v", property, &number));
  g_assert_cmpint (number, ==, expected);
}

static void
test_numbers (void)
{
  g_autoptr (NebulaMockLedger) ledger = nebula_mock_ledger_new ();
  gint64 number = 77;

  nebula_mock_ledger_add_space (ledger, "s");
  nebula_mock_ledger_add_space (ledger, "other");
  insert (ledger, "s", "v", "n", g_variant_new_int64 (5));
  assert_number (ledger, "n", 5);
  assert_number (ledger, "t.n", 5);
  assign (ledger, "n", "n", g_variant_new_int64 (-7));
  assert_number (ledger, "n", -2);
  assign (ledger, "m", "n", g_variant_new_int64 (1));
  assert_number (ledger, "m", -1);
  assign (ledger, "fresh", "fresh", g_variant_new_int64 (1));
  assert_number (ledger, "fresh", 1);
  assign (ledger, "n", NULL, g_variant_new_double (0.5));
  g_assert_false (nebula_mock_ledger_get_number (ledger, "s", "v", "n", &number));
  g_assert_false (nebula_mock_ledger_get_number (ledger, "other", "v", "m", &number));
  g_assert_false (nebula_mock_ledger_get_number (ledger, "none", "v", "m", &number));
  g_assert_false (nebula_mock_ledger_get_number (ledger, "s", "w", "m", &number));
  g_assert_false (nebula_mock_ledger_get_number (ledger, "s", "v", "x", &number));
  g_assert_cmpint (number, ==, 77);
}

/* The edge of the numbers wraps, and is not undefined. */
static void
test_overflow (void)
{
  g_autoptr (NebulaMockLedger) ledger = nebula_mock_ledger_new ();

  nebula_mock_ledger_add_space (ledger, "s");
  insert (ledger, "s", "v", "n", g_variant_new_int64 (G_MAXINT64));
  assign (ledger, "n", "n", g_variant_new_int64 (1));
  assert_number (ledger, "n", G_MININT64);
}

static void
test_insert_replaces (void)
{
  g_autoptr (NebulaMockLedger) ledger = nebula_mock_ledger_new ();
  g_autoptr (GHashTable) properties = NULL;

  nebula_mock_ledger_add_space (ledger, "s");
  insert (ledger, "s", "v", "n", g_variant_new_int64 (5));
  insert (ledger, "s", "v", "m", g_variant_new_int64 (6));
  properties = nebula_mock_ledger_fetch (ledger, "s", "v", "t");
  g_assert_cmpuint (g_hash_table_size (properties), ==, 1);
  g_assert_cmpint (g_variant_get_int64 (g_hash_table_lookup (properties, "m")), ==, 6);
  g_assert_null (nebula_mock_ledger_fetch (ledger, "s", "v", "u"));
  g_assert_true (nebula_mock_ledger_delete (ledger, "s", "v"));
  g_assert_false (nebula_mock_ledger_delete (ledger, "s", "v"));
  g_assert_null (nebula_mock_ledger_fetch (ledger, "s", "v", "t"));
}

static void
test_no_space_no_data (void)
{
  g_autoptr (NebulaMockLedger) ledger = nebula_mock_ledger_new ();
  g_autoptr (GHashTable) properties = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) assignments = g_ptr_array_new ();

  g_assert_false (nebula_mock_ledger_insert (ledger, "s", "v", "t", properties));
  g_assert_false (nebula_mock_ledger_update (ledger, "s", "v", "t", assignments));
  g_assert_false (nebula_mock_ledger_delete (ledger, "s", "v"));
}

#define THREADS 8
#define ROUNDS 500

static gpointer
count_up (gpointer data)
{
  guint i;

  for (i = 0; i < ROUNDS; i++)
    assign (data, "n", "n", g_variant_new_int64 (1));
  return NULL;
}

/* An update is one step: none is lost. */
static void
test_threads (void)
{
  g_autoptr (NebulaMockLedger) ledger = nebula_mock_ledger_new ();
  GThread *threads[THREADS];
  guint i;

  nebula_mock_ledger_add_space (ledger, "s");
  for (i = 0; i < THREADS; i++)
    threads[i] = g_thread_new ("counter", count_up, ledger);
  for (i = 0; i < THREADS; i++)
    g_thread_join (threads[i]);
  assert_number (ledger, "n", THREADS * ROUNDS);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("The ledger keeps what was received, what was applied, and the data.");
  g_test_add_func ("/ledger/counts", test_counts);
  g_test_add_func ("/ledger/wait", test_wait);
  g_test_add_func ("/ledger/spaces", test_spaces);
  g_test_add_func ("/ledger/numbers", test_numbers);
  g_test_add_func ("/ledger/overflow", test_overflow);
  g_test_add_func ("/ledger/insert-replaces", test_insert_replaces);
  g_test_add_func ("/ledger/no-space-no-data", test_no_space_no_data);
  g_test_add_func ("/ledger/threads", test_threads);
  return g_test_run ();
}
