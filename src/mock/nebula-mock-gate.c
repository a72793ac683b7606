/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-gate-private.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Who waits has a file descriptor, and not a condition: it has to wait for the end of its
 * connection, too, and that comes by a file descriptor. */

typedef struct
{
  int      fd;     /* readable once it may pass */
  gboolean passes; /* under the gate's lock */
} Waiter;

struct _NebulaMockGate
{
  gatomicrefcount refs;
  GMutex          lock;    /* for all below */
  GCond           came;    /* signalled when one more waits */
  gboolean        is_open;
  guint           permits; /* so many who come may pass a closed gate */
  GQueue          waiters; /* (element-type Waiter) (unowned): the first one passes first */
};

NebulaMockGate *
nebula_mock_gate_new (gboolean is_open)
{
  NebulaMockGate *self = g_new0 (NebulaMockGate, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  g_cond_init (&self->came);
  g_queue_init (&self->waiters);
  self->is_open = is_open;
  return self;
}

NebulaMockGate *
nebula_mock_gate_ref (NebulaMockGate *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
nebula_mock_gate_unref (NebulaMockGate *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_cond_clear (&self->came);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Called under the lock. Returns: FALSE when nobody waits */
static gboolean
let_first_through (NebulaMockGate *self)
{
  const guint64 one = 1;
  Waiter *waiter = g_queue_pop_head (&self->waiters);

  if (waiter == NULL)
    return FALSE;
  waiter->passes = TRUE;
  /* It cannot fail: the counter is 0. */
  (void) !write (waiter->fd, &one, sizeof one);
  return TRUE;
}

/* Opening lets all through who wait; closing takes back the permits that are left. */
void
nebula_mock_gate_set_open (NebulaMockGate *self, gboolean is_open)
{
  g_mutex_lock (&self->lock);
  self->is_open = is_open;
  self->permits = 0;
  while (is_open && let_first_through (self))
    ;
  g_mutex_unlock (&self->lock);
}

/* Lets @count more through a closed gate: those who wait, then those who come. */
void
nebula_mock_gate_let_through (NebulaMockGate *self, guint count)
{
  g_mutex_lock (&self->lock);
  while (count > 0 && let_first_through (self))
    count--;
  self->permits += count;
  g_mutex_unlock (&self->lock);
}

/* Lets those through who wait, and nobody who comes later. */
void
nebula_mock_gate_let_waiting_through (NebulaMockGate *self)
{
  g_mutex_lock (&self->lock);
  while (let_first_through (self))
    ;
  g_mutex_unlock (&self->lock);
}

/* Waits until @count wait at the gate. Returns: FALSE when it took longer */
gboolean
nebula_mock_gate_wait_for_waiting (NebulaMockGate *self, guint count, gint64 timeout_us)
{
  const gint64 deadline = g_get_monotonic_time () + timeout_us;
  gboolean in_time = TRUE, enough;

  g_mutex_lock (&self->lock);
  while (!(enough = self->waiters.length >= count) && in_time)
    in_time = g_cond_wait_until (&self->came, &self->lock, deadline);
  g_mutex_unlock (&self->lock);
  return enough;
}

/* Called under the lock. */
static gboolean
take_permit (NebulaMockGate *self)
{
  if (self->is_open)
    return TRUE;
  if (self->permits == 0)
    return FALSE;
  self->permits--;
  return TRUE;
}

/* Called under the lock, which is given up meanwhile. */
static gboolean
wait_in_line (NebulaMockGate *self, int wake_fd)
{
  Waiter waiter = { eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK), FALSE };
  struct pollfd fds[2] = { { wake_fd, POLLIN, 0 }, { waiter.fd, POLLIN, 0 } };

  g_queue_push_tail (&self->waiters, &waiter);
  g_cond_broadcast (&self->came);
  g_mutex_unlock (&self->lock);
  while (poll (fds, G_N_ELEMENTS (fds), -1) < 0)
    ;
  g_mutex_lock (&self->lock);
  if (!waiter.passes)
    g_queue_remove (&self->waiters, &waiter);
  close (waiter.fd);
  return waiter.passes;
}

/* Waits until the gate lets the caller through. Returns: FALSE when @wake_fd was readable before */
gboolean
nebula_mock_gate_pass (NebulaMockGate *self, int wake_fd)
{
  gboolean passes;

  g_mutex_lock (&self->lock);
  passes = take_permit (self) || wait_in_line (self, wake_fd);
  g_mutex_unlock (&self->lock);
  return passes;
}
