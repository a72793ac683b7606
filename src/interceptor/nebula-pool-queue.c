/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-pool-queue-private.h"

/*
 * Whoever wants an item enters the line, and is served in the order of entering: with an idle item,
 * or with the leave to make one while there are less than the most. What takes time (connecting,
 * signing in and out) is done by the thread that wants or gives back the item, without the lock.
 */

/* How long the ends of all the items that are retired at once may take together. A server that is
 * there answers in far less, and one that is not must not hold the program up. */
#define RETIRE_LIMIT (3 * G_TIME_SPAN_SECOND)

/* An item that nobody uses. */
typedef struct
{
  gpointer item; /* (owned) */
  gint64 since;  /* on the queue's clock */
} IdleItem;

/* A waiter that sleeps until it is its turn. */
typedef struct
{
  NebulaPoolWaiter waiter;
  NebulaPoolQueue *queue; /* (unowned) */
  GCond changed;          /* of the queue's lock */
} Sleeper;

struct _NebulaPoolQueue
{
  gatomicrefcount refs;
  const NebulaPoolDriver *driver; /* constant */
  gpointer user_data;             /* (owned), constant */
  GDestroyNotify destroy;         /* (nullable): of user_data */
  NebulaClock *clock;             /* (owned), constant */
  NebulaPoolBounds bounds;        /* constant */

  GMutex lock;

  /* guarded by the lock */
  GQueue idle;    /* (owned): of IdleItem, the one used last first */
  GQueue waiters; /* (unowned): of NebulaPoolWaiter, the one that came first first */
  guint n_items;  /* idle, in use, being made and being retired */
  gboolean closed;
};

/**
 * nebula_pool_queue_new:
 * @driver: (not nullable): what is done to items; has to live as long as the queue
 * @user_data: for @driver's make
 * @destroy: (nullable): frees @user_data with the queue
 *
 * Returns: (transfer full): a queue without items
 */
NebulaPoolQueue *
nebula_pool_queue_new (const NebulaPoolDriver *driver,
                       gpointer user_data,
                       GDestroyNotify destroy,
                       NebulaClock *clock,
                       const NebulaPoolBounds *bounds)
{
  NebulaPoolQueue *self = g_new0 (NebulaPoolQueue, 1);

  g_atomic_ref_count_init (&self->refs);
  self->driver = driver;
  self->user_data = user_data;
  self->destroy = destroy;
  self->clock = g_object_ref (clock);
  self->bounds = *bounds;
  g_mutex_init (&self->lock);
  g_queue_init (&self->idle);
  g_queue_init (&self->waiters);
  return self;
}

NebulaPoolQueue *
nebula_pool_queue_ref (NebulaPoolQueue *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/* The last one ends what is idle. */
void
nebula_pool_queue_unref (NebulaPoolQueue *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  nebula_pool_queue_close (self);
  g_assert (self->n_items == 0);
  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_clear_object (&self->clock);
  g_mutex_clear (&self->lock);
  g_free (self);
}

NebulaClock *
nebula_pool_queue_get_clock (NebulaPoolQueue *self)
{
  return self->clock;
}

void
nebula_pool_set_cancelled (GError **error)
{
  g_set_error_literal (error, NEBULA_ERROR, NEBULA_ERROR_CANCELLED,
                       "cancelled while waiting for an interceptor of the pool");
}

static void
set_closed (GError **error)
{
  g_set_error_literal (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE, "the pool is closed");
}

/* Called under the lock, while @waiter still stands in the line: so nothing is idle. */
static void
set_timed_out (NebulaPoolQueue *self, NebulaPoolWaiter *waiter, GError **error)
{
  g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE,
               "timed out waiting for an interceptor of the pool: %u of at most %u in use, "
               "%d waiting before this one",
               self->n_items, self->bounds.max_size, g_queue_index (&self->waiters, waiter));
}

/* Called under the lock. */
static void
end_wait (NebulaPoolQueue *self, NebulaPoolWaiter *waiter, NebulaPoolTurn turn)
{
  g_queue_unlink (&self->waiters, &waiter->link);
  waiter->turn = turn;
  waiter->notify (waiter);
}

/* Called under the lock. The one used last is the one most likely to be connected still; where
 * none suits, the one used longest ago is the one that its own space misses least. */
