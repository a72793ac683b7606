/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-method-table-private.h"

#include <string.h>

/* What is looked for in a reply is remembered in the bits of a number. */
#define LAST_FIELD (NEBULA_REPLY_FIELD_LIMIT - 1)

#define KNOWN_FLAGS (NEBULA_METHOD_READ_ONLY | NEBULA_METHOD_IDEMPOTENT | NEBULA_METHOD_ONEWAY)

typedef struct
{
  NebulaMethod method; /* its texts are owned, its layout is the next field */
  NebulaReplyLayout layout;
  gsize name_length;
} Entry;

struct _NebulaMethodTable
{
  GMutex lock;
  gboolean is_closed; /* guarded by the lock */
  GPtrArray *entries; /* (owned): Entry, by name; constant once it is closed */
};

G_DEFINE_FLAGS_TYPE (NebulaMethodFlags, nebula_method_flags,
                     G_DEFINE_ENUM_VALUE (NEBULA_METHOD_READ_ONLY, "read-only"),
                     G_DEFINE_ENUM_VALUE (NEBULA_METHOD_IDEMPOTENT, "idempotent"),
                     G_DEFINE_ENUM_VALUE (NEBULA_METHOD_ONEWAY, "oneway"))

static void
entry_free (gpointer data)
{
  Entry *self = data;

  g_free ((char *) self->method.service);
  g_free ((char *) self->method.name);
  g_free (self);
}

static NebulaStatementSafety
safety_of (NebulaMethodFlags flags)
{
  if ((flags & NEBULA_METHOD_READ_ONLY) != 0)
    return NEBULA_STATEMENT_READ_ONLY;
  return (flags & NEBULA_METHOD_IDEMPOTENT) != 0 ? NEBULA_STATEMENT_IDEMPOTENT
                                                 : NEBULA_STATEMENT_NOT_IDEMPOTENT;
}

static Entry *
entry_new (const NebulaMethodInfo *info)
{
  Entry *self = g_new0 (Entry, 1);

  self->name_length = strlen (info->name);
  self->layout.trust = NEBULA_CODE_DECLARED;
  self->layout.code = info->code_field;
  self->layout.message = info->message_field;
  self->method.service = g_strdup (info->service);
  self->method.name = g_strdup (info->name);
  self->method.layout = &self->layout;
  self->method.phase = NEBULA_PHASE_EXECUTE;
  self->method.is_oneway = (info->flags & NEBULA_METHOD_ONEWAY) != 0;
  self->method.safety = safety_of (info->flags);
  return self;
}

NebulaMethodTable *
nebula_method_table_new (void)
{
  NebulaMethodTable *self = g_new0 (NebulaMethodTable, 1);

  g_mutex_init (&self->lock);
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  return self;
}

void
nebula_method_table_free (NebulaMethodTable *self)
{
  g_ptr_array_unref (self->entries);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Names are ordered by their length, and among those of one length by their bytes. */
static int
compare_names (const char *a, gsize a_length, const char *b, gsize b_length)
{
  if (a_length != b_length)
    return a_length < b_length ? -1 : 1;
  return memcmp (a, b, a_length);
}

/* Where a method of that name is, or would be. */
static guint
find_place (GPtrArray *entries, const char *name, gsize length)
{
  guint low = 0, high = entries->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const Entry *entry = entries->pdata[middle];

      if (compare_names (entry->method.name, entry->name_length, name, length) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static const Entry *
find (GPtrArray *entries, const char *name, gsize length)
{
  guint place = find_place (entries, name, length);
  const Entry *entry = place < entries->len ? entries->pdata[place] : NULL;

  if (entry == NULL || compare_names (entry->method.name, entry->name_length, name, length) != 0)
    return NULL;
  return entry;
}

/* What is wrong with @info; %NULL when it is good. */
static const char *
get_fault (const NebulaMethodInfo *info)
{
  if ((info->flags & ~KNOWN_FLAGS) != 0)
    return "has flags that are not known here";
  if (info->code_field > LAST_FIELD)
    return "has its code in a field beyond 31";
  if (info->message_field > LAST_FIELD)
    return "has its message in a field beyond 31";
  if (info->message_field != 0 && info->code_field == 0)
    return "has a message without a code";
  if (info->message_field != 0 && info->message_field == info->code_field)
    return "has its code and its message in one field";
  if ((info->flags & NEBULA_METHOD_ONEWAY) != 0 && info->code_field != 0)
    return "is never answered, and so has no code";
  return NULL;
}

static gboolean
check (GPtrArray *entries, const NebulaMethodInfo *info, gsize index, GError **error)
{
  const char *fault;

  if (info->name == NULL || *info->name == '\0')
    g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT,
                 "method %" G_GSIZE_FORMAT " has no name", index);
  else if ((fault = get_fault (info)) != NULL)
    g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT,
                 "method %" G_GSIZE_FORMAT " (%s) %s", index, info->name, fault);
  else if (find (entries, info->name, strlen (info->name)) != NULL)
    g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT,
                 "method %" G_GSIZE_FORMAT " (%s) is known already", index, info->name);
  else
    return TRUE;
  return FALSE;
}

static guint
find_info (GPtrArray *entries, const NebulaMethodInfo *info)
{
  return find_place (entries, info->name, strlen (info->name));
}

/* Adds all of them, or none. */
static gboolean
add_all (GPtrArray *entries, const NebulaMethodInfo *methods, gsize n_methods, GError **error)
{
  gsize n_added = 0;

  while (n_added < n_methods && check (entries, &methods[n_added], n_added, error))
    {
      const NebulaMethodInfo *info = &methods[n_added++];

      g_ptr_array_insert (entries, find_info (entries, info), entry_new (info));
    }
  if (n_added == n_methods)
    return TRUE;
  while (n_added > 0)
    g_ptr_array_remove_index (entries, find_info (entries, &methods[--n_added]));
  return FALSE;
}

/**
 * nebula_method_table_add:
 * @methods: (array length=n_methods): copied
 *
 * Any thread. Adds all methods or none.
 *
 * Returns: %FALSE with %NEBULA_ERROR_INVALID_ARGUMENT, or %NEBULA_ERROR_WRONG_STATE once closed
 */
gboolean
nebula_method_table_add (NebulaMethodTable *self,
                         const NebulaMethodInfo *methods,
                         gsize n_methods,
                         GError **error)
{
  gboolean added = FALSE;

  g_mutex_lock (&self->lock);
  if (self->is_closed)
    g_set_error_literal (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE,
                         "methods are added before the first call");
  else
    added = add_all (self->entries, methods, n_methods, error);
  g_mutex_unlock (&self->lock);
  return added;
}

/* Before a thread reads the table for the first time: nothing is added from now on. */
void
nebula_method_table_close (NebulaMethodTable *self)
{
  g_mutex_lock (&self->lock);
  self->is_closed = TRUE;
  g_mutex_unlock (&self->lock);
}

/**
 * nebula_method_table_find:
 * @self: a table that was closed
 * @name: a method's whole name, not NUL-terminated
 * @length: its length
 *
 * Returns: (nullable): %NULL when nobody has told of it
 */
const NebulaMethod *
nebula_method_table_find (const NebulaMethodTable *self, const char *name, gsize length)
{
  const Entry *entry = find (self->entries, name, length);

  return entry != NULL ? &entry->method : NULL;
}
