/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-ledger-private.h"

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
};

NebulaMockLedger *
nebula_mock_ledger_new (void)
{
  NebulaMockLedger *self = g_new0 (NebulaMockLedger, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->called);
  self->calls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
nebula_mock_ledger_free (NebulaMockLedger *self)
{
  g_hash_table_unref (self->calls);
  g_hash_table_unref (self->statements);
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
