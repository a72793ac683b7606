/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-ledger-private.h"

#include <string.h>

/* Data is three maps deep: space, vertex, tag; a tag's properties are a map of their own. There is
 * no schema: a tag and a property exist once they have been written. */

typedef struct
{
  guint received;
  guint applied;
} Counts;

struct _NebulaMockLedger
{
  GMutex      lock;
  GCond       called;     /* signalled at each call */
  GHashTable *calls;      /* (owned) (element-type utf8 guint): under the lock, as all below */
  guint       all_calls;
  GHashTable *statements; /* (owned) (element-type utf8 Counts) */
  Counts      all;
  GHashTable *spaces;     /* (owned) (element-type utf8 GHashTable) */
};

static GHashTable *
map_new (gpointer free_value)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) free_value);
}

void
nebula_mock_assignment_free (NebulaMockAssignment *assignment)
{
  g_free (assignment->property);
  g_free (assignment->base);
  g_clear_pointer (&assignment->value, g_variant_unref);
  g_free (assignment);
}

NebulaMockLedger *
nebula_mock_ledger_new (void)
{
  NebulaMockLedger *self = g_new0 (NebulaMockLedger, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->called);
  self->calls = map_new (NULL);
  self->statements = map_new (g_free);
  self->spaces = map_new (g_hash_table_unref);
  return self;
}

void
nebula_mock_ledger_free (NebulaMockLedger *self)
{
  g_hash_table_unref (self->calls);
  g_hash_table_unref (self->statements);
  g_hash_table_unref (self->spaces);
  g_cond_clear (&self->called);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* ---- counting */

/* Called under the lock. */
static Counts *
ensure_counts (NebulaMockLedger *self,
               const char       *statement)
{
  Counts *counts = g_hash_table_lookup (self->statements, statement);

  if (counts == NULL)
    {
      counts = g_new0 (Counts, 1);
      g_hash_table_insert (self->statements, g_strdup (statement), counts);
    }
  return counts;
}

/* @statement: (nullable): NULL for a call without one */
void
nebula_mock_ledger_count_call (NebulaMockLedger *self,
                               const char       *method,
                               const char       *statement)
{
  guint calls;

  g_mutex_lock (&self->lock);
  calls = GPOINTER_TO_UINT (g_hash_table_lookup (self->calls, method));
  g_hash_table_insert (self->calls, g_strdup (method), GUINT_TO_POINTER (calls + 1));
  self->all_calls++;
  if (statement != NULL)
    {
      ensure_counts (self, statement)->received++;
      self->all.received++;
    }
  g_cond_broadcast (&self->called);
  g_mutex_unlock (&self->lock);
}

void
nebula_mock_ledger_count_applied (NebulaMockLedger *self,
                                  const char       *statement)
{
  g_mutex_lock (&self->lock);
  ensure_counts (self, statement)->applied++;
  self->all.applied++;
  g_mutex_unlock (&self->lock);
}

/* Called under the lock. */
static guint
count_of (NebulaMockLedger *self,
          const char       *method)
{
  if (method == NULL)
    return self->all_calls;
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->calls, method));
}

/* @method: (nullable): NULL for all */
guint
nebula_mock_ledger_get_calls (NebulaMockLedger *self,
                              const char       *method)
{
  guint calls;

  g_mutex_lock (&self->lock);
  calls = count_of (self, method);
  g_mutex_unlock (&self->lock);
  return calls;
}

static Counts
get_counts (NebulaMockLedger *self,
            const char       *statement)
{
  Counts counts = { 0, 0 };
  const Counts *found;

  g_mutex_lock (&self->lock);
  found = statement == NULL ? &self->all : g_hash_table_lookup (self->statements, statement);
  if (found != NULL)
    counts = *found;
  g_mutex_unlock (&self->lock);
  return counts;
}

/* @statement: (nullable): NULL for all */
guint
nebula_mock_ledger_get_received (NebulaMockLedger *self,
                                 const char       *statement)
{
  return get_counts (self, statement).received;
}

/* @statement: (nullable): NULL for all */
guint
nebula_mock_ledger_get_applied (NebulaMockLedger *self,
                                const char       *statement)
{
  return get_counts (self, statement).applied;
}

