/* SPDX-License-Identifier: Apache-2.0 */

#include <locale.h>

#include "garden_garden.h"
#include "garden_soil.h"
#include "wire.h"

static GardenLeaf *
leaf_new (const char *text)
{
  return g_object_new (GARDEN_TYPE_LEAF, "text", text, NULL);
}

static gpointer
number_new (gint64 number)
{
  return g_memdup2 (&number, sizeof number);
}

static gpointer
int_new (gint32 number)
{
  return g_memdup2 (&number, sizeof number);
}

static void
fill_lists (GardenTree *tree)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);
  GArray *line = g_array_new (FALSE, TRUE, sizeof (gint32));
  gdouble weight = 0.5;
  gboolean flag = TRUE;
  gint32 number = 9;

  g_ptr_array_add (words, g_strdup ("one"));
  g_ptr_array_add (words, g_strdup (""));
  g_ptr_array_add (tree->words, words);
  g_array_append_val (line, number);
  g_ptr_array_add (tree->lines, line);
  g_array_append_val (tree->weights, weight);
  g_array_append_val (tree->flags, flag);
  g_ptr_array_add (tree->blobs, g_byte_array_append (g_byte_array_new (), (guint8 *) "b", 1));
}

static void
fill_maps (GardenTree *tree)
{
  GPtrArray *leaves = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTable *notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                             (GDestroyNotify) g_byte_array_unref);

  g_ptr_array_add (leaves, leaf_new ("a"));
  g_hash_table_insert (tree->leaves, number_new (1), leaves);
  g_hash_table_insert (notes, g_strdup ("k"), g_byte_array_new ());
  g_hash_table_insert (tree->notes, g_strdup ("outer"), notes);
  g_hash_table_add (tree->numbers, int_new (3));
  g_hash_table_add (tree->names, g_strdup ("x"));
  g_hash_table_insert (tree->colours, GINT_TO_POINTER (GARDEN_COLOUR_RED), g_strdup ("red"));
  g_hash_table_insert (tree->numbered, int_new (4), leaf_new ("b"));
}

static GardenTree *
tree_new (void)
{
  GardenTree *tree = g_object_new (GARDEN_TYPE_TREE, "toString_name", "n", NULL);

  fill_lists (tree);
  fill_maps (tree);
  return tree;
}

/* A tree whose left branch is a tree. */
static GardenTree *
big_tree_new (void)
{
  GardenTree *tree = tree_new ();

  tree->left = tree_new ();
  tree->__isset_left = TRUE;
  return tree;
}

static void
test_recursive (void)
{
  g_autoptr (GObject) tree = g_object_new (GARDEN_TYPE_TREE, NULL);
  g_autoptr (GObject) fruit = g_object_new (GARDEN_TYPE_FRUIT, NULL);

  g_assert_null (GARDEN_TREE (tree)->left);
  g_assert_null (GARDEN_TREE (tree)->right);
  g_assert_null (GARDEN_FRUIT (fruit)->inner);
  /* Is always written, so it is there. */
  g_assert_cmpstr (GARDEN_TREE (tree)->leaf->text, ==, "leaf");
}

static void
test_round_trip (void)
{
  g_autoptr (GObject) tree = G_OBJECT (big_tree_new ());
  g_autoptr (GByteArray) bytes = wire_encode (tree);
  g_autoptr (GObject) decoded = g_object_new (GARDEN_TYPE_TREE, NULL);
  g_autoptr (GByteArray) again = NULL;
  g_autoptr (GError) error = NULL;
  GardenTree *left;
  gint32 four = 4;

  g_assert_true (wire_decode (decoded, bytes->data, bytes->len, &error));
  g_assert_no_error (error);
  again = wire_encode (decoded);
  g_assert_cmpmem (again->data, again->len, bytes->data, bytes->len);

  left = GARDEN_TREE (decoded)->left;
  g_assert_null (left->left);
  g_assert_cmpstr (g_ptr_array_index ((GPtrArray *) left->words->pdata[0], 0), ==, "one");
  g_assert_cmpint (g_array_index ((GArray *) left->lines->pdata[0], gint32, 0), ==, 9);
  g_assert_true (g_hash_table_contains (left->names, "x"));
  g_assert_cmpstr (g_hash_table_lookup (left->colours, GINT_TO_POINTER (1)), ==, "red");
  g_assert_cmpstr (GARDEN_LEAF (g_hash_table_lookup (left->numbered, &four))->text, ==, "b");
  g_assert_cmpstr (left->toString_name, ==, "n");
}

