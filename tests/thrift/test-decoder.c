/* SPDX-License-Identifier: Apache-2.0 */

#include <locale.h>

#include "nebula_thrift_graph_service.h"
#include "values.h"
#include "wire.h"

/* ---- Fields that come twice ---- */

/* The last one counts; a list goes on where it was. What matters is that no memory is damaged. */
static const struct
{
  const char *name;
  const char *hex;
  const char *written;
} repeats[] = {
  { "binary", "0b0005 00000001 61 0b0005 00000002 6262 00", "0b0005 00000002 6262 00" },
  { "int", "0a0003 0000000000000001 0a0003 0000000000000002 00", "0a0003 0000000000000002 00" },
  { "struct", "0c0006 06000107e4 00 0c0006 03000202 00 00",
    "0c0006 06000107e4 03000202 03000300 00 00" },
  { "list", "0c000c 0f0001 0c00000001 00 0f0001 0c00000001 00 00 00",
    "0c000c 0f0001 0c00000002 00 00 00 00" },
  { "map", "0c000d 0d0001 0b0c00000001 0000000161 00 0d0001 0b0c00000001 0000000161 02000201 00"
           " 00 00",
    "0c000d 0d0001 0b0c00000001 0000000161 02000201 00 00 00" },
  { "key", "0c000d 0d0001 0b0c00000002 0000000161 00 0000000161 02000201 00 00 00",
    "0c000d 0d0001 0b0c00000001 0000000161 02000201 00 00 00" },
};

static void
test_repeats (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (repeats); i++)
    {
      g_autoptr (GByteArray) bytes = wire_from_hex (repeats[i].hex);
      g_autoptr (GByteArray) expected = wire_from_hex (repeats[i].written);
      g_autoptr (GObject) value = G_OBJECT (value_empty ());
      g_autoptr (GByteArray) written = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", repeats[i].name);
      g_assert_true (wire_decode (value, bytes->data, bytes->len, &error));
      g_assert_no_error (error);
      written = wire_encode (value);
      g_assert_cmpmem (written->data, written->len, expected->data, expected->len);
    }
}

/* ---- Replies that are damaged ---- */

static const struct
{
  const char *name;
  const char *hex;
} damages[] = {
  { "string of -1", "0b0005 ffffffff 00" },
  { "string of -2^31", "0b0005 80000000 00" },
  { "list of -1", "0c000c 0f0001 0c ffffffff 00 00" },
  { "set of -1", "0c000e 0e0001 0c ffffffff 00 00" },
  { "map of -1", "0c000d 0d0001 0b0c ffffffff 00 00" },
  { "key of -1", "0c000d 0d0001 0b0c 00000001 ffffffff 00 00" },
  { "list longer than the reply", "0c000c 0f0001 0c 7fffffff 00 00" },
  { "map longer than the reply", "0c000d 0d0001 0b0c 7fffffff 00 00" },
  { "column name of -1", "0c000f 0f0001 0b 00000001 ffffffff 00 00" },
  { "nothing", "" },
};

static void
test_damages (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autoptr (GByteArray) bytes = wire_from_hex (damages[i].hex);
      g_autoptr (GObject) value = G_OBJECT (value_empty ());
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", damages[i].name);
      g_assert_false (wire_decode (value, bytes->data, bytes->len, &error));
      g_assert_nonnull (error);
    }
}

static NebulaThriftPlanDescription *
plan_new (void)
{
  NebulaThriftPlanDescription *plan = g_object_new (NEBULA_THRIFT_TYPE_PLAN_DESCRIPTION, NULL);
  NebulaThriftPlanNodeDescription *node =
    g_object_new (NEBULA_THRIFT_TYPE_PLAN_NODE_DESCRIPTION, "id", G_GINT64_CONSTANT (1), NULL);
  NebulaThriftProfilingStats *stats =
    g_object_new (NEBULA_THRIFT_TYPE_PROFILING_STATS, "rows", G_GINT64_CONSTANT (9), NULL);
  NebulaThriftPair *pair = g_object_new (NEBULA_THRIFT_TYPE_PAIR, NULL);
  gint64 id = 5;

  g_hash_table_insert (stats->other_stats, g_strdup ("rpc"), bytes_new ("12(us)"));
  stats->__isset_other_stats = TRUE;
  pair->key = bytes_new ("key");
  pair->value = bytes_new ("value");
  node->name = bytes_new ("Project");
  node->output_var = bytes_new ("{}");
  g_ptr_array_add (node->description, pair);
  node->__isset_description = TRUE;
  g_ptr_array_add (node->profiles, stats);
  node->__isset_profiles = TRUE;
  node->branch_info = g_object_new (NEBULA_THRIFT_TYPE_PLAN_NODE_BRANCH_INFO, NULL);
  node->__isset_branch_info = TRUE;
  g_array_append_val (node->dependencies, id);
  node->__isset_dependencies = TRUE;
  g_ptr_array_add (plan->plan_node_descs, node);
  g_hash_table_insert (plan->node_index_map, g_memdup2 (&id, sizeof id),
                       g_memdup2 (&id, sizeof id));
  plan->format = bytes_new ("row");
  return plan;
}

