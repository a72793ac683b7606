/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-store-private.h"

#include <string.h>

/* Data is three maps deep: space, vertex, tag; a tag's properties are a map of their own. There is
 * no schema: a tag and a property exist once they have been written. */

struct _NebulaMockStore
{
  GMutex lock;
  GHashTable *spaces; /* (owned) (element-type utf8 GHashTable): under the lock */
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

NebulaMockStore *
nebula_mock_store_new (void)
{
  NebulaMockStore *self = g_new0 (NebulaMockStore, 1);

  g_mutex_init (&self->lock);
  self->spaces = map_new (g_hash_table_unref);
  return self;
}

void
nebula_mock_store_free (NebulaMockStore *self)
{
  g_hash_table_unref (self->spaces);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* ---- spaces */

/* Returns: FALSE when it is already there */
gboolean
nebula_mock_store_add_space (NebulaMockStore *self, const char *space)
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
nebula_mock_store_drop_space (NebulaMockStore *self, const char *space)
{
  gboolean was_there;

  g_mutex_lock (&self->lock);
  was_there = g_hash_table_remove (self->spaces, space);
  g_mutex_unlock (&self->lock);
  return was_there;
}

gboolean
nebula_mock_store_has_space (NebulaMockStore *self, const char *space)
{
  gboolean is_there;

  g_mutex_lock (&self->lock);
  is_there = g_hash_table_contains (self->spaces, space);
  g_mutex_unlock (&self->lock);
  return is_there;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/* Returns: (transfer full) (element-type utf8): sorted */
GPtrArray *
nebula_mock_store_list_spaces (NebulaMockStore *self)
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
find_vertex (NebulaMockStore *self, const char *space, const char *vertex)
{
  GHashTable *vertices = g_hash_table_lookup (self->spaces, space);

  return vertices != NULL ? g_hash_table_lookup (vertices, vertex) : NULL;
}

/* Called under the lock. Returns: (nullable): NULL when there is no such space */
static GHashTable *
ensure_vertex (NebulaMockStore *self, const char *space, const char *vertex)
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
nebula_mock_store_insert (NebulaMockStore *self,
                          const char *space,
                          const char *vertex,
                          const char *tag,
                          GHashTable *properties)
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
add_values (GVariant *old, GVariant *value)
{
  if (old != NULL && g_variant_is_of_type (old, G_VARIANT_TYPE_INT64)
      && g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return g_variant_new_int64 (
      (gint64) ((guint64) g_variant_get_int64 (old) + (guint64) g_variant_get_int64 (value)));
  if (old != NULL && g_variant_is_of_type (old, G_VARIANT_TYPE_DOUBLE)
      && g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return g_variant_new_double (g_variant_get_double (old) + g_variant_get_double (value));
  return value;
}

/* Adds the vertex and the tag when they are not there: the caller has looked, for UPDATE.
 * @assignments: (element-type NebulaMockAssignment) */
gboolean
nebula_mock_store_update (NebulaMockStore *self,
                          const char *space,
                          const char *vertex,
                          const char *tag,
                          GPtrArray *assignments)
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
nebula_mock_store_delete (NebulaMockStore *self, const char *space, const char *vertex)
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
nebula_mock_store_fetch (NebulaMockStore *self,
                         const char *space,
                         const char *vertex,
                         const char *tag)
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
find_property (GHashTable *tags, const char *property)
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
nebula_mock_store_get_number (NebulaMockStore *self,
                              const char *space,
                              const char *vertex,
                              const char *property,
                              gint64 *value)
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
