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
  GCond       changed;    /* signalled at each call, and when a statement was applied */
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
  g_cond_init (&self->changed);
  self->calls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
nebula_mock_ledger_free (NebulaMockLedger *self)
{
  g_hash_table_unref (self->calls);
  g_hash_table_unref (self->statements);
  g_cond_clear (&self->changed);
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
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

void
nebula_mock_ledger_count_applied (NebulaMockLedger *self,
                                  const char       *statement)
{
  g_mutex_lock (&self->lock);
  ensure_counts (self, statement)->applied++;
  self->all.applied++;
  g_cond_broadcast (&self->changed);
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

/* Called under the lock. @statement: (nullable): NULL for all */
static Counts
counts_of (NebulaMockLedger *self,
           const char       *statement)
{
  static const Counts none = { 0, 0 };
  const Counts *found =
    statement == NULL ? &self->all : g_hash_table_lookup (self->statements, statement);

  return found != NULL ? *found : none;
}

static Counts
get_counts (NebulaMockLedger *self,
            const char       *statement)
{
  Counts counts;

  g_mutex_lock (&self->lock);
  counts = counts_of (self, statement);
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

/* What is waited for: so many calls of a method, or applications of a statement. */
typedef guint (*CountFunc) (NebulaMockLedger *self, const char *what);

static guint
applied_of (NebulaMockLedger *self,
            const char       *statement)
{
  return counts_of (self, statement).applied;
}

/* Returns: FALSE when it took longer */
static gboolean
wait_for (NebulaMockLedger *self,
          CountFunc         get,
          const char       *what,
          guint             count,
          gint64            timeout_us)
{
  const gint64 deadline = g_get_monotonic_time () + timeout_us;
  gboolean in_time = TRUE, enough;

  g_mutex_lock (&self->lock);
  while (!(enough = get (self, what) >= count) && in_time)
    in_time = g_cond_wait_until (&self->changed, &self->lock, deadline);
  g_mutex_unlock (&self->lock);
  return enough;
}

/* @method: (nullable): NULL for any. Returns: FALSE when it took longer */
gboolean
nebula_mock_ledger_wait_for_calls (NebulaMockLedger *self,
                                   const char       *method,
                                   guint             count,
                                   gint64            timeout_us)
{
  return wait_for (self, count_of, method, count, timeout_us);
}

/* @statement: (nullable): NULL for any. Returns: FALSE when it took longer */
gboolean
nebula_mock_ledger_wait_for_applied (NebulaMockLedger *self,
                                     const char       *statement,
                                     guint             count,
                                     gint64            timeout_us)
{
  return wait_for (self, applied_of, statement, count, timeout_us);
}