static gpointer
take_idle (NebulaPoolQueue *self, const char *space)
{
  GList *link = self->idle.head;
  IdleItem *idle;
  gpointer item;

  while (link != NULL && !self->driver->suits (((IdleItem *) link->data)->item, space))
    link = link->next;
  if (link == NULL)
    link = self->idle.tail;
  if (link == NULL)
    return NULL;

  idle = link->data;
  item = idle->item;
  g_queue_delete_link (&self->idle, link);
  g_free (idle);
  return item;
}

/* Called under the lock after each change: whose turn it is by now is told. */
static void
serve (NebulaPoolQueue *self)
{
  while (self->waiters.head != NULL)
    {
      NebulaPoolWaiter *first = self->waiters.head->data;

      first->item = take_idle (self, first->space);
      if (first->item == NULL && self->n_items == self->bounds.max_size)
        return;
      if (first->item == NULL)
        self->n_items++;
      end_wait (self, first, NEBULA_POOL_TURN_GRANTED);
    }
}

/* Called under the lock: the idle items that are to be retired now, all of them or the old ones. */
static GSList *
take_old (NebulaPoolQueue *self, gint64 now)
{
  guint n_kept = self->closed ? 0 : self->bounds.min_size;
  GSList *old = NULL;

  for (guint n = self->n_items; n > n_kept && self->idle.tail != NULL; n--)
    {
      IdleItem *idle = self->idle.tail->data;

      if (!self->closed && now - idle->since < self->bounds.idle_timeout)
        break;
      old = g_slist_prepend (old, idle->item);
      g_free (g_queue_pop_tail (&self->idle));
    }
  return old;
}

/* An item counts until it has ended: so many sessions, and no more, are ever there at once. */
static void
retire (NebulaPoolQueue *self, gpointer item, gint64 deadline)
{
  self->driver->retire (item, deadline);
  g_mutex_lock (&self->lock);
  self->n_items--;
  serve (self);
  g_mutex_unlock (&self->lock);
}

/* @items: (transfer full) */
static void
retire_all (NebulaPoolQueue *self, GSList *items)
{
  gint64 deadline = items != NULL ? nebula_clock_get_now (self->clock) + RETIRE_LIMIT : 0;

  for (GSList *link = items; link != NULL; link = link->next)
    retire (self, link->data, deadline);
  g_slist_free (items);
}

/**
 * nebula_pool_queue_enter:
 * @waiter: zero but for space, deadline and notify
 *
 * Goes to the end of the line. The waiter may be told before this returns. One that has left
 * already is never told.
 */
void
nebula_pool_queue_enter (NebulaPoolQueue *self, NebulaPoolWaiter *waiter)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (waiter->turn == NEBULA_POOL_TURN_LEFT)
    return;
  waiter->link.data = waiter;
  g_queue_push_tail_link (&self->waiters, &waiter->link);
  if (self->closed)
    {
      set_closed (&waiter->error);
      end_wait (self, waiter, NEBULA_POOL_TURN_FAILED);
      return;
    }
  serve (self);
}

/**
 * nebula_pool_queue_leave:
 *
 * Leaves the line, or never enters it.
 *
 * Returns: %FALSE when it was told its turn before, and has to take it
 */
gboolean
nebula_pool_queue_leave (NebulaPoolQueue *self, NebulaPoolWaiter *waiter)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (waiter->turn != NEBULA_POOL_TURN_NOT_YET)
    return FALSE;
  waiter->turn = NEBULA_POOL_TURN_LEFT;
  if (waiter->link.data != NULL)
    g_queue_unlink (&self->waiters, &waiter->link);
  return TRUE;
}

/* Called under the lock. */
static void
fail_all (NebulaPoolQueue *self, const GError *error)
{
  while (self->waiters.head != NULL)
    {
      NebulaPoolWaiter *waiter = self->waiters.head->data;

      waiter->error = g_error_copy (error);
      end_wait (self, waiter, NEBULA_POOL_TURN_FAILED);
    }
}

/* A refused password stays wrong, and each further try counts towards the account's lock: nobody
 * who waits shall make one. */
