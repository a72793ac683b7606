/* SPDX-License-Identifier: Apache-2.0 */

#include <locale.h>

#include "nebula_mock_thrift_graph_service.h"
#include "stub-types.h"

/* More threads than processors, so that some are stopped in the middle of a registration. */
#define N_THREADS 8

typedef struct
{
  gint  waiting; /* (atomic): threads that are not there yet */
  GType seen[N_THREADS][G_N_ELEMENTS (stub_structs) + G_N_ELEMENTS (stub_interfaces)];
} Race;

typedef struct
{
  Race *race; /* (unowned) */
  guint index;
} Runner;

static gpointer
run (gpointer data)
{
  Runner *runner = data;
  GType *seen = runner->race->seen[runner->index];

  g_atomic_int_add (&runner->race->waiting, -1);
  while (g_atomic_int_get (&runner->race->waiting) > 0)
    g_thread_yield ();

  for (gsize i = 0; i < G_N_ELEMENTS (stub_structs); i++)
    *seen++ = stub_structs[i] ();
  for (gsize i = 0; i < G_N_ELEMENTS (stub_interfaces); i++)
    *seen++ = stub_interfaces[i] ();
  g_object_unref (g_object_new (NEBULA_THRIFT_TYPE_VALUE, NULL));

  return NULL;
}

/* Must come first: a type is registered once in the life of a process. A type that two threads
 * register is a critical, which ends the test. */
static void
test_threads (void)
{
  static Race race = { .waiting = N_THREADS };
  Runner runners[N_THREADS];
  GThread *threads[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++)
    {
      runners[i].race = &race;
      runners[i].index = i;
      threads[i] = g_thread_new ("types", run, &runners[i]);
    }
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);

  for (guint i = 0; i < N_THREADS; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (race.seen[i]); j++)
      {
        g_assert_cmpuint (race.seen[i][j], !=, 0);
        g_assert_cmpuint (race.seen[i][j], ==, race.seen[0][j]);
      }
}

static void
set_flag (gpointer data)
{
  *(gboolean *) data = TRUE;
}

/* What is attached to an object is released by the finalizer of GObject itself, and only if every
 * finalizer above calls it. */
static void
test_finalize (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (stub_structs); i++)
    {
      GObject *object = g_object_new (stub_structs[i] (), NULL);
      gboolean finalized = FALSE;

      g_object_set_data_full (object, "finalized", &finalized, set_flag);
      g_object_unref (object);
      if (!finalized)
        g_error ("%s does not chain up", g_type_name (stub_structs[i] ()));
    }
}

/* The table that the other tests walk is complete. */
static void
test_table (void)
{
  guint n_children = 0, n_ours = 0;
  g_autofree GType *children = g_type_children (THRIFT_TYPE_STRUCT, &n_children);

  for (guint i = 0; i < n_children; i++)
    if (g_str_has_prefix (g_type_name (children[i]), "NebulaThrift"))
      n_ours++;

  g_assert_cmpuint (n_ours, ==, G_N_ELEMENTS (stub_structs));
  /* 20 of common.thrift, 9 of graph.thrift, two for each of seven methods but the one-way one. */
  g_assert_cmpuint (n_ours, ==, 20 + 9 + 2 * 7 - 1);
}

/* The class macros, which the generator writes for a type that does not exist. */
static void
test_class_macros (void)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (NEBULA_THRIFT_TYPE_VALUE);

  g_assert_true (NEBULA_THRIFT_IS_VALUE_CLASS (klass));
  g_assert_true (G_TYPE_FROM_CLASS (NEBULA_THRIFT_VALUE_CLASS (klass)) ==
                 NEBULA_THRIFT_TYPE_VALUE);
}

static void
test_two_copies (void)
{
  g_autoptr (GObject) ours = g_object_new (NEBULA_THRIFT_TYPE_VALUE, NULL);
  g_autoptr (GObject) theirs = g_object_new (NEBULA_MOCK_THRIFT_TYPE_VALUE, NULL);

  g_assert_true (NEBULA_MOCK_THRIFT_IS_VALUE (theirs));
  g_assert_false (NEBULA_MOCK_THRIFT_IS_VALUE (ours));
  g_assert_false (NEBULA_THRIFT_IS_VALUE (theirs));
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("The types of the stubs can be registered by many threads, live beside another "
                  "copy and release all of an object.");

  g_test_add_func ("/types/threads", test_threads);
  g_test_add_func ("/types/table", test_table);
  g_test_add_func ("/types/finalize", test_finalize);
  g_test_add_func ("/types/class-macros", test_class_macros);
  g_test_add_func ("/types/two-copies", test_two_copies);

  return g_test_run ();
}
