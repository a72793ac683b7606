/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-channel-private.h"

G_BEGIN_DECLS

/**
 * NebulaPoolQueue:
 *
 * The mechanics of a pool, whatever the items are: how many there are, which of them are idle, and
 * who waits for one. Reference counted, safe in any thread.
 */
typedef struct _NebulaPoolQueue NebulaPoolQueue;

/**
 * NebulaPoolDriver:
 * @make: (transfer full): a new item; quick, connects nothing
 * @prepare: makes an item ready to be handed out in @space (%NULL for none)
 * @suits: whether an idle item needs nothing to be ready; quick, called with the queue's lock held
 * @reset: an item came back; %FALSE when it is of no use any more
 * @retire: (transfer full): ends an item, by @deadline
 *
 * What a queue does to its items. All but @suits are called without a lock, and may block.
 */
typedef struct
{
  gpointer (*make) (gpointer user_data);
  gboolean (*prepare) (gpointer item, const char *space, const NebulaLimit *limit, GError **error);
  gboolean (*suits) (gpointer item, const char *space);
  gboolean (*reset) (gpointer item);
  void (*retire) (gpointer item, gint64 deadline);
} NebulaPoolDriver;

/**
 * NebulaPoolBounds:
 * @min_size: so many are kept, however long they are idle
 * @max_size: never more than so many
 * @idle_timeout: how long those beyond @min_size may be idle, in microseconds
 */
typedef struct
{
  guint min_size;
  guint max_size;
  gint64 idle_timeout;
} NebulaPoolBounds;

typedef enum
{
  NEBULA_POOL_TURN_NOT_YET,
  NEBULA_POOL_TURN_GRANTED,
  NEBULA_POOL_TURN_FAILED,
  NEBULA_POOL_TURN_LEFT,
} NebulaPoolTurn;

typedef struct _NebulaPoolWaiter NebulaPoolWaiter;

/**
 * NebulaPoolWaiter:
 * @space: (owned by the caller) (nullable): where the item is wanted
 * @deadline: on the queue's clock, G_MAXINT64 for never
 * @notify: @turn has changed; called with the queue's lock held, for nothing but a wake-up
 * @turn: guarded by the queue's lock while it is %NEBULA_POOL_TURN_NOT_YET
 * @item: (nullable): an idle one, once granted; %NULL is the leave to make one
 * @error: (owned) (nullable): why there will be none
 * @link: its place in the queue; without data before it has one
 *
 * Somebody who waits for an item. The caller owns the memory.
 */
struct _NebulaPoolWaiter
{
  const char *space;
  gint64 deadline;
  void (*notify) (NebulaPoolWaiter *self);
  NebulaPoolTurn turn;
  gpointer item;
  GError *error;
  GList link;
};

typedef struct
{
  guint n_idle;
  guint n_in_use;
  guint n_waiting;
} NebulaPoolCounts;

NebulaPoolQueue *nebula_pool_queue_new (const NebulaPoolDriver *driver,
                                        gpointer user_data,
                                        GDestroyNotify destroy,
                                        NebulaClock *clock,
                                        const NebulaPoolBounds *bounds);
NebulaPoolQueue *nebula_pool_queue_ref (NebulaPoolQueue *self);
void nebula_pool_queue_unref (NebulaPoolQueue *self);
NebulaClock *nebula_pool_queue_get_clock (NebulaPoolQueue *self);

/* All in one, for a thread that waits. */
gpointer nebula_pool_queue_acquire (NebulaPoolQueue *self,
                                    const char *space,
                                    const NebulaLimit *limit,
                                    GError **error);

gboolean nebula_pool_queue_fill (NebulaPoolQueue *self,
                                 const char *space,
                                 const NebulaLimit *limit,
                                 GError **error);

/* The same in steps, for those who are told. */
void nebula_pool_queue_enter (NebulaPoolQueue *self, NebulaPoolWaiter *waiter);
gboolean nebula_pool_queue_leave (NebulaPoolQueue *self, NebulaPoolWaiter *waiter);
gpointer nebula_pool_queue_take (NebulaPoolQueue *self,
                                 NebulaPoolWaiter *waiter,
                                 const NebulaLimit *limit,
                                 GError **error);

void nebula_pool_queue_release (NebulaPoolQueue *self, gpointer item, gboolean keep);
void nebula_pool_queue_tidy (NebulaPoolQueue *self);
void nebula_pool_queue_close (NebulaPoolQueue *self);
void nebula_pool_queue_count (NebulaPoolQueue *self, NebulaPoolCounts *counts);

void nebula_pool_set_cancelled (GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaPoolQueue, nebula_pool_queue_unref)

G_END_DECLS