/* @method: (nullable): NULL for any. Returns: FALSE when it took longer */
gboolean
nebula_mock_ledger_wait_for_calls (NebulaMockLedger *self,
                                   const char       *method,
                                   guint             count,
                                   gint64            timeout_us)
{
  const gint64 deadline = g_get_monotonic_time () + timeout_us;
  gboolean enough;

  g_mutex_lock (&self->lock);
  while (!(enough = count_of (self, method) >= count))
    if (!g_cond_wait_until (&self->called, &self->lock, deadline))
      {
        enough = count_of (self, method) >= count;
        break;
      }
  g_mutex_unlock (&self->lock);
  return enough;
}

/* ---- spaces */

/* Returns: FALSE when it is already there */
gboolean
nebula_mock_ledger_add_space (NebulaMockLedger *self,
                              const char       *space)
{
  gboolean is_new;

  g_mutex_lock (&self->lock);
  is_new = !g_hash_table_contains (self->spaces, space);
  if (is_new)
    g_hash_table_insert (self->spaces, g_strdup (space), map_new (g_hash_table_unref));
  g_mutex_unlock (&self->lock);
  return is_new;
}

/* With all that is in it. Returns: FALSE when there is no such space */
gboolean
nebula_mock_ledger_drop_space (NebulaMockLedger *self,
                               const char       *space)
{
  gboolean was_there;

  g_mutex_lock (&self->lock);
  was_there = g_hash_table_remove (self->spaces, space);
  g_mutex_unlock (&self->lock);
  return was_there;
}

gboolean
nebula_mock_ledger_has_space (NebulaMockLedger *self,
                              const char       *space)
{
  gboolean is_there;

  g_mutex_lock (&self->lock);
  is_there = g_hash_table_contains (self->spaces, space);
  g_mutex_unlock (&self->lock);
  return is_there;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/* Returns: (transfer full) (element-type utf8): sorted */
GPtrArray *
nebula_mock_ledger_list_spaces (NebulaMockLedger *self)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer name;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->spaces);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (names, g_strdup (name));
  g_mutex_unlock (&self->lock);
  g_ptr_array_sort (names, compare_names);
  return names;
}

/* ---- data */

/* Called under the lock. Returns: (nullable) */
static GHashTable *
find_vertex (NebulaMockLedger *self,
             const char       *space,
             const char       *vertex)
{
  GHashTable *vertices = g_hash_table_lookup (self->spaces, space);

  return vertices != NULL ? g_hash_table_lookup (vertices, vertex) : NULL;
}

/* Called under the lock. Returns: (nullable): NULL when there is no such space */
static GHashTable *
ensure_vertex (NebulaMockLedger *self,
               const char       *space,
               const char       *vertex)
{
  GHashTable *vertices = g_hash_table_lookup (self->spaces, space);
  GHashTable *tags = find_vertex (self, space, vertex);

  if (vertices != NULL && tags == NULL)
    {
      tags = map_new (g_hash_table_unref);
      g_hash_table_insert (vertices, g_strdup (vertex), tags);
    }
  return tags;
}

/* The tag's properties become @properties, whatever they were, as INSERT VERTEX does.
 * @properties: (element-type utf8 GVariant) */
gboolean
nebula_mock_ledger_insert (NebulaMockLedger *self,
                           const char       *space,
                           const char       *vertex,
                           const char       *tag,
                           GHashTable       *properties)
{
  GHashTable *tags;

  g_mutex_lock (&self->lock);
  tags = ensure_vertex (self, space, vertex);
  if (tags != NULL)
    g_hash_table_insert (tags, g_strdup (tag), g_hash_table_ref (properties));
  g_mutex_unlock (&self->lock);
  return tags != NULL;
}

/* A property that is not there, or is no number, counts as 0: UPSERT of a counter begins so.
 * Returns: (transfer floating) */
