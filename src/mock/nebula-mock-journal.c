/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-journal-private.h"

#include <string.h>

typedef struct
{
  guint server;
  char *space;     /* (owned) */
  char *statement; /* (owned): whole */
} Write;

typedef struct
{
  char *contains; /* (owned) */
  char *space;    /* (owned) */
} Expectation;

struct _NebulaMockJournal
{
  GMutex lock;
  GCond added;             /* signalled at each write */
  GPtrArray *writes;       /* (owned) (element-type Write): under the lock, as below */
  GPtrArray *expectations; /* (owned) (element-type Expectation) */
};

static void
write_free (gpointer data)
{
  Write *self = data;

  g_free (self->space);
  g_free (self->statement);
  g_free (self);
}

static void
expectation_free (gpointer data)
{
  Expectation *self = data;

  g_free (self->contains);
  g_free (self->space);
  g_free (self);
}

NebulaMockJournal *
nebula_mock_journal_new (void)
{
  NebulaMockJournal *self = g_new0 (NebulaMockJournal, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->added);
  self->writes = g_ptr_array_new_with_free_func (write_free);
  self->expectations = g_ptr_array_new_with_free_func (expectation_free);
  return self;
}

void
nebula_mock_journal_free (NebulaMockJournal *self)
{
  g_ptr_array_unref (self->writes);
  g_ptr_array_unref (self->expectations);
  g_cond_clear (&self->added);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
nebula_mock_journal_add (NebulaMockJournal *self,
                         guint server,
                         const char *space,
                         const char *statement)
{
  Write *entry = g_new0 (Write, 1);

  entry->server = server;
  entry->space = g_strdup (space);
  entry->statement = g_strdup (statement);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->writes, entry);
  g_cond_broadcast (&self->added);
  g_mutex_unlock (&self->lock);
}

/* Called under the lock. */
static guint
count (NebulaMockJournal *self, const NebulaMockWriteFilter *filter)
{
  guint i, found = 0;

  for (i = 0; i < self->writes->len; i++)
    {
      const Write *entry = g_ptr_array_index (self->writes, i);

      if ((filter->server < 0 || entry->server == (guint) filter->server)
          && (filter->space == NULL || g_str_equal (entry->space, filter->space))
          && (filter->contains == NULL || strstr (entry->statement, filter->contains) != NULL))
        found++;
    }
  return found;
}

guint
nebula_mock_journal_count (NebulaMockJournal *self, const NebulaMockWriteFilter *filter)
{
  guint found;

  g_mutex_lock (&self->lock);
  found = count (self, filter);
  g_mutex_unlock (&self->lock);
  return found;
}

/* Returns: FALSE when it took longer */
gboolean
nebula_mock_journal_wait (NebulaMockJournal *self,
                          const NebulaMockWriteFilter *filter,
                          guint wanted,
                          gint64 timeout_us)
{
  const gint64 deadline = g_get_monotonic_time () + timeout_us;
  gboolean in_time = TRUE, enough;

  g_mutex_lock (&self->lock);
  while (!(enough = count (self, filter) >= wanted) && in_time)
    in_time = g_cond_wait_until (&self->added, &self->lock, deadline);
  g_mutex_unlock (&self->lock);
  return enough;
}

/* From the first write to the last, those that contain @contains belong into @space. */
void
nebula_mock_journal_expect (NebulaMockJournal *self, const char *contains, const char *space)
{
  Expectation *expectation = g_new0 (Expectation, 1);

  expectation->contains = g_strdup (contains);
  expectation->space = g_strdup (space);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->expectations, expectation);
  g_mutex_unlock (&self->lock);
}

/* Called under the lock. Returns: (nullable): where the write belongs, NULL when it is there */
static const char *
right_space (NebulaMockJournal *self, const Write *entry)
{
  guint i;

  for (i = 0; i < self->expectations->len; i++)
    {
      const Expectation *expectation = g_ptr_array_index (self->expectations, i);

      if (strstr (entry->statement, expectation->contains) != NULL
          && !g_str_equal (entry->space, expectation->space))
        return expectation->space;
    }
  return NULL;
}

/* Returns: (transfer full) (nullable): what is wrong with the first write that landed in another
 * space than its own */
char *
nebula_mock_journal_find_misplaced (NebulaMockJournal *self)
{
  char *found = NULL;
  guint i;

  g_mutex_lock (&self->lock);
  for (i = 0; i < self->writes->len && found == NULL; i++)
    {
      const Write *entry = g_ptr_array_index (self->writes, i);
      const char *space = right_space (self, entry);

      if (space != NULL)
        found = g_strdup_printf ("write %u, by server %u: in space %s, expected %s: %s", i + 1,
                                 entry->server, entry->space, space, entry->statement);
    }
  g_mutex_unlock (&self->lock);
  return found;
}
