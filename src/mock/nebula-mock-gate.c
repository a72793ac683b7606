/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-gate-private.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* A file descriptor, and not a condition: who waits has to wait for the end of its connection, too,
 * and that comes by a file descriptor. */

struct _NebulaMockGate
{
  gatomicrefcount refs;
  int             fd;       /* readable exactly while somebody may pass */
  GMutex          lock;     /* for all below */
  gboolean        is_open;
  guint           permits;  /* so many may pass a closed gate */
  guint           waiting;  /* so many wait */
  GCond           came;     /* signalled when one more waits */
  gboolean        readable; /* what fd shows */
};

/* Called under the lock, after each change. */
static void
show (NebulaMockGate *self)
{
  const gboolean readable = self->is_open || self->permits > 0;
  guint64 value = 1;

  if (readable == self->readable)
    return;
  /* Neither can fail: the counter is 0 or 1. */
  if (readable)
    (void) !write (self->fd, &value, sizeof value);
  else
    (void) !read (self->fd, &value, sizeof value);
  self->readable = readable;
}

NebulaMockGate *
nebula_mock_gate_new (gboolean is_open)
{
  NebulaMockGate *self = g_new0 (NebulaMockGate, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  g_cond_init (&self->came);
  self->fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  self->is_open = is_open;
  show (self);
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
  close (self->fd);
  g_cond_clear (&self->came);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Opening lets all through who wait; closing takes back the permits that are left. */
void
nebula_mock_gate_set_open (NebulaMockGate *self, gboolean is_open)
{
  g_mutex_lock (&self->lock);
  self->is_open = is_open;
  self->permits = 0;
  show (self);
  g_mutex_unlock (&self->lock);
}

/* Lets @count more through a closed gate, those who wait or those who come. */
void
nebula_mock_gate_let_through (NebulaMockGate *self, guint count)
{
  g_mutex_lock (&self->lock);
  self->permits += count;
  show (self);
  g_mutex_unlock (&self->lock);
}

/* Lets those through who wait, and nobody who comes later. */
void
nebula_mock_gate_let_waiting_through (NebulaMockGate *self)
{
  g_mutex_lock (&self->lock);
  self->permits = self->waiting;
  show (self);
  g_mutex_unlock (&self->lock);
}

/* Waits until @count wait at the gate who have not been let through yet.
 * Returns: FALSE when it took longer */
gboolean
nebula_mock_gate_wait_for_waiting (NebulaMockGate *self,
                                   guint           count,
                                   gint64          timeout_us)
{
  const gint64 deadline = g_get_monotonic_time () + timeout_us;
  gboolean in_time = TRUE, enough;

  g_mutex_lock (&self->lock);
  while (!(enough = self->waiting >= count + self->permits) && in_time)
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
  show (self);
  return TRUE;
}

/* Called under the lock, which is given up meanwhile. Returns: FALSE when @wake_fd is readable */
static gboolean
wait_for_change (NebulaMockGate *self,
                 int             wake_fd)
{
  struct pollfd fds[2] = { { wake_fd, POLLIN, 0 }, { self->fd, POLLIN, 0 } };
  int ready;

  self->waiting++;
  g_cond_broadcast (&self->came);
  g_mutex_unlock (&self->lock);
  ready = poll (fds, G_N_ELEMENTS (fds), -1);
  g_mutex_lock (&self->lock);
  self->waiting--;
  return ready < 0 || fds[0].revents == 0;
}

/* Waits until the gate lets the caller through. Returns: FALSE when @wake_fd was readable before */
gboolean
nebula_mock_gate_pass (NebulaMockGate *self,
                       int             wake_fd)
{
  gboolean passed, go_on = TRUE;

  g_mutex_lock (&self->lock);
  while (!(passed = take_permit (self)) && go_on)
    go_on = wait_for_change (self, wake_fd);
  g_mutex_unlock (&self->lock);
  return passed;
}