static void
share_refusal (NebulaPoolQueue *self, const GError *error)
{
  NebulaOutcome *outcome = nebula_error_get_outcome (error);
  NebulaCause cause = outcome != NULL ? nebula_outcome_get_cause (outcome) : NEBULA_CAUSE_NONE;

  if (cause != NEBULA_CAUSE_CREDENTIALS && cause != NEBULA_CAUSE_LOCKED)
    return;
  g_mutex_lock (&self->lock);
  fail_all (self, error);
  g_mutex_unlock (&self->lock);
}

/**
 * nebula_pool_queue_take:
 * @waiter: one that was told; cleared
 * @limit: how long its preparation may take
 *
 * Returns: (transfer full) (nullable): an item, ready; to be given back by
 *   nebula_pool_queue_release()
 */
gpointer
nebula_pool_queue_take (NebulaPoolQueue *self,
                        NebulaPoolWaiter *waiter,
                        const NebulaLimit *limit,
                        GError **error)
{
  gpointer item = g_steal_pointer (&waiter->item);
  GError *failure = NULL;

  g_assert (waiter->turn != NEBULA_POOL_TURN_NOT_YET);
  if (waiter->turn == NEBULA_POOL_TURN_FAILED)
    {
      g_propagate_error (error, g_steal_pointer (&waiter->error));
      return NULL;
    }
  if (item == NULL)
    item = self->driver->make (self->user_data);
  if (g_cancellable_is_cancelled (limit->cancellable))
    nebula_pool_set_cancelled (&failure);
  else if (self->driver->prepare (item, waiter->space, limit, &failure))
    return item;
  share_refusal (self, failure);
  nebula_pool_queue_release (self, item, TRUE);
  g_propagate_error (error, failure);
  return NULL;
}

static void
wake (NebulaPoolWaiter *waiter)
{
  g_cond_signal (&((Sleeper *) waiter)->changed);
}

static void
wake_cancelled (GCancellable *cancellable, gpointer sleeper)
{
  NebulaPoolQueue *queue = ((Sleeper *) sleeper)->queue;

  g_mutex_lock (&queue->lock);
  wake (sleeper);
  g_mutex_unlock (&queue->lock);
}

/* FALSE, out of the line and with @error set, when the limit came before the turn. */
static gboolean
sleep_until_turn (NebulaPoolQueue *self, Sleeper *sleeper, const NebulaLimit *limit, GError **error)
{
  NebulaPoolWaiter *waiter = &sleeper->waiter;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gint64 end;

  if (waiter->turn != NEBULA_POOL_TURN_NOT_YET)
    return TRUE;
  end = nebula_limit_get_end (limit);
  while (waiter->turn == NEBULA_POOL_TURN_NOT_YET
         && !g_cancellable_is_cancelled (limit->cancellable))
    if (!g_cond_wait_until (&sleeper->changed, &self->lock, end))
      break;
  if (waiter->turn != NEBULA_POOL_TURN_NOT_YET)
    return TRUE;

  if (g_cancellable_is_cancelled (limit->cancellable))
    nebula_pool_set_cancelled (error);
  else
    set_timed_out (self, waiter, error);
  g_queue_unlink (&self->waiters, &waiter->link);
  return FALSE;
}

/**
 * nebula_pool_queue_acquire:
 * @space: (nullable): where the item is wanted
 * @limit: how long all of it may take
 * @error: what the preparation failed with, or %NEBULA_ERROR_RETRYABLE when the limit came first,
 *   %NEBULA_ERROR_CANCELLED or, when the queue is closed, %NEBULA_ERROR_WRONG_STATE
 *
 * Returns: (transfer full) (nullable): an item, to be given back by nebula_pool_queue_release()
 */
gpointer
nebula_pool_queue_acquire (NebulaPoolQueue *self,
                           const char *space,
                           const NebulaLimit *limit,
                           GError **error)
{
  Sleeper sleeper = {
    .waiter = { .space = space, .deadline = limit->deadline, .notify = wake },
    .queue = self,
  };
  gulong handler = 0;
  gboolean is_turn;

  g_cond_init (&sleeper.changed);
  nebula_pool_queue_enter (self, &sleeper.waiter);
  if (limit->cancellable != NULL)
    handler = g_cancellable_connect (limit->cancellable, G_CALLBACK (wake_cancelled), &sleeper,
                                     NULL);
  is_turn = sleep_until_turn (self, &sleeper, limit, error);
  g_cancellable_disconnect (limit->cancellable, handler);
  g_cond_clear (&sleeper.changed);
  return is_turn ? nebula_pool_queue_take (self, &sleeper.waiter, limit, error) : NULL;
}

