/* SPDX-License-Identifier: Apache-2.0 */

#include <locale.h>
#include <math.h>

#include "values.h"
#include "wire.h"

/* ---- Scalars: their bytes are known. ---- */

typedef struct
{
  const char *name;
  const char *hex;
} Scalar;

/* A field is type (1), number (2) and value; 00 ends the value and each structure inside. */
static const Scalar scalars[] = {
  { "empty", "00" },
  { "null", "08 0001 00000000 00" },
  { "null-nan", "08 0001 00000001 00" },
  { "null-bad-data", "08 0001 00000002 00" },
  { "null-bad-type", "08 0001 00000003 00" },
  { "null-overflow", "08 0001 00000004 00" },
  { "null-unknown-prop", "08 0001 00000005 00" },
  { "null-div-by-zero", "08 0001 00000006 00" },
  { "null-out-of-range", "08 0001 00000007 00" },
  { "true", "02 0002 01 00" },
  { "false", "02 0002 00 00" },
  { "int", "0a 0003 0000000000000007 00" },
  { "int-min", "0a 0003 8000000000000000 00" },
  { "float", "04 0004 bff8000000000000 00" },
  { "float-nan", "04 0004 7ff8000000000000 00" },
  { "string", "0b 0005 00000003 616263 00" },
  { "string-empty", "0b 0005 00000000 00" },
  { "binary", "0b 0005 00000003 00ff00 00" },
  { "date", "0c 0006 06 0001 07e4 03 0002 02 03 0003 1d 00 00" },
  { "time", "0c 0007 03 0001 17 03 0002 3b 03 0003 3a 08 0004 0001e240 00 00" },
  { "date-time", "0c 0008 06 0001 f830 03 0002 0c 03 0003 11 03 0004 17 03 0005 2d 03 0006 3b"
                 " 08 0007 000f423f 00 00" },
  { "duration", "0c 0011 0a 0001 ffffffffffffffff 08 0002 00000002 08 0003 fffffffd 00 00" },
};

static NebulaThriftValue *
scalar_new (const char *name)
{
  static const char *const nulls[] = {
    "null", "null-nan", "null-bad-data", "null-bad-type", "null-overflow", "null-unknown-prop",
    "null-div-by-zero", "null-out-of-range", NULL
  };

  for (int kind = 0; nulls[kind] != NULL; kind++)
    if (g_str_equal (name, nulls[kind]))
      return value_null (kind);
  if (g_str_equal (name, "true") || g_str_equal (name, "false"))
    return value_bool (g_str_equal (name, "true"));
  if (g_str_has_prefix (name, "int"))
    return value_int (g_str_equal (name, "int") ? 7 : G_MININT64);
  if (g_str_has_prefix (name, "float"))
    return value_float (g_str_equal (name, "float") ? -1.5 : (double) NAN);
  if (g_str_has_prefix (name, "string"))
    return value_string (g_str_equal (name, "string") ? "abc" : "");
  if (g_str_equal (name, "binary"))
    return value_binary ("\0\377\0", 3);
  if (g_str_equal (name, "date"))
    return value_date (2020, 2, 29);
  if (g_str_equal (name, "time"))
    return value_time (23, 59, 58, 123456);
  if (g_str_equal (name, "date-time"))
    return value_date_time (-2000, 12, 23, 999999);
  if (g_str_equal (name, "duration"))
    return value_duration (-1, 2, -3);

  g_assert_cmpstr (name, ==, "empty");
  return value_empty ();
}

static void
test_scalar (gconstpointer data)
{
  const Scalar *scalar = data;
  g_autoptr (GByteArray) expected = wire_from_hex (scalar->hex);
  g_autoptr (GObject) value = G_OBJECT (scalar_new (scalar->name));
  g_autoptr (GObject) decoded = G_OBJECT (value_empty ());
  g_autoptr (GByteArray) bytes = wire_encode (value);
  g_autoptr (GError) error = NULL;

  g_assert_cmpmem (bytes->data, bytes->len, expected->data, expected->len);
  g_assert_true (wire_decode (decoded, expected->data, expected->len, &error));
  g_assert_no_error (error);
  g_assert_true (values_equal (NEBULA_THRIFT_VALUE (value), NEBULA_THRIFT_VALUE (decoded)));
}

