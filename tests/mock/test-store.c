/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-store-private.h"

static void
test_spaces (void)
{
  g_autoptr (NebulaMockStore) store = nebula_mock_store_new ();
  g_autoptr (GPtrArray) names = NULL;

  g_assert_true (nebula_mock_store_add_space (store, "b"));
  g_assert_true (nebula_mock_store_add_space (store, "a"));
  g_assert_false (nebula_mock_store_add_space (store, "a"));
  names = nebula_mock_store_list_spaces (store);
  g_assert_cmpuint (names->len, ==, 2);
  g_assert_cmpstr (names->pdata[0], ==, "a");
  g_assert_cmpstr (names->pdata[1], ==, "b");
  g_assert_true (nebula_mock_store_drop_space (store, "a"));
  g_assert_false (nebula_mock_store_drop_space (store, "a"));
  g_assert_false (nebula_mock_store_has_space (store, "a"));
  g_assert_true (nebula_mock_store_has_space (store, "b"));
}

static void
insert (NebulaMockStore *store,
        const char *space,
        const char *vertex,
        const char *property,
        GVariant *value)
{
  g_autoptr (GHashTable) properties = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                             (GDestroyNotify) g_variant_unref);

  g_hash_table_insert (properties, g_strdup (property), g_variant_ref_sink (value));
  g_assert_true (nebula_mock_store_insert (store, space, vertex, "t", properties));
}

static void
assign (NebulaMockStore *store, const char *property, const char *base, GVariant *value)
{
  g_autoptr (GPtrArray) assignments = g_ptr_array_new_with_free_func (
    (GDestroyNotify) nebula_mock_assignment_free);
  NebulaMockAssignment *assignment = g_new0 (NebulaMockAssignment, 1);

  assignment->property = g_strdup (property);
  assignment->base = g_strdup (base);
  assignment->value = g_variant_ref_sink (value);
  g_ptr_array_add (assignments, assignment);
  g_assert_true (nebula_mock_store_update (store, "s", "v", "t", assignments));
}

static void
assert_number (NebulaMockStore *store, const char *property, gint64 expected)
{
  gint64 number = ~expected;

  g_assert_true (nebula_mock_store_get_number (store, "s", "v", property, &number));
  g_assert_cmpint (number, ==, expected);
}

static void
test_numbers (void)
{
  g_autoptr (NebulaMockStore) store = nebula_mock_store_new ();
  gint64 number = 77;

  nebula_mock_store_add_space (store, "s");
  nebula_mock_store_add_space (store, "other");
  insert (store, "s", "v", "n", g_variant_new_int64 (5));
  assert_number (store, "n", 5);
  assert_number (store, "t.n", 5);
  assign (store, "n", "n", g_variant_new_int64 (-7));
  assert_number (store, "n", -2);
  assign (store, "m", "n", g_variant_new_int64 (1));
  assert_number (store, "m", -1);
  assign (store, "fresh", "fresh", g_variant_new_int64 (1));
  assert_number (store, "fresh", 1);
  assign (store, "n", NULL, g_variant_new_double (0.5));
  g_assert_false (nebula_mock_store_get_number (store, "s", "v", "n", &number));
  g_assert_false (nebula_mock_store_get_number (store, "other", "v", "m", &number));
  g_assert_false (nebula_mock_store_get_number (store, "none", "v", "m", &number));
  g_assert_false (nebula_mock_store_get_number (store, "s", "w", "m", &number));
  g_assert_false (nebula_mock_store_get_number (store, "s", "v", "x", &number));
  g_assert_cmpint (number, ==, 77);
}

/* The edge of the numbers wraps, and is not undefined. */
static void
test_overflow (void)
{
  g_autoptr (NebulaMockStore) store = nebula_mock_store_new ();

  nebula_mock_store_add_space (store, "s");
  insert (store, "s", "v", "n", g_variant_new_int64 (G_MAXINT64));
  assign (store, "n", "n", g_variant_new_int64 (1));
  assert_number (store, "n", G_MININT64);
}

static void
test_insert_replaces (void)
{
  g_autoptr (NebulaMockStore) store = nebula_mock_store_new ();
  g_autoptr (GHashTable) properties = NULL;

  nebula_mock_store_add_space (store, "s");
  insert (store, "s", "v", "n", g_variant_new_int64 (5));
  insert (store, "s", "v", "m", g_variant_new_int64 (6));
  properties = nebula_mock_store_fetch (store, "s", "v", "t");
  g_assert_cmpuint (g_hash_table_size (properties), ==, 1);
  g_assert_cmpint (g_variant_get_int64 (g_hash_table_lookup (properties, "m")), ==, 6);
  g_assert_null (nebula_mock_store_fetch (store, "s", "v", "u"));
  g_assert_true (nebula_mock_store_delete (store, "s", "v"));
  g_assert_false (nebula_mock_store_delete (store, "s", "v"));
  g_assert_null (nebula_mock_store_fetch (store, "s", "v", "t"));
}

static void
test_no_space_no_data (void)
{
  g_autoptr (NebulaMockStore) store = nebula_mock_store_new ();
  g_autoptr (GHashTable) properties = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) assignments = g_ptr_array_new ();

  g_assert_false (nebula_mock_store_insert (store, "s", "v", "t", properties));
  g_assert_false (nebula_mock_store_update (store, "s", "v", "t", assignments));
  g_assert_false (nebula_mock_store_delete (store, "s", "v"));
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
  g_autoptr (NebulaMockStore) store = nebula_mock_store_new ();
  GThread *threads[THREADS];
  guint i;

  nebula_mock_store_add_space (store, "s");
  for (i = 0; i < THREADS; i++)
    threads[i] = g_thread_new ("counter", count_up, store);
  for (i = 0; i < THREADS; i++)
    g_thread_join (threads[i]);
  assert_number (store, "n", THREADS * ROUNDS);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("The store keeps spaces and data, and loses no update.");
  g_test_add_func ("/store/spaces", test_spaces);
  g_test_add_func ("/store/numbers", test_numbers);
  g_test_add_func ("/store/overflow", test_overflow);
  g_test_add_func ("/store/insert-replaces", test_insert_replaces);
  g_test_add_func ("/store/no-space-no-data", test_no_space_no_data);
  g_test_add_func ("/store/threads", test_threads);
  return g_test_run ();
}