static void
test_truncated (void)
{
  g_autoptr (GObject) tree = G_OBJECT (big_tree_new ());
  g_autoptr (GByteArray) bytes = wire_encode (tree);

  for (guint length = 0; length < bytes->len; length++)
    {
      g_autoptr (GObject) decoded = g_object_new (GARDEN_TYPE_TREE, NULL);
      g_autofree guint8 *copy = g_memdup2 (bytes->data, length);
      g_autoptr (GError) error = NULL;

      g_assert_false (wire_decode (decoded, copy, length, &error));
      g_assert_nonnull (error);
    }
}

/* A string that a set holds already, and a field that comes twice. */
static void
test_repeats (void)
{
  g_autoptr (GByteArray) bytes = wire_from_hex ("0e0008 0b00000002 0000000178 0000000178"
                                                "0b000f 0000000161 0b000f 0000000162 00");
  g_autoptr (GObject) tree = g_object_new (GARDEN_TYPE_TREE, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (wire_decode (tree, bytes->data, bytes->len, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (GARDEN_TREE (tree)->names), ==, 1);
  g_assert_cmpstr (g_hash_table_lookup (GARDEN_TREE (tree)->names, "x"), ==, "x");
  g_assert_cmpstr (GARDEN_TREE (tree)->toString_name, ==, "b");
}

/* A reply that is an exception, and one that breaks off in the middle of it. The last byte is the
 * end of the reply, not of the exception: without it there are an exception and an error. */
static void
test_exception (void)
{
  g_autoptr (GByteArray) bytes = wire_from_hex (
    "80010002 00000004 67726f77 00000000 0c0001 0b0001 00000003 647279"
    " 0c0002 0b0001 00000001 61 00 00 00");

  for (guint length = 0; length <= bytes->len; length++)
    {
      g_autofree guint8 *copy = g_memdup2 (bytes->data, length);
      g_autoptr (GObject) input = G_OBJECT (wire_protocol_new (copy, length, NULL));
      g_autoptr (GObject) client = g_object_new (GARDEN_TYPE_GARDEN_CLIENT, "input_protocol",
                                                 input, NULL);
      g_autoptr (GObject) tree = g_object_new (GARDEN_TYPE_TREE, NULL);
      g_autoptr (GError) error = NULL;
      GardenTree *reply = GARDEN_TREE (tree);
      GardenWithered *withered = NULL;

      g_assert_false (garden_garden_client_recv_grow (GARDEN_GARDEN_IF (client), &reply,
                                                      &withered, &error));
      g_assert_nonnull (error);
      g_assert_true ((withered != NULL) == (length >= bytes->len - 1));
      if (withered != NULL)
        {
          g_assert_cmpstr (withered->why, ==, "dry");
          g_assert_cmpstr (withered->leaf->text, ==, "a");
        }
      g_clear_object (&withered);
    }
}

static void
test_to_string (void)
{
  g_assert_cmpstr (garden_colour_to_string (GARDEN_COLOUR_GREEN), ==, "GARDEN_COLOUR_GREEN");
  g_assert_cmpstr (garden_colour_to_string (3), ==, "3");
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Stubs of another IDL, with what graphd's does not have, are repaired too.");

  g_test_add_func ("/garden/recursive", test_recursive);
  g_test_add_func ("/garden/round-trip", test_round_trip);
  g_test_add_func ("/garden/truncated", test_truncated);
  g_test_add_func ("/garden/repeats", test_repeats);
  g_test_add_func ("/garden/exception", test_exception);
  g_test_add_func ("/garden/to-string", test_to_string);

  return g_test_run ();
}
