/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-pool-queue-private.h"

G_BEGIN_DECLS

#define FAKE_POOL_START (1000 * G_TIME_SPAN_SECOND)
#define FAKE_POOL_IDLE_TIMEOUT (60 * G_TIME_SPAN_SECOND)

typedef struct
{
  guint number;
  char *space; /* (owned) (nullable) */
} FakeItem;

/**
 * FakePool:
 *
 * A queue whose items only write down what is done to them. One at a time in a program.
 */
typedef struct
{
  NebulaManualClock *clock;
  NebulaPoolQueue *queue;
  GMutex lock;
  GString *log;     /* guarded by the lock: "make 1, prepare 1 a, ..." */
  guint n_made;     /* guarded by the lock */
  guint n_alive;    /* guarded by the lock */
  guint n_most;     /* guarded by the lock: what n_alive was at most */
  GError *failure;  /* (nullable), guarded by the lock: what the next prepare comes to */
  gboolean useless; /* guarded by the lock: the next reset says so */
} FakePool;

void fake_pool_set_up (FakePool *self, gconstpointer data);
void fake_pool_tear_down (FakePool *self, gconstpointer data);

/* Replaces the queue: after set-up it has room for two, and keeps none. */
void fake_pool_open (FakePool *self, guint min_size, guint max_size);

/* Without a wait; fake_pool_acquire () must not fail. */
FakeItem *fake_pool_try_acquire (FakePool *self, const char *space, GError **error);
FakeItem *fake_pool_acquire (FakePool *self, const char *space);
void fake_pool_release (FakePool *self, FakeItem *item);

void fake_pool_assert_counts (FakePool *self, guint n_idle, guint n_in_use, guint n_waiting);

/* What was done since the last time. */
void fake_pool_assert_log (FakePool *self, const char *expected);

G_END_DECLS
