/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-sigpipe-guard-private.h"

#include <errno.h>
#include <time.h>

/*
 * NebulaSigpipeGuard:
 *
 * Code that is not ours writes to sockets without MSG_NOSIGNAL (Thrift's c_glib does so
 * everywhere, OpenSSL too), and a dead peer then kills the process. A library must not change the
 * disposition of a signal for the whole process, so the signal is blocked in this thread during
 * the call, and one that the call raised is taken away before the mask is put back. The kernel
 * raises SIGPIPE for the thread that wrote, so no other thread notices.
 */

/**
 * nebula_sigpipe_guard_enter:
 * @guard: (out caller-allocates): what to hand to nebula_sigpipe_guard_leave()
 *
 * From here on SIGPIPE does not reach this thread. Guards may be nested. Each enter needs its
 * leave, in the same thread.
 */
void
nebula_sigpipe_guard_enter (NebulaSigpipeGuard *guard)
{
  sigset_t set;

  sigemptyset (&set);
  sigaddset (&set, SIGPIPE);
  pthread_sigmask (SIG_BLOCK, &set, &guard->before);

  /* Only a thread that has it blocked can have one waiting; others are spared the system call. */
  guard->was_pending = FALSE;
  if (sigismember (&guard->before, SIGPIPE) == 1)
    {
      sigpending (&set);
      guard->was_pending = sigismember (&set, SIGPIPE) == 1;
    }
}

/**
 * nebula_sigpipe_guard_leave:
 * @guard: what nebula_sigpipe_guard_enter() filled in
 *
 * Takes away a SIGPIPE that was raised since, not one that was pending before, and restores the
 * mask of the thread. Leaves errno as it is.
 */
void
nebula_sigpipe_guard_leave (NebulaSigpipeGuard *guard)
{
  const struct timespec no_wait = { 0 };
  int saved = errno;
  sigset_t set;

  if (!guard->was_pending)
    {
      sigemptyset (&set);
      sigaddset (&set, SIGPIPE);
      while (sigtimedwait (&set, NULL, &no_wait) < 0 && errno == EINTR)
        continue;
    }
  pthread_sigmask (SIG_SETMASK, &guard->before, NULL);
  errno = saved;
}