/* ---- Everything that contains something. ---- */

static NebulaThriftValue *
new_vertex (void)
{
  return value_vertex (vertex_new ("Tim", "player", "bachelor", NULL));
}

static NebulaThriftValue *
new_vertex_without_tags (void)
{
  return value_vertex (vertex_new ("Tim", NULL));
}

static NebulaThriftValue *
new_edge (void)
{
  return value_edge ("Tim", "Tony", -1);
}

static NebulaThriftValue *
new_edge_other_end (void)
{
  return value_edge ("Tim", "Manu", -1);
}

static NebulaThriftValue *
new_path (void)
{
  return value_path (vertex_new ("Tim", "player", NULL), vertex_new ("Tony", "player", NULL),
                     vertex_new ("Manu", "player", "coach", NULL), NULL);
}

static NebulaThriftValue *
new_path_of_one_vertex (void)
{
  return value_path (vertex_new ("Tim", "player", NULL), NULL);
}

static NebulaThriftValue *
new_empty_list (void)
{
  return value_list (NULL, NULL);
}

static NebulaThriftValue *
new_list (void)
{
  return value_list (value_int (1), value_string ("two"), value_null (0), value_empty (), NULL);
}

static NebulaThriftValue *
new_list_reversed (void)
{
  return value_list (value_empty (), value_null (0), value_string ("two"), value_int (1), NULL);
}

static NebulaThriftValue *
new_empty_map (void)
{
  return value_map (NULL, NULL);
}

static NebulaThriftValue *
new_map (void)
{
  return value_map ("a", value_int (1), "b", value_int (2), "", value_bool (TRUE), NULL);
}

static NebulaThriftValue *
new_map_other_key (void)
{
  return value_map ("a", value_int (1), "c", value_int (2), "", value_bool (TRUE), NULL);
}

static NebulaThriftValue *
new_empty_set (void)
{
  return value_set (NULL, NULL);
}

static NebulaThriftValue *
new_set (void)
{
  return value_set (value_int (1), value_int (2), value_string ("x"), NULL);
}

static NebulaThriftValue *
new_set_with_a_double (void)
{
  return value_set (value_int (1), value_int (1), value_string ("x"), NULL);
}

static NebulaThriftValue *
new_nested (void)
{
  return value_list (value_map ("list", value_list (new_path (), new_set (), NULL),
                                "geography", value_list (value_point (1, 2), value_line (3),
                                                         value_polygon (2, 4), NULL), NULL),
                     new_edge (), NULL);
}

static NebulaThriftValue *
new_deep (void)
{
  NebulaThriftValue *value = value_int (1);

  for (int depth = 0; depth < 60; depth++)
    value = depth % 2 == 0 ? value_list (value, NULL) : value_map ("inner", value, NULL);
  return value;
}

static NebulaThriftValue *
new_data_set (void)
{
  NebulaThriftDataSet *data_set = g_object_new (NEBULA_THRIFT_TYPE_DATA_SET, NULL);

  data_set_column (data_set, "v");
  data_set_column (data_set, "n");
  data_set_row (data_set, new_vertex (), value_int (1), NULL);
  data_set_row (data_set, new_nested (), value_null (NEBULA_THRIFT_NULL_TYPE_DIV_BY_ZERO), NULL);
  return value_data_set (data_set);
}

static NebulaThriftValue *
new_data_set_without_rows (void)
{
  NebulaThriftDataSet *data_set = g_object_new (NEBULA_THRIFT_TYPE_DATA_SET, NULL);

  data_set_column (data_set, "v");
  data_set_column (data_set, "n");
  return value_data_set (data_set);
}

static NebulaThriftValue *
new_point (void)
{
  return value_point (-77.1, 38.9);
}

static NebulaThriftValue *
new_line (void)
{
  return value_line (3);
}

static NebulaThriftValue *
new_polygon (void)
{
  return value_polygon (2, 5);
}

static NebulaThriftValue *
new_polygon_of_one_ring (void)
{
  return value_polygon (1, 5);
}