static GVariant *
add_values (GVariant *old,
            GVariant *value)
{
  if (old != NULL && g_variant_is_of_type (old, G_VARIANT_TYPE_INT64) &&
      g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return g_variant_new_int64 ((gint64) ((guint64) g_variant_get_int64 (old) +
                                          (guint64) g_variant_get_int64 (value)));
  if (old != NULL && g_variant_is_of_type (old, G_VARIANT_TYPE_DOUBLE) &&
      g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return g_variant_new_double (g_variant_get_double (old) + g_variant_get_double (value));
  return value;
}

/* Adds the vertex and the tag when they are not there: the caller has looked, for UPDATE.
 * @assignments: (element-type NebulaMockAssignment) */
gboolean
nebula_mock_ledger_update (NebulaMockLedger *self,
                           const char       *space,
                           const char       *vertex,
                           const char       *tag,
                           GPtrArray        *assignments)
{
  GHashTable *tags, *properties;
  guint i;

  g_mutex_lock (&self->lock);
  tags = ensure_vertex (self, space, vertex);
  properties = tags != NULL ? g_hash_table_lookup (tags, tag) : NULL;
  if (tags != NULL && properties == NULL)
    {
      properties = map_new (g_variant_unref);
      g_hash_table_insert (tags, g_strdup (tag), properties);
    }
  for (i = 0; properties != NULL && i < assignments->len; i++)
    {
      const NebulaMockAssignment *assignment = g_ptr_array_index (assignments, i);
      GVariant *value = assignment->value;

      if (assignment->base != NULL)
        value = add_values (g_hash_table_lookup (properties, assignment->base), value);
      g_hash_table_insert (properties, g_strdup (assignment->property), g_variant_ref_sink (value));
    }
  g_mutex_unlock (&self->lock);
  return properties != NULL;
}

gboolean
nebula_mock_ledger_delete (NebulaMockLedger *self,
                           const char       *space,
                           const char       *vertex)
{
  GHashTable *vertices;
  gboolean was_there;

  g_mutex_lock (&self->lock);
  vertices = g_hash_table_lookup (self->spaces, space);
  was_there = vertices != NULL && g_hash_table_remove (vertices, vertex);
  g_mutex_unlock (&self->lock);
  return was_there;
}

/* Returns: (transfer full) (nullable) (element-type utf8 GVariant): a copy of the tag's properties,
 * NULL when the vertex does not have the tag */
GHashTable *
nebula_mock_ledger_fetch (NebulaMockLedger *self,
                          const char       *space,
                          const char       *vertex,
                          const char       *tag)
{
  GHashTable *tags, *properties, *copy = NULL;
  GHashTableIter iter;
  gpointer key, value;

  g_mutex_lock (&self->lock);
  tags = find_vertex (self, space, vertex);
  properties = tags != NULL ? g_hash_table_lookup (tags, tag) : NULL;
  if (properties != NULL)
    {
      copy = map_new (g_variant_unref);
      g_hash_table_iter_init (&iter, properties);
      while (g_hash_table_iter_next (&iter, &key, &value))
        g_hash_table_insert (copy, g_strdup (key), g_variant_ref (value));
    }
  g_mutex_unlock (&self->lock);
  return copy;
}

/* Called under the lock. @property: `n` of any tag, or `t.n`. Returns: (nullable) */
static GVariant *
find_property (GHashTable *tags,
               const char *property)
{
  GHashTableIter iter;
  gpointer tag, properties;

  g_hash_table_iter_init (&iter, tags);
  while (g_hash_table_iter_next (&iter, &tag, &properties))
    {
      g_autofree char *prefix = g_strconcat (tag, ".", NULL);
      GVariant *value = g_hash_table_lookup (properties, property);

      if (value == NULL && g_str_has_prefix (property, prefix))
        value = g_hash_table_lookup (properties, property + strlen (prefix));
      if (value != NULL)
        return value;
    }
  return NULL;
}

/* Returns: FALSE when there is no such property, or it is no integer */
gboolean
nebula_mock_ledger_get_number (NebulaMockLedger *self,
                               const char       *space,
                               const char       *vertex,
                               const char       *property,
                               gint64           *value)
{
  GHashTable *tags;
  GVariant *stored = NULL;
  gboolean found;

  g_mutex_lock (&self->lock);
  tags = find_vertex (self, space, vertex);
  if (tags != NULL)
    stored = find_property (tags, property);
  found = stored != NULL && g_variant_is_of_type (stored, G_VARIANT_TYPE_INT64);
  if (found && value != NULL)
    *value = g_variant_get_int64 (stored);
  g_mutex_unlock (&self->lock);
  return found;
}