/* One of everything that the stubs can read. */
static NebulaThriftExecutionResponse *
response_new (void)
{
  NebulaThriftExecutionResponse *response =
    g_object_new (NEBULA_THRIFT_TYPE_EXECUTION_RESPONSE, NULL);

  response->data = g_object_new (NEBULA_THRIFT_TYPE_DATA_SET, NULL);
  response->__isset_data = TRUE;
  response->space_name = bytes_new ("nba");
  response->__isset_space_name = TRUE;
  response->plan_desc = plan_new ();
  response->__isset_plan_desc = TRUE;
  response->comment = bytes_new ("c");
  response->__isset_comment = TRUE;
  data_set_column (response->data, "v");
  data_set_row (response->data,
                value_path (vertex_new ("Tim", "player", NULL), vertex_new ("Tony", NULL), NULL),
                value_map ("a", value_int (1), "", value_list (value_bool (TRUE), NULL), NULL),
                value_set (value_string ("x"), NULL), value_polygon (1, 2), value_line (1),
                value_point (1, 2), value_edge ("a", "b", 1), value_time (1, 2, 3, 4),
                value_duration (1, 2, 3), NULL);
  return response;
}

/* A reply may break off at any byte: an error each time, and nothing is left behind. */
static void
test_truncated (void)
{
  g_autoptr (GObject) response = G_OBJECT (response_new ());
  g_autoptr (GByteArray) bytes = wire_encode (response);

  g_assert_cmpuint (bytes->len, >, 700);
  for (guint length = 0; length < bytes->len; length++)
    {
      g_autoptr (GObject) decoded = g_object_new (NEBULA_THRIFT_TYPE_EXECUTION_RESPONSE, NULL);
      /* Of just that size, so that a memory checker sees each byte too many. */
      g_autofree guint8 *copy = g_memdup2 (bytes->data, length);
      g_autoptr (GError) error = NULL;

      g_assert_false (wire_decode (decoded, copy, length, &error));
      g_assert_nonnull (error);
    }
}

/* Any one byte may be wrong. The message is then read as it can be, or refused. */
static void
test_flipped (void)
{
  /* Negative as the first byte of a length, and 8 MiB as the second; more would only be slow,
   * since the protocol allocates what a length claims. */
  static const guint8 replacements[] = { 0x00, 0x80 };
  g_autoptr (GObject) response = G_OBJECT (response_new ());
  g_autoptr (GByteArray) bytes = wire_encode (response);

  for (guint i = 0; i < bytes->len; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (replacements); j++)
      {
        g_autoptr (GObject) decoded = g_object_new (NEBULA_THRIFT_TYPE_EXECUTION_RESPONSE, NULL);
        g_autofree guint8 *copy = g_memdup2 (bytes->data, bytes->len);
        g_autoptr (GError) error = NULL;

        copy[i] = replacements[j];
        if (!wire_decode (decoded, copy, bytes->len, &error))
          g_assert_nonnull (error);
      }
}

/* The same message again, written from what was read: nothing got lost on the way. */
static void
test_complete (void)
{
  g_autoptr (GObject) response = G_OBJECT (response_new ());
  g_autoptr (GByteArray) bytes = wire_encode (response);
  g_autoptr (GObject) decoded = g_object_new (NEBULA_THRIFT_TYPE_EXECUTION_RESPONSE, NULL);
  g_autoptr (GByteArray) again = NULL;
  g_autoptr (GError) error = NULL;
  NebulaThriftExecutionResponse *reply = NEBULA_THRIFT_EXECUTION_RESPONSE (decoded);
  NebulaThriftPlanNodeDescription *node;
  NebulaThriftProfilingStats *stats;

  g_assert_true (wire_decode (decoded, bytes->data, bytes->len, &error));
  g_assert_no_error (error);
  again = wire_encode (decoded);
  g_assert_cmpuint (again->len, ==, bytes->len);

  g_assert_cmpmem (reply->space_name->data, reply->space_name->len, "nba", 3);
  g_assert_false (reply->__isset_error_msg);
  node = reply->plan_desc->plan_node_descs->pdata[0];
  g_assert_cmpint (node->id, ==, 1);
  g_assert_cmpint (g_array_index (node->dependencies, gint64, 0), ==, 5);
  stats = node->profiles->pdata[0];
  g_assert_cmpint (stats->rows, ==, 9);
  g_assert_cmpmem (((GByteArray *) g_hash_table_lookup (stats->other_stats, "rpc"))->data, 6,
                   "12(us)", 6);
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Replies that repeat fields, lie about lengths or break off do not damage "
                  "memory and leave nothing behind.");

  g_test_add_func ("/decoder/repeats", test_repeats);
  g_test_add_func ("/decoder/damages", test_damages);
  g_test_add_func ("/decoder/complete", test_complete);
  g_test_add_func ("/decoder/truncated", test_truncated);
  g_test_add_func ("/decoder/flipped", test_flipped);

  return g_test_run ();
}