typedef struct
{
  const char *name;
  NebulaThriftValue *(*create) (void);
} Kind;

static const Kind kinds[] = {
  { "vertex", new_vertex },
  { "vertex-without-tags", new_vertex_without_tags },
  { "edge", new_edge },
  { "edge-other-end", new_edge_other_end },
  { "path", new_path },
  { "path-of-one-vertex", new_path_of_one_vertex },
  { "list", new_list },
  { "list-reversed", new_list_reversed },
  { "list-empty", new_empty_list },
  { "map", new_map },
  { "map-other-key", new_map_other_key },
  { "map-empty", new_empty_map },
  { "set", new_set },
  { "set-with-a-double", new_set_with_a_double },
  { "set-empty", new_empty_set },
  { "nested", new_nested },
  { "deep", new_deep },
  { "data-set", new_data_set },
  { "data-set-without-rows", new_data_set_without_rows },
  { "point", new_point },
  { "line", new_line },
  { "polygon", new_polygon },
  { "polygon-of-one-ring", new_polygon_of_one_ring },
};

static void
test_round_trip (gconstpointer data)
{
  const Kind *kind = data;
  g_autoptr (GObject) value = G_OBJECT (kind->create ());
  g_autoptr (GObject) decoded = G_OBJECT (value_empty ());
  g_autoptr (GByteArray) bytes = wire_encode (value);
  g_autoptr (GError) error = NULL;

  g_assert_true (wire_decode (decoded, bytes->data, bytes->len, &error));
  g_assert_no_error (error);
  g_assert_true (values_equal (NEBULA_THRIFT_VALUE (value), NEBULA_THRIFT_VALUE (decoded)));
}

/* The comparison that the other tests rely on tells every value here from every other. */
static void
test_equal (void)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) copies = g_ptr_array_new_with_free_func (g_object_unref);

  for (gsize i = 0; i < G_N_ELEMENTS (scalars); i++)
    {
      g_ptr_array_add (values, scalar_new (scalars[i].name));
      g_ptr_array_add (copies, scalar_new (scalars[i].name));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_ptr_array_add (values, kinds[i].create ());
      g_ptr_array_add (copies, kinds[i].create ());
    }

  for (guint i = 0; i < values->len; i++)
    for (guint j = 0; j < copies->len; j++)
      if (values_equal (values->pdata[i], copies->pdata[j]) != (i == j))
        g_error ("values %u and %u: %s", i, j, i == j ? "differ" : "are taken for equal");
}

/* ---- Quantity ---- */

/* Keys that are binary are hashed by the bytes of a pointer, and then some get lost. */
static void
test_thousand_maps (void)
{
  g_autoptr (GObject) list = G_OBJECT (value_list (NULL, NULL));
  g_autoptr (GObject) decoded = G_OBJECT (value_empty ());
  g_autoptr (GByteArray) bytes = NULL;
  g_autoptr (GError) error = NULL;
  NebulaThriftValue *map = value_map (NULL, NULL);
  GPtrArray *maps;

  for (int i = 0; i < 64; i++)
    g_hash_table_insert (map->mVal->kvs, g_strdup_printf ("property-%d", i), value_int (i));
  for (int i = 0; i < 1000; i++)
    g_ptr_array_add (NEBULA_THRIFT_VALUE (list)->lVal->values, g_object_ref (map));
  g_object_unref (map);

  bytes = wire_encode (list);
  g_assert_true (wire_decode (decoded, bytes->data, bytes->len, &error));
  g_assert_no_error (error);

  maps = NEBULA_THRIFT_VALUE (decoded)->lVal->values;
  g_assert_cmpuint (maps->len, ==, 1000);
  for (guint i = 0; i < maps->len; i++)
    {
      GHashTable *kvs = NEBULA_THRIFT_VALUE (maps->pdata[i])->mVal->kvs;

      g_assert_cmpuint (g_hash_table_size (kvs), ==, 64);
      for (int j = 0; j < 64; j++)
        {
          g_autofree char *key = g_strdup_printf ("property-%d", j);
          NebulaThriftValue *value = g_hash_table_lookup (kvs, key);

          g_assert_nonnull (value);
          g_assert_cmpint (value->iVal, ==, j);
        }
    }
}

