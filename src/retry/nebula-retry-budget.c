/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-retry-budget-private.h"

#include <stdatomic.h>

/**
 * NebulaRetryBudget:
 *
 * A bucket of tokens, full at first. While most calls succeed it stays full and retries are made
 * as the policy says. When most fail it runs empty, and failures are handed over at once: an
 * outage is not multiplied by the number of attempts.
 *
 * %NEBULA_BUDGET_LEASE: a retry costs #NebulaBudgetSettings.cost, or 1 token for
 * %NEBULA_CAUSE_LEADER and %NEBULA_CAUSE_PARTITION: each such retry mends one entry of graphd's
 * cache, and a space has many. A retry that cannot be paid in full is refused. (To let the last
 * tokens pay for a whole retry looks generous, but then each success buys one: with half of all
 * attempts failing that is 1.34 attempts a request instead of 1.07.) A success after a retry gives
 * back what the last retry of its call paid, a success without one adds 1 token.
 *
 * %NEBULA_BUDGET_THROTTLE is what gRPC's `retryThrottling` says: a failure that could be retried
 * takes 1 token, whether it is retried or not, a success adds #NebulaBudgetSettings.refill, and
 * retries are made while more than half of the tokens are left.
 *
 * A budget can be replaced while others use it. From then on the old one passes everything on to
 * its replacement.
 *
 * Since: 0.1
 */

/* Tokens are counted in thousandths, the precision of gRPC's tokenRatio. */
#define TOKEN 1000u

/* The level of a budget that was replaced: above any real one. */
#define REPLACED G_MAXUINT

struct _NebulaRetryBudget
{
  atomic_uint level; /* thousandths of a token, or REPLACED */
  guint capacity;    /* thousandths of a token, constant */
  NebulaBudgetSettings settings; /* constant */
  _Atomic (NebulaRetryBudget *) replacement; /* (owned) (nullable): set once, before REPLACED */
  gatomicrefcount references;
};

G_DEFINE_BOXED_TYPE (NebulaRetryBudget, nebula_retry_budget,
                     nebula_retry_budget_ref, nebula_retry_budget_unref)

