/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-operator-private.h"

#include "nebula-mock-gate-private.h"

typedef struct
{
  NebulaMockAction action;
  guint server;
  char *space;          /* (owned) (nullable) */
  NebulaMockGate *done; /* (owned): opened when it has been done, or never will be */
} Request;

struct _NebulaMockOperator
{
  gatomicrefcount refs;
  NebulaMockPerform perform;
  gpointer data;   /* (unowned): of perform */
  GThread *thread; /* (owned) (nullable): of nebula_mock_operator_close () */
  GMutex lock;     /* for all below */
  GCond changed;
  GQueue requests; /* (element-type Request) */
  gboolean closed;
};

static void
request_free (Request *request)
{
  nebula_mock_gate_set_open (request->done, TRUE);
  nebula_mock_gate_unref (request->done);
  g_free (request->space);
  g_free (request);
}

/* Returns: (transfer full) (nullable): NULL at the end */
static Request *
take_request (NebulaMockOperator *self)
{
  Request *request;

  g_mutex_lock (&self->lock);
  while (!self->closed && g_queue_is_empty (&self->requests))
    g_cond_wait (&self->changed, &self->lock);
  request = self->closed ? NULL : g_queue_pop_head (&self->requests);
  g_mutex_unlock (&self->lock);
  return request;
}

static gpointer
work (gpointer data)
{
  NebulaMockOperator *self = data;
  Request *request;

  while ((request = take_request (self)) != NULL)
    {
      self->perform (request->action, request->server, request->space, self->data);
      request_free (request);
    }
  return NULL;
}

NebulaMockOperator *
nebula_mock_operator_new (NebulaMockPerform perform, gpointer data)
{
  NebulaMockOperator *self = g_new0 (NebulaMockOperator, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_queue_init (&self->requests);
  self->perform = perform;
  self->data = data;
  self->thread = g_thread_new ("nebula-mock-operator", work, self);
  return self;
}

NebulaMockOperator *
nebula_mock_operator_ref (NebulaMockOperator *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/* The last one comes after nebula_mock_operator_close (). */
void
nebula_mock_operator_unref (NebulaMockOperator *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Ends the thread, after what it is about, and does nothing any more: once, by whoever made it. */
void
nebula_mock_operator_close (NebulaMockOperator *self)
{
  g_mutex_lock (&self->lock);
  self->closed = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&self->thread, g_thread_join);
  g_queue_clear_full (&self->requests, (GDestroyNotify) request_free);
}

/* Waits until it has been done. Returns: FALSE when @wake_fd was readable before */
gboolean
nebula_mock_operator_ask (NebulaMockOperator *self,
                          NebulaMockAction action,
                          guint server,
                          const char *space,
                          int wake_fd)
{
  g_autoptr (NebulaMockGate) done = nebula_mock_gate_new (FALSE);
  Request *request = g_new0 (Request, 1);

  request->action = action;
  request->server = server;
  request->space = g_strdup (space);
  request->done = nebula_mock_gate_ref (done);
  g_mutex_lock (&self->lock);
  if (!self->closed)
    {
      g_queue_push_tail (&self->requests, g_steal_pointer (&request));
      g_cond_signal (&self->changed);
    }
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&request, request_free);
  return nebula_mock_gate_pass (done, wake_fd);
}
