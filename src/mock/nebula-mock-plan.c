/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-plan-private.h"

typedef struct
{
  NebulaMockFault *fault; /* (owned) */
  guint            matched;
} Entry;

struct _NebulaMockPlan
{
  GMutex  lock;
  GArray *entries; /* (owned) (element-type Entry): under the lock */
};

static void
entry_clear (gpointer data)
{
  nebula_mock_fault_unref (((Entry *) data)->fault);
}

NebulaMockPlan *
nebula_mock_plan_new (void)
{
  NebulaMockPlan *self = g_new0 (NebulaMockPlan, 1);

  g_mutex_init (&self->lock);
  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_set_clear_func (self->entries, entry_clear);
  return self;
}

void
nebula_mock_plan_free (NebulaMockPlan *self)
{
  g_array_unref (self->entries);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
nebula_mock_plan_add (NebulaMockPlan  *self,
                      NebulaMockFault *fault)
{
  Entry entry = { nebula_mock_fault_ref (fault), 0 };

  g_mutex_lock (&self->lock);
  g_array_append_val (self->entries, entry);
  g_mutex_unlock (&self->lock);
}

void
nebula_mock_plan_clear (NebulaMockPlan *self)
{
  g_mutex_lock (&self->lock);
  g_array_set_size (self->entries, 0);
  g_mutex_unlock (&self->lock);
}

/* What happens now: any number of faults that go on, then at most one that does not. Every entry
 * that matches counts, so that "the second INSERT" does not depend on what other faults did.
 * Returns: (transfer full) (element-type NebulaMockFault) */
GPtrArray *
nebula_mock_plan_consult (NebulaMockPlan  *self,
                          NebulaMockMoment moment,
                          const char      *method,
                          const char      *text)
{
  GPtrArray *faults = g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_mock_fault_unref);
  gboolean decided = FALSE;
  guint i;

  g_mutex_lock (&self->lock);
  for (i = 0; i < self->entries->len; i++)
    {
      Entry *entry = &g_array_index (self->entries, Entry, i);

      if (nebula_mock_fault_kind_get_moment (entry->fault->kind) != moment ||
          !nebula_mock_fault_matches (entry->fault, method, text))
        continue;
      entry->matched++;
      if (decided || !nebula_mock_fault_covers (entry->fault, entry->matched))
        continue;
      g_ptr_array_add (faults, nebula_mock_fault_ref (entry->fault));
      decided = !nebula_mock_fault_goes_on (entry->fault);
    }
  g_mutex_unlock (&self->lock);
  return faults;
}