G_DEFINE_ENUM_TYPE (NebulaBudgetKind, nebula_budget_kind,
                    G_DEFINE_ENUM_VALUE (NEBULA_BUDGET_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (NEBULA_BUDGET_LEASE, "lease"),
                    G_DEFINE_ENUM_VALUE (NEBULA_BUDGET_THROTTLE, "throttle"))

static guint
get_price (const NebulaBudgetSettings *settings,
           NebulaCause cause)
{
  if (settings->kind == NEBULA_BUDGET_NONE)
    return 0;
  if (settings->kind == NEBULA_BUDGET_THROTTLE
      || cause == NEBULA_CAUSE_LEADER || cause == NEBULA_CAUSE_PARTITION)
    return TOKEN;

  return settings->cost * TOKEN;
}

/* What is left of @level after a charge of @price, and whether the retry may be made. The lease
 * takes all or nothing; the throttle counts failures and takes what is there. */
static gboolean
charge_level (const NebulaBudgetSettings *settings,
              guint price,
              guint *level)
{
  if (settings->kind == NEBULA_BUDGET_THROTTLE)
    {
      *level -= MIN (price, *level);
      return *level > settings->capacity * TOKEN / 2;
    }
  if (price > *level)
    return FALSE;
  *level -= price;

  return TRUE;
}

/* The one that counts: @self, or what it was replaced by. Lives as long as @self. */
static NebulaRetryBudget *
get_newest (NebulaRetryBudget *self)
{
  while (atomic_load_explicit (&self->level, memory_order_acquire) == REPLACED)
    self = atomic_load_explicit (&self->replacement, memory_order_acquire);

  return self;
}

static NebulaRetryBudget *
budget_new_at (const NebulaBudgetSettings *settings,
               guint level)
{
  NebulaRetryBudget *self = g_new0 (NebulaRetryBudget, 1);

  self->settings = *settings;
  self->capacity = settings->capacity * TOKEN;
  g_atomic_ref_count_init (&self->references);
  atomic_init (&self->level, level);

  return self;
}

static NebulaBudgetSettings
clamp_settings (const NebulaBudgetSettings *settings)
{
  NebulaBudgetSettings clamped = *settings;

  clamped.capacity = CLAMP (settings->capacity, 1, NEBULA_BUDGET_MAX_TOKENS);
  clamped.cost = CLAMP (settings->cost, 1, NEBULA_BUDGET_MAX_TOKENS);
  clamped.refill = CLAMP (settings->refill, 1, NEBULA_BUDGET_MAX_TOKENS);

  return clamped;
}

/**
 * nebula_retry_budget_new:
 * @settings: (not nullable): what it is made of
 *
 * Makes a budget whose bucket is full.
 *
 * Returns: (transfer full): a new budget
 *
 * Since: 0.1
 */
NebulaRetryBudget *
nebula_retry_budget_new (const NebulaBudgetSettings *settings)
{
  NebulaBudgetSettings clamped;

  g_return_val_if_fail (settings != NULL, NULL);

  clamped = clamp_settings (settings);

  return budget_new_at (&clamped, clamped.capacity * TOKEN);
}

static gboolean
is_same (const NebulaBudgetSettings *a,
         const NebulaBudgetSettings *b)
{
  return a->kind == b->kind && a->capacity == b->capacity && a->cost == b->cost
         && a->refill == b->refill;
}

/* As full as one of @old with @level, in proportion. */
static guint
scale_level (guint level,
             const NebulaBudgetSettings *old,
             const NebulaBudgetSettings *settings)
{
  return (guint64) level * settings->capacity / old->capacity;
}

/**
 * nebula_retry_budget_new_replacing:
 * @old: (not nullable): the budget so far
 * @settings: (not nullable): what the new one is made of
 *
 * Makes a budget that takes the place of @old and is as full as it, in proportion: new settings in
 * the middle of an outage do not bring a burst of retries. From now on @old passes what it is asked
 * on to the new one. When @settings are those of @old, or of what has already replaced it, that one
 * is answered.
 *
 * What other threads pay or add in the very moment of the change may be lost.
 *
 * Returns: (transfer full): the budget in force
 *
 * Since: 0.1
 */
NebulaRetryBudget *
nebula_retry_budget_new_replacing (NebulaRetryBudget *old,
                                   const NebulaBudgetSettings *settings)
{
  NebulaBudgetSettings clamped;

  g_return_val_if_fail (old != NULL, NULL);
  g_return_val_if_fail (settings != NULL, NULL);

  clamped = clamp_settings (settings);
  for (;;)
    {
      g_autoptr (NebulaRetryBudget) self = NULL;
      NebulaRetryBudget *none = NULL;
      guint level;

      old = get_newest (old);
      if (is_same (&old->settings, &clamped))
        return nebula_retry_budget_ref (old);

      /* If another thread has just replaced it, the exchange finds out. */
      level = atomic_load_explicit (&old->level, memory_order_relaxed);
      self = budget_new_at (&clamped, scale_level (level, &old->settings, &clamped));
      if (!atomic_compare_exchange_strong (&old->replacement, &none, self))
        continue;
      nebula_retry_budget_ref (self); /* the one that the old one owns */
      atomic_store_explicit (&old->level, REPLACED, memory_order_release);
      return g_steal_pointer (&self);
    }
}

/**
 * nebula_retry_budget_new_as_full_as:
 * @other: (not nullable): a budget
 * @settings: (not nullable): what the new one is made of
 *
 * Makes a budget that is as full as @other, in proportion. @other stays what it is: for one that is
 * split into many, and many that become one.
 *
 * Returns: (transfer full): a new budget
 *
 * Since: 0.1
 */
NebulaRetryBudget *
nebula_retry_budget_new_as_full_as (NebulaRetryBudget *other,
                                    const NebulaBudgetSettings *settings)
{
  NebulaBudgetSettings clamped;
  NebulaBudgetView view;

  g_return_val_if_fail (other != NULL, NULL);
  g_return_val_if_fail (settings != NULL, NULL);

  clamped = clamp_settings (settings);
  nebula_retry_budget_view (other, &view);

  return budget_new_at (&clamped, scale_level (view.level, &view.settings, &clamped));
}

/**
 * nebula_retry_budget_ref:
 * @self: a budget
 *
 * Returns: (transfer full): the same budget
 *
 * Since: 0.1
 */
NebulaRetryBudget *
nebula_retry_budget_ref (NebulaRetryBudget *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);

  return self;
}

/**
 * nebula_retry_budget_unref:
 * @self: (transfer full): a budget
 *
 * Since: 0.1
 */
void
nebula_retry_budget_unref (NebulaRetryBudget *self)
{
  g_return_if_fail (self != NULL);

  /* A loop, not a recursion: whoever slept through many replacements holds a long chain. */
  while (self != NULL && g_atomic_ref_count_dec (&self->references))
    {
      NebulaRetryBudget *next = atomic_load_explicit (&self->replacement, memory_order_acquire);

      g_free (self);
      self = next;
    }
}