/**
 * nebula_pool_queue_release:
 * @item: (transfer full): from nebula_pool_queue_take()
 * @keep: whether it may be used again
 *
 * Gives an item back.
 */
void
nebula_pool_queue_release (NebulaPoolQueue *self, gpointer item, gboolean keep)
{
  gint64 now = nebula_clock_get_now (self->clock);

  keep = self->driver->reset (item) && keep;
  g_mutex_lock (&self->lock);
  if (keep)
    {
      IdleItem *idle = g_new (IdleItem, 1);

      idle->item = item;
      idle->since = now;
      g_queue_push_head (&self->idle, idle);
      serve (self);
    }
  g_mutex_unlock (&self->lock);
  if (!keep)
    retire (self, item, now + RETIRE_LIMIT);
  nebula_pool_queue_tidy (self);
}

/* The leave to make an item beside those of the line. */
static NebulaPoolTurn
begin_item (NebulaPoolQueue *self, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->closed)
    {
      set_closed (error);
      return NEBULA_POOL_TURN_FAILED;
    }
  if (self->n_items >= MIN (self->bounds.min_size, self->bounds.max_size))
    return NEBULA_POOL_TURN_NOT_YET;
  self->n_items++;
  return NEBULA_POOL_TURN_GRANTED;
}

/**
 * nebula_pool_queue_fill:
 * @space: (nullable): where the items will be wanted
 * @limit: how long all of it may take
 * @error: as of nebula_pool_queue_acquire()
 *
 * Makes items until there are as many as are kept.
 */
gboolean
nebula_pool_queue_fill (NebulaPoolQueue *self,
                        const char *space,
                        const NebulaLimit *limit,
                        GError **error)
{
  NebulaPoolWaiter waiter = { .space = space };
  gpointer item;

  while ((waiter.turn = begin_item (self, error)) == NEBULA_POOL_TURN_GRANTED)
    {
      item = nebula_pool_queue_take (self, &waiter, limit, error);
      if (item == NULL)
        return FALSE;
      nebula_pool_queue_release (self, item, TRUE);
    }
  return waiter.turn == NEBULA_POOL_TURN_NOT_YET;
}

/* Called under the lock: waiters whose time has passed by the clock, even while they sleep. */
static void
expire (NebulaPoolQueue *self, gint64 now)
{
  GList *next;

  for (GList *link = self->waiters.head; link != NULL; link = next)
    {
      NebulaPoolWaiter *waiter = link->data;

      next = link->next;
      if (waiter->deadline > now)
        continue;
      set_timed_out (self, waiter, &waiter->error);
      end_wait (self, waiter, NEBULA_POOL_TURN_FAILED);
    }
}

/**
 * nebula_pool_queue_tidy:
 *
 * Does what the time asks for: ends items that were idle for too long, and waits that are over.
 */
void
nebula_pool_queue_tidy (NebulaPoolQueue *self)
{
  gint64 now = nebula_clock_get_now (self->clock);
  GSList *old;

  g_mutex_lock (&self->lock);
  expire (self, now);
  old = take_old (self, now);
  g_mutex_unlock (&self->lock);
  retire_all (self, old);
}

/**
 * nebula_pool_queue_close:
 *
 * From now on nobody gets an item: those who wait are told so, idle items are ended, and those in
 * use when they come back. May be repeated.
 */
void
nebula_pool_queue_close (NebulaPoolQueue *self)
{
  g_autoptr (GError) error = NULL;
  GSList *all;

  set_closed (&error);
  g_mutex_lock (&self->lock);
  self->closed = TRUE;
  fail_all (self, error);
  all = take_old (self, 0);
  g_mutex_unlock (&self->lock);
  retire_all (self, all);
}

void
nebula_pool_queue_count (NebulaPoolQueue *self, NebulaPoolCounts *counts)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  counts->n_idle = self->idle.length;
  counts->n_in_use = self->n_items - self->idle.length;
  counts->n_waiting = self->waiters.length;
}
