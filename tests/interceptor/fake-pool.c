/* SPDX-License-Identifier: Apache-2.0 */
#include "fake-pool.h"

/* The pool whose items are asked about: they know none. */
static FakePool *current;

static void
note (const char *what, FakeItem *item, const char *space)
{
  if (current->log->len > 0)
    g_string_append (current->log, ", ");
  g_string_append_printf (current->log, "%s %u%s%s", what, item->number, space != NULL ? " " : "",
                          space != NULL ? space : "");
}

static gpointer
make (gpointer user_data)
{
  FakeItem *item = g_new0 (FakeItem, 1);

  g_assert_true (user_data == current);
  g_mutex_lock (&current->lock);
  item->number = ++current->n_made;
  current->n_alive++;
  current->n_most = MAX (current->n_most, current->n_alive);
  note ("make", item, NULL);
  g_mutex_unlock (&current->lock);
  return item;
}

static gboolean
prepare (gpointer data, const char *space, const NebulaLimit *limit, GError **error)
{
  FakeItem *item = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&current->lock);

  note ("prepare", item, space);
  if (current->failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&current->failure));
      current->useless = TRUE;
      return FALSE;
    }
  g_free (item->space);
  item->space = g_strdup (space);
  return TRUE;
}

static gboolean
suits (gpointer item, const char *space)
{
  return g_strcmp0 (((FakeItem *) item)->space, space) == 0;
}

static gboolean
reset (gpointer item)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&current->lock);
  gboolean useless = current->useless;

  current->useless = FALSE;
  return !useless;
}

static void
retire (gpointer data, gint64 deadline)
{
  FakeItem *item = data;

  g_assert_cmpint (deadline, >, nebula_clock_get_now (NEBULA_CLOCK (current->clock)));
  g_mutex_lock (&current->lock);
  note ("retire", item, NULL);
  current->n_alive--;
  g_mutex_unlock (&current->lock);
  g_free (item->space);
  g_free (item);
}

static const NebulaPoolDriver driver = { make, prepare, suits, reset, retire };

void
fake_pool_open (FakePool *self, guint min_size, guint max_size)
{
  NebulaPoolBounds bounds = { min_size, max_size, FAKE_POOL_IDLE_TIMEOUT };

  g_clear_pointer (&self->queue, nebula_pool_queue_unref);
  self->queue = nebula_pool_queue_new (&driver, self, NULL, NEBULA_CLOCK (self->clock), &bounds);
}

void
fake_pool_set_up (FakePool *self, gconstpointer data)
{
  current = self;
  self->log = g_string_new (NULL);
  self->clock = nebula_manual_clock_new (FAKE_POOL_START);
  fake_pool_open (self, 0, 2);
}

void
fake_pool_tear_down (FakePool *self, gconstpointer data)
{
  g_clear_pointer (&self->queue, nebula_pool_queue_unref);
  g_assert_cmpuint (self->n_alive, ==, 0);
  g_assert_null (self->failure);
  g_string_free (self->log, TRUE);
  g_assert_finalize_object (self->clock);
  current = NULL;
}

FakeItem *
fake_pool_try_acquire (FakePool *self, const char *space, GError **error)
{
  NebulaLimit limit = { NEBULA_CLOCK (self->clock), 0, NULL };

  return nebula_pool_queue_acquire (self->queue, space, &limit, error);
}

FakeItem *
fake_pool_acquire (FakePool *self, const char *space)
{
  g_autoptr (GError) error = NULL;
  FakeItem *item = fake_pool_try_acquire (self, space, &error);

  g_assert_no_error (error);
  g_assert_nonnull (item);
  return item;
}

void
fake_pool_release (FakePool *self, FakeItem *item)
{
  nebula_pool_queue_release (self->queue, item, TRUE);
}

void
fake_pool_assert_counts (FakePool *self, guint n_idle, guint n_in_use, guint n_waiting)
{
  NebulaPoolCounts counts;

  nebula_pool_queue_count (self->queue, &counts);
  g_assert_cmpuint (counts.n_idle, ==, n_idle);
  g_assert_cmpuint (counts.n_in_use, ==, n_in_use);
  g_assert_cmpuint (counts.n_waiting, ==, n_waiting);
}

void
fake_pool_assert_log (FakePool *self, const char *expected)
{
  g_assert_cmpstr (self->log->str, ==, expected);
  g_string_truncate (self->log, 0);
}
