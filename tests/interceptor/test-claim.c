/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-claim-private.h"

#include <nebula-retry/nebula-retry.h>

/* Who has the right to do what only one may do, and how long the others wait. */

typedef struct
{
  NebulaClaim claim;
  NebulaLimit limit;
  GError *error;
  gboolean was_taken;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  nebula_claim_init (&self->claim);
  self->limit.clock = NEBULA_CLOCK (nebula_manual_clock_new (G_TIME_SPAN_SECOND));
  self->limit.deadline = G_MAXINT64;
  self->limit.cancellable = g_cancellable_new ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_error (&self->error);
  g_assert_finalize_object (self->limit.cancellable);
  g_assert_finalize_object (self->limit.clock);
  nebula_claim_clear (&self->claim);
}

static gpointer
take (gpointer data)
{
  Fixture *self = data;

  g_assert_false (nebula_claim_is_mine (&self->claim));
  self->was_taken = nebula_claim_take (&self->claim, &self->limit, &self->error);
  g_assert_cmpint (nebula_claim_is_mine (&self->claim), ==, self->was_taken);
  if (self->was_taken)
    nebula_claim_release (&self->claim);
  return NULL;
}

/* A thread that is about to wait for the claim, if it does not wait already. */
static GThread *
start_waiting (Fixture *self)
{
  guint cancelled = g_signal_lookup ("cancelled", G_TYPE_CANCELLABLE);
  GThread *thread = g_thread_new ("take", take, self);

  while (!g_signal_has_handler_pending (self->limit.cancellable, cancelled, 0, FALSE))
    g_thread_yield ();
  for (guint i = 0; i < 1000; i++)
    g_thread_yield ();
  return thread;
}

static void
test_released (Fixture *self, gconstpointer data)
{
  GThread *thread;

  g_test_summary ("who waits has it as soon as it is given back");
  g_assert_true (nebula_claim_take (&self->claim, &self->limit, NULL));
  g_assert_true (nebula_claim_is_mine (&self->claim));
  thread = start_waiting (self);
  nebula_claim_release (&self->claim);
  g_thread_join (thread);
  g_assert_no_error (self->error);
  g_assert_true (self->was_taken);
  g_assert_false (nebula_claim_is_mine (&self->claim));
}

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  GThread *thread;

  g_test_summary ("who waits without end stops when it is cancelled");
  g_assert_true (nebula_claim_take (&self->claim, &self->limit, NULL));
  thread = start_waiting (self);
  g_cancellable_cancel (self->limit.cancellable);
  g_thread_join (thread);
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (self->was_taken);
  g_assert_true (nebula_claim_is_mine (&self->claim));
  nebula_claim_release (&self->claim);
}

static void
test_late (Fixture *self, gconstpointer data)
{
  g_test_summary ("whose time is over waits no more, but takes what is free");
  self->limit.deadline = 0;
  g_assert_true (nebula_claim_take (&self->claim, &self->limit, NULL));
  g_thread_join (g_thread_new ("take", take, self));
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  nebula_claim_release (&self->claim);
}

static void
test_came_back (Fixture *self, gconstpointer data)
{
  g_test_summary ("who has it already is told so at once, without an error");
  g_assert_true (nebula_claim_take (&self->claim, &self->limit, NULL));
  g_assert_false (nebula_claim_take (&self->claim, &self->limit, &self->error));
  g_assert_no_error (self->error);
  nebula_claim_release (&self->claim);
  g_assert_true (nebula_claim_take (&self->claim, &self->limit, NULL));
  nebula_claim_release (&self->claim);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/claim/released", test_released);
  ADD ("/claim/cancelled", test_cancelled);
  ADD ("/claim/late", test_late);
  ADD ("/claim/came-back", test_came_back);
  return g_test_run ();
}
