/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-pool-private.h"

/*
 * A function that runs in a thread with a lease. It stands in the same line as everybody who
 * acquires, but no thread waits there for it: a thread gets it when it is its turn. Where the
 * result goes, and everything that concerns the end, is done in the caller's main context alone, so
 * that cancelling and finishing cannot meet.
 */

typedef struct
{
  NebulaPoolWaiter waiter; /* first: the queue knows no more of it */
  GTask *task;             /* (unowned): whose data this is; a reference goes from hand to hand:
                            * the line, the thread, the source that returns */
  NebulaPoolRunFunc func;
  gpointer user_data;     /* (owned) */
  GDestroyNotify destroy; /* (nullable): of user_data */
  GSource *cancelled;     /* (owned) (nullable): of the caller's context */

  gpointer result;               /* (owned) (nullable): what func returned */
  GDestroyNotify destroy_result; /* (nullable) */
  GError *error;                 /* (owned) (nullable) */
} Run;

static void
run_free (gpointer data)
{
  Run *self = data;

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_clear_pointer (&self->cancelled, g_source_unref);
  g_clear_error (&self->error);
  g_free (self);
}

static NebulaPool *
get_pool (Run *self)
{
  return g_task_get_source_object (self->task);
}

/* It is the turn of @waiter, whose pool lives as long as its task. */
static void
start (NebulaPoolWaiter *waiter)
{
  nebula_pool_push_run (get_pool ((Run *) waiter), waiter);
}

/* In the caller's context: hands over what there is, and with it the last reference. */
static void
finish (Run *self)
{
  GTask *task = self->task;

  if (self->cancelled != NULL)
    g_source_destroy (self->cancelled);
  if (self->error != NULL)
    g_task_return_error (task, g_steal_pointer (&self->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&self->result), self->destroy_result);
  g_object_unref (task);
}

static gboolean
on_done (gpointer run)
{
  finish (run);
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  Run *self = data;

  /* Where it is too late, the thread sees the cancellable by itself. */
  if (nebula_pool_queue_leave (nebula_pool_get_queue (get_pool (self)), &self->waiter))
    {
      nebula_pool_set_cancelled (&self->error);
      finish (self);
    }
  return G_SOURCE_REMOVE;
}

static void
call_func (Run *self, NebulaPoolEntry *entry)
{
  NebulaPoolQueue *queue = nebula_pool_get_queue (get_pool (self));
  g_autoptr (NebulaPoolLease) lease = nebula_pool_lease_new (queue, entry);
  GCancellable *cancellable = g_task_get_cancellable (self->task);

  nebula_interceptor_set_cancellable (nebula_pool_lease_get_interceptor (lease), cancellable);
  self->result = self->func (lease, cancellable, self->user_data, &self->destroy_result,
                             &self->error);
}

/**
 * nebula_pool_run_work:
 * @data: a run whose turn it is
 *
 * In a thread of the pool. The lease is given back before the caller hears of the end.
 */
void
nebula_pool_run_work (gpointer data, gpointer unused)
{
  Run *self = data;
  NebulaPoolQueue *queue = nebula_pool_get_queue (get_pool (self));
  NebulaLimit limit = {
    nebula_pool_queue_get_clock (queue),
    G_MAXINT64,
    g_task_get_cancellable (self->task),
  };
  NebulaPoolEntry *entry = nebula_pool_queue_take (queue, &self->waiter, &limit, &self->error);
  g_autoptr (GSource) source = g_idle_source_new ();

  if (entry != NULL)
    call_func (self, entry);
  g_source_set_priority (source, g_task_get_priority (self->task));
  g_source_set_callback (source, on_done, self, NULL);
  g_source_set_static_name (source, "nebula_pool_run_async");
  g_source_attach (source, g_task_get_context (self->task));
}

static void
watch_cancellable (Run *self, GCancellable *cancellable)
{
  self->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancelled, G_SOURCE_FUNC (on_cancelled), self, NULL);
  g_source_attach (self->cancelled, g_task_get_context (self->task));
}

/**
 * nebula_pool_run_async:
 * @func: (scope async) (closure user_data): what runs in a thread, with a lease
 * @user_data: for @func
 * @destroy: (nullable): frees @user_data, after @func or instead of it, in any thread
 * @cancellable: (nullable): ends the wait for an interceptor, and calls that @func makes
 * @callback: (nullable): told when the result is there
 * @callback_data: for @callback
 *
 * For programs with a main loop, which must not block. @func runs in another thread as soon as an
 * interceptor is free, at most #NebulaPool:max-size of them at the same time, in the order in which
 * they were asked for. The interceptor is given back when @func returns; then @callback is called
 * from the caller's thread-default main context, never before this function returns.
 *
 * The pool lives at least until then.
 *
 * Since: 0.1
 */
void
nebula_pool_run_async (NebulaPool *self,
                       NebulaPoolRunFunc func,
                       gpointer user_data,
                       GDestroyNotify destroy,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer callback_data)
{
  g_autoptr (GTask) task = NULL;
  Run *run;

  g_return_if_fail (NEBULA_IS_POOL (self));
  g_return_if_fail (func != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  run = g_new0 (Run, 1);
  run->waiter = (NebulaPoolWaiter){
    .space = nebula_pool_get_space (self),
    .deadline = G_MAXINT64,
    .notify = start,
  };
  run->func = func;
  run->user_data = user_data;
  run->destroy = destroy;
  run->task = g_task_new (self, cancellable, callback, callback_data);
  g_task_set_source_tag (run->task, nebula_pool_run_async);
  /* What was applied stays applied, whoever cancels when it is done. */
  g_task_set_check_cancellable (run->task, FALSE);
  g_task_set_task_data (run->task, run, run_free);
  /* Where another thread runs the main context, all may be over before this function is. */
  task = g_object_ref (run->task);
  if (cancellable != NULL)
    watch_cancellable (run, cancellable);
  nebula_pool_queue_enter (nebula_pool_get_queue (self), &run->waiter);
}

/**
 * nebula_pool_run_finish:
 * @result: what the callback was given
 * @error: return location of what the function failed with, or nebula_pool_acquire()
 *
 * Ends nebula_pool_run_async().
 *
 * Returns: (transfer full) (nullable): what the function returned; when nobody asks for it, it is
 *   freed as the function said
 *
 * Since: 0.1
 */
gpointer
nebula_pool_run_finish (NebulaPool *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (NEBULA_IS_POOL (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, nebula_pool_run_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