/**
 * nebula_retry_budget_charge:
 * @self: a budget
 * @cause: why the attempt failed
 * @paid: (out): what was paid, in thousandths of a token, for nebula_retry_budget_refill()
 *
 * Takes the price of a retry out of the bucket. %NEBULA_BUDGET_THROTTLE has to be told of every
 * failure that could be retried, also of those that are not; nothing of that is ever given back,
 * so that @paid is 0.
 *
 * Returns: whether the retry may be made; with %NEBULA_BUDGET_LEASE nothing was taken if not
 *
 * Since: 0.1
 */
gboolean
nebula_retry_budget_charge (NebulaRetryBudget *self,
                            NebulaCause cause,
                            guint *paid)
{
  guint level;
  guint left;
  guint price;
  gboolean allowed;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (paid != NULL, FALSE);

  do
    {
      /* Again in each turn: the exchange also fails when the budget was replaced. */
      self = get_newest (self);
      level = left = atomic_load_explicit (&self->level, memory_order_relaxed);
      price = get_price (&self->settings, cause);
      allowed = charge_level (&self->settings, price, &left);
      if (level == left && level != REPLACED)
        break;
    }
  while (level == REPLACED
         || !atomic_compare_exchange_weak_explicit (&self->level, &level, left,
                                                    memory_order_relaxed, memory_order_relaxed));
  *paid = allowed && self->settings.kind == NEBULA_BUDGET_LEASE ? price : 0;

  return allowed;
}

static guint
get_gain (const NebulaRetryBudget *self,
          guint paid)
{
  if (self->settings.kind == NEBULA_BUDGET_THROTTLE)
    return self->settings.refill;

  return paid > 0 ? paid : TOKEN;
}

/**
 * nebula_retry_budget_refill:
 * @self: a budget
 * @paid: what the last retry of the call paid from @self; 0 for a success without a retry
 *
 * Puts into the bucket what a success adds; what does not fit is lost. Costs next to nothing while
 * the bucket is full.
 *
 * Since: 0.1
 */
void
nebula_retry_budget_refill (NebulaRetryBudget *self,
                            guint paid)
{
  guint level;
  guint gain;

  g_return_if_fail (self != NULL);

  level = atomic_load_explicit (&self->level, memory_order_relaxed);
  if (G_LIKELY (level == self->capacity))
    return;

  do
    {
      self = get_newest (self);
      level = atomic_load_explicit (&self->level, memory_order_relaxed);
      if (level == self->capacity)
        return;
      gain = level == REPLACED ? 0 : MIN (get_gain (self, paid), self->capacity - level);
    }
  while (level == REPLACED
         || !atomic_compare_exchange_weak_explicit (&self->level, &level, level + gain,
                                                    memory_order_relaxed, memory_order_relaxed));
}

/* Private: @self as it is now. */
void
nebula_retry_budget_view (NebulaRetryBudget *self,
                          NebulaBudgetView *view)
{
  do
    {
      self = get_newest (self);
      view->level = atomic_load_explicit (&self->level, memory_order_relaxed);
    }
  while (view->level == REPLACED);
  view->settings = self->settings;
}

/* Private: whether a retry after a failure for @cause would have been paid. */
gboolean
nebula_budget_view_allows (const NebulaBudgetView *view,
                           NebulaCause cause)
{
  guint level = view->level;

  return charge_level (&view->settings, get_price (&view->settings, cause), &level);
}

/* Private: why a retry is refused that is not paid. */
NebulaReason
nebula_budget_view_get_reason (const NebulaBudgetView *view)
{
  return view->settings.kind == NEBULA_BUDGET_THROTTLE ? NEBULA_REASON_THROTTLED
                                                       : NEBULA_REASON_BUDGET;
}

/**
 * nebula_retry_budget_get_level:
 * @self: a budget
 *
 * Gets how full the bucket is. Others may pay from it at the same time.
 *
 * Returns: tokens, from 0 to the capacity
 *
 * Since: 0.1
 */
double
nebula_retry_budget_get_level (NebulaRetryBudget *self)
{
  NebulaBudgetView view;

  g_return_val_if_fail (self != NULL, 0);

  nebula_retry_budget_view (self, &view);

  return view.level / (double) TOKEN;
}

/**
 * nebula_retry_budget_get_settings:
 * @self: a budget
 * @settings: (out caller-allocates): what @self, or what replaced it, is made of
 *
 * Since: 0.1
 */
void
nebula_retry_budget_get_settings (NebulaRetryBudget *self,
                                  NebulaBudgetSettings *settings)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (settings != NULL);

  *settings = get_newest (self)->settings;
}