static void
test_many_rows (void)
{
  const gint64 n_rows = 10000;
  g_autoptr (GObject) data_set = g_object_new (NEBULA_THRIFT_TYPE_DATA_SET, NULL);
  g_autoptr (GObject) decoded = g_object_new (NEBULA_THRIFT_TYPE_DATA_SET, NULL);
  g_autoptr (GByteArray) bytes = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *rows;

  data_set_column (NEBULA_THRIFT_DATA_SET (data_set), "n");
  data_set_column (NEBULA_THRIFT_DATA_SET (data_set), "text");
  for (gint64 i = 0; i < n_rows; i++)
    data_set_row (NEBULA_THRIFT_DATA_SET (data_set), value_int (i), value_string ("x"), NULL);

  bytes = wire_encode (data_set);
  g_assert_true (wire_decode (decoded, bytes->data, bytes->len, &error));
  g_assert_no_error (error);

  rows = NEBULA_THRIFT_DATA_SET (decoded)->rows;
  g_assert_cmpuint (rows->len, ==, n_rows);
  for (guint i = 0; i < rows->len; i++)
    {
      GPtrArray *values = NEBULA_THRIFT_ROW (rows->pdata[i])->values;

      g_assert_cmpuint (values->len, ==, 2);
      g_assert_cmpint (NEBULA_THRIFT_VALUE (values->pdata[0])->iVal, ==, i);
      g_assert_cmpmem (NEBULA_THRIFT_VALUE (values->pdata[1])->sVal->data, 1, "x", 1);
    }
}

/* More keys than fit on a stack of the usual 8 MiB. */
static void
test_big_map (void)
{
  const int n_keys = 1200 * 1000;
  g_autoptr (GObject) value = G_OBJECT (value_map (NULL, NULL));
  g_autoptr (GObject) shared = G_OBJECT (value_empty ());
  g_autoptr (GByteArray) bytes = NULL;

  for (int i = 0; i < n_keys; i++)
    g_hash_table_insert (NEBULA_THRIFT_VALUE (value)->mVal->kvs, g_strdup_printf ("%07d", i),
                         g_object_ref (shared));

  bytes = wire_encode (value);

  /* Head of the member (3) and of the map in it (3 + 6); a key of 4 + 7 and a value of 1 for each;
   * two ends. */
  g_assert_cmpuint (bytes->len, ==, 12 + n_keys * 12 + 2);
}

/* ---- Members that are not set ---- */

static void
test_unset_members (void)
{
  g_autoptr (GObject) value = G_OBJECT (value_empty ());
  g_autoptr (GObject) vertex = g_object_new (NEBULA_THRIFT_TYPE_VERTEX, NULL);
  g_autoptr (GByteArray) bytes = wire_encode (vertex);
  g_autofree char *hex = wire_to_hex (bytes);

  /* Nothing is created for a member of a union ... */
  g_assert_null (NEBULA_THRIFT_VALUE (value)->vVal);
  g_assert_null (NEBULA_THRIFT_VALUE (value)->lVal);

  /* ... while a member that is always written is there: an empty value, no tags. */
  g_assert_cmpstr (hex, ==, "0c000100" "0f00020c00000000" "00");
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Values of every kind survive the wire, in any nesting and number.");

  for (gsize i = 0; i < G_N_ELEMENTS (scalars); i++)
    {
      g_autofree char *path = g_strconcat ("/value/scalar/", scalars[i].name, NULL);

      g_test_add_data_func (path, &scalars[i], test_scalar);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *path = g_strconcat ("/value/round-trip/", kinds[i].name, NULL);

      g_test_add_data_func (path, &kinds[i], test_round_trip);
    }
  g_test_add_func ("/value/equal", test_equal);
  g_test_add_func ("/value/thousand-maps", test_thousand_maps);
  g_test_add_func ("/value/many-rows", test_many_rows);
  g_test_add_func ("/value/big-map", test_big_map);
  g_test_add_func ("/value/unset-members", test_unset_members);

  return g_test_run ();
}
