/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-endpoint-set-private.h"

#include "nebula-endpoint-state-private.h"
#include "nebula-random-private.h"
#include "nebula-time-private.h"

/*
 * Which endpoint a connection is made to, and what speaks against the others.
 *
 * Many interceptors see the same failure: when a graphd dies, all connections to it break. Only the
 * first to say so sets it aside; for the others this is no news, because their connections are
 * older than what is known (NebulaEndpointMember.trouble). In the same way a success on an old
 * connection does not tell that new ones can be made.
 *
 * Equals take turns, so that the connections of one process are spread evenly. Many processes with
 * one connection each are spread by chance, which says where each round begins: if it had its say
 * only once, those that fled from one endpoint to the next would go on together for ever.
 */

struct _NebulaEndpointSet
{
  guint version; /* atomic; written under the lock */

  GMutex lock;

  /* guarded by the lock */
  GPtrArray *members;           /* (owned): NebulaEndpointMember, in the order of the list */
  guint turn;                   /* the number of the one that comes first among equals */
  guint n_turns;                /* how many are left in this round; 0 before the next one */
  gboolean is_shuffled;         /* whether chance says where a round begins */
  guint64 random;               /* state of the generator that does */
  NebulaEndpointPauses pauses;
  NebulaBudgetSettings budget;
  NebulaRetryBudget *common;    /* (owned): the throttle, and for whoever has no endpoint of ours */
};

/* What a choice goes by, in this order: less is better. */
typedef struct
{
  guint tried;      /* 0 for not in this call; else the later, the more */
  gboolean is_sure; /* 0 for one that waits to be probed: nobody else would find out */
  gint64 failed_at; /* G_MININT64 for not lately */
} Rank;

static void
read_policy (NebulaEndpointSet *self, NebulaRetryPolicy *policy)
{
  self->is_shuffled = nebula_retry_policy_get_shuffle_endpoints (policy);
  self->pauses.initial = nebula_retry_policy_get_endpoint_pause (policy);
  self->pauses.maximum = nebula_retry_policy_get_endpoint_maximum_pause (policy);
}

NebulaEndpointSet *
nebula_endpoint_set_new (NebulaRetryPolicy *policy)
{
  NebulaEndpointSet *self = g_new0 (NebulaEndpointSet, 1);

  g_mutex_init (&self->lock);
  self->members = g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_endpoint_member_unref);
  nebula_retry_policy_get_budget (policy, &self->budget);
  self->common = nebula_retry_budget_new (&self->budget);
  read_policy (self, policy);
  return self;
}

void
nebula_endpoint_set_free (NebulaEndpointSet *self)
{
  g_ptr_array_unref (self->members);
  nebula_retry_budget_unref (self->common);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * nebula_endpoint_set_set_seed:
 * @seed: any number
 *
 * The next round, if it is chance that says where it begins, begins where @seed says.
 */
void
nebula_endpoint_set_set_seed (NebulaEndpointSet *self, guint64 seed)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->random = seed;
}

/* Called under the lock, at the end of a change. */
static void
changed (NebulaEndpointSet *self)
{
  g_atomic_int_inc (&self->version);
}

/* Changes with the endpoints and with the budgets. */
guint
nebula_endpoint_set_get_version (NebulaEndpointSet *self)
{
  return g_atomic_int_get (&self->version);
}

/* Takes the member called @name out of the list; (transfer full) (nullable). */
static NebulaEndpointMember *
take_member (GPtrArray *members, const char *name)
{
  for (guint i = 0; i < members->len; i++)
    {
      NebulaEndpointMember *member = members->pdata[i];

      if (g_strcmp0 (member->endpoint->name, name) == 0)
        return g_ptr_array_steal_index (members, i);
    }
  return NULL;
}

/**
 * nebula_endpoint_set_replace:
 * @endpoints: the new list, as a text
 * @error: return location of a %NEBULA_ERROR_INVALID_ARGUMENT; nothing has changed then
 *
 * Who was in the set before stays what it was.
 */
gboolean
nebula_endpoint_set_replace (NebulaEndpointSet *self, const char *endpoints, GError **error)
{
  g_autoptr (GPtrArray) list = nebula_endpoint_parse_list (endpoints, error);
  g_autoptr (GPtrArray) old = NULL;
  g_autoptr (GMutexLocker) locker = NULL;

  if (list == NULL)
    return FALSE;

  locker = g_mutex_locker_new (&self->lock);
  old = g_steal_pointer (&self->members);
  self->members = g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_endpoint_member_unref);
  while (list->len > 0)
    {
      NebulaEndpoint *endpoint = list->pdata[0];
      NebulaEndpointMember *member = take_member (old, endpoint->name);

      if (member == NULL)
        member = nebula_endpoint_member_new (g_ptr_array_steal_index (list, 0), &self->budget);
      else
        g_ptr_array_remove_index (list, 0);
      g_ptr_array_add (self->members, member);
    }
  for (guint i = 0; i < old->len; i++)
    g_atomic_int_set (&((NebulaEndpointMember *) old->pdata[i])->is_removed, TRUE);
  self->n_turns = 0;
  changed (self);
  return TRUE;
}

/* Called under the lock. The budget that has the least left: an outage goes on when it is counted
 * in another way. */
static NebulaRetryBudget *
find_emptiest (NebulaEndpointSet *self)
{
  NebulaRetryBudget *emptiest = self->common;

  for (guint i = 0; i < self->members->len; i++)
    {
      NebulaEndpointMember *member = self->members->pdata[i];

      if (i == 0
          || nebula_retry_budget_get_level (member->budget)
               < nebula_retry_budget_get_level (emptiest))
        emptiest = member->budget;
    }
  return emptiest;
}

static void
take_budget (NebulaRetryBudget **place, NebulaRetryBudget *budget)
{
  nebula_retry_budget_unref (*place);
  *place = budget;
}

/* Called under the lock. All budgets stay as full as they are, in proportion; from one for each to
 * one for all, and back, too. */
static void
replace_budgets (NebulaEndpointSet *self, const NebulaBudgetSettings *settings)
{
  gboolean was_common = self->budget.kind == NEBULA_BUDGET_THROTTLE;
  gboolean is_common = settings->kind == NEBULA_BUDGET_THROTTLE;

  if (is_common && !was_common)
    take_budget (&self->common,
                 nebula_retry_budget_new_as_full_as (find_emptiest (self), settings));
  for (guint i = 0; i < self->members->len; i++)
    {
      NebulaEndpointMember *member = self->members->pdata[i];

      if (was_common)
        take_budget (&member->budget,
                     nebula_retry_budget_new_as_full_as (self->common, settings));
      else
        take_budget (&member->budget,
                     nebula_retry_budget_new_replacing (member->budget, settings));
    }
  if (was_common || !is_common)
    take_budget (&self->common, nebula_retry_budget_new_replacing (self->common, settings));
}

/**
 * nebula_endpoint_set_set_policy:
 *
 * Pauses, budgets and the begin of each round are as @policy says from now on.
 */
void
nebula_endpoint_set_set_policy (NebulaEndpointSet *self, NebulaRetryPolicy *policy)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  NebulaBudgetSettings settings;

  nebula_retry_policy_get_budget (policy, &settings);
  replace_budgets (self, &settings);
  self->budget = settings;
  read_policy (self, policy);
  changed (self);
}

guint
nebula_endpoint_set_get_length (NebulaEndpointSet *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->members->len;
}

/**
 * nebula_endpoint_set_get_states:
 *
 * Returns: (transfer full) (element-type NebulaEndpointState): one for each, in the order of the
 *   list
 */
GPtrArray *
nebula_endpoint_set_get_states (NebulaEndpointSet *self, gint64 now)
{
  GPtrArray *states;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  states = g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_endpoint_state_unref);
  for (guint i = 0; i < self->members->len; i++)
    {
      NebulaEndpointMember *member = self->members->pdata[i];

      g_ptr_array_add (states, nebula_endpoint_state_new (member->endpoint->name, &member->health,
                                                          now));
    }
  return states;
}

/**
 * nebula_endpoint_set_get_budget:
 * @member: (nullable): the endpoint that failed; %NULL for a transport of the user's
 *
 * Returns: (transfer full): what pays for retries after that. gRPC's throttle is one for all.
 */
NebulaRetryBudget *
nebula_endpoint_set_get_budget (NebulaEndpointSet *self, NebulaEndpointMember *member)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gboolean is_common = member == NULL || self->budget.kind == NEBULA_BUDGET_THROTTLE;

  return nebula_retry_budget_ref (is_common ? self->common : member->budget);
}

void
nebula_endpoint_use_clear (NebulaEndpointUse *use)
{
  g_clear_pointer (&use->member, nebula_endpoint_member_unref);
  use->trouble = 0;
  use->is_probe = FALSE;
}

/* Whether it may be connected to without a word against it, or to see if it is back. */
static gboolean
is_eligible (const NebulaEndpointMember *member, gint64 now)
{
  if (!member->health.is_down)
    return TRUE;
  return nebula_endpoint_health_needs_probe (&member->health, now)
         && nebula_endpoint_health_may_connect (&member->health, now);
}

static Rank
get_rank (const NebulaEndpointMember *member, GPtrArray *tried)
{
  const NebulaEndpointHealth *health = &member->health;
  Rank rank = { 0, !health->is_down, health->failures > 0 ? health->failed_at : G_MININT64 };
  guint position;

  if (tried != NULL && g_ptr_array_find (tried, member, &position))
    rank.tried = position + 1;
  return rank;
}

static gboolean
is_better (Rank a, Rank b)
{
  if (a.tried != b.tried)
    return a.tried < b.tried;
  if (a.is_sure != b.is_sure)
    return !a.is_sure;
  return a.failed_at < b.failed_at;
}

/* Called under the lock, before a choice. */
static void
begin_round (NebulaEndpointSet *self)
{
  if (self->n_turns > 0)
    return;
  self->n_turns = self->members->len;
  if (self->is_shuffled)
    self->turn = (guint) (nebula_random_draw (&self->random) * self->members->len);
}

/* Called under the lock. (nullable) */
static NebulaEndpointMember *
find_eligible (NebulaEndpointSet *self, GPtrArray *tried, gint64 now)
{
  guint n = self->members->len;
  NebulaEndpointMember *best = NULL;

  for (guint i = 0; i < n; i++)
    {
      NebulaEndpointMember *member = self->members->pdata[(self->turn + i) % n];

      if (is_eligible (member, now)
          && (best == NULL || is_better (get_rank (member, tried), get_rank (best, tried))))
        best = member;
    }
  return best;
}

/* Whether @a is set aside for less time than @b, or the call has not been to it. */
static gboolean
returns_first (const NebulaEndpointMember *a, const NebulaEndpointMember *b, GPtrArray *tried)
{
  guint tried_a = get_rank (a, tried).tried;
  guint tried_b = get_rank (b, tried).tried;

  return tried_a != tried_b ? tried_a < tried_b : a->health.returns_at < b->health.returns_at;
}

/* Called under the lock, when all are set aside: the one that returns first, among those that may
 * be connected to so soon after the last time. But a call does not give up before it has been to
 * each. (nullable) */
static NebulaEndpointMember *
find_first_to_return (NebulaEndpointSet *self, GPtrArray *tried, gint64 now)
{
  NebulaEndpointMember *first = NULL;

  for (guint i = 0; i < self->members->len; i++)
    {
      NebulaEndpointMember *member = self->members->pdata[i];

      if (nebula_endpoint_health_may_connect (&member->health, now)
          && (first == NULL || returns_first (member, first, tried)))
        first = member;
    }
  return first;
}

/* Called under the lock. Whoever comes behind @member in the list is next. */
static void
pass_turn (NebulaEndpointSet *self, NebulaEndpointMember *member)
{
  self->n_turns--;
  if (g_ptr_array_find (self->members, member, &self->turn))
    self->turn++;
}

/* Called under the lock. */
static void
begin_use (NebulaEndpointSet *self,
           NebulaEndpointUse *use,
           NebulaEndpointMember *member,
           gint64 now,
           gint64 probe_time)
{
  NebulaEndpointHealth *health = &member->health;
  gboolean is_probe = nebula_endpoint_health_needs_probe (health, now);

  nebula_endpoint_member_ref (member);
  nebula_endpoint_use_clear (use);
  use->member = member;
  use->trouble = member->trouble;
  use->is_probe = is_probe;
  nebula_endpoint_health_note_connect (health, &self->pauses, now);
  if (is_probe)
    health->probed_until
      = nebula_time_after (now, probe_time > 0 ? probe_time : self->pauses.maximum);
}

/**
 * nebula_endpoint_set_choose:
 * @use: (inout): the endpoint that the caller would stay with, if any; becomes the one to connect
 *   to
 * @tried: (nullable) (element-type NebulaEndpointMember): which ones the call has left, in that
 *   order
 * @now: the time
 * @probe_time: how long a probe may take: as long nobody else begins one; 0 for ever, and then it
 *   is as long as the longest pause
 *
 * Chooses an endpoint for a new connection: the same one until the end of its use, while nothing
 * speaks against it; else one that the call has not been to, and among those first one whose pause
 * is over, to see if it is back, then the one that failed least recently. When all are set aside,
 * the one that returns first, again among those that the call has not been to.
 *
 * The use of another one than before has no end: the caller may set one.
 *
 * Returns: %FALSE when none may be connected to now, and @use is what it was: see
 *   nebula_endpoint_set_get_next_connect()
 */
gboolean
nebula_endpoint_set_choose (NebulaEndpointSet *self,
                            NebulaEndpointUse *use,
                            GPtrArray *tried,
                            gint64 now,
                            gint64 probe_time)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  NebulaEndpointMember *member = use->member;

  if (member == NULL || member->is_removed || member->health.is_down || now >= use->until)
    {
      begin_round (self);
      member = find_eligible (self, tried, now);
      if (member == NULL)
        member = find_first_to_return (self, tried, now);
      if (member == NULL)
        return FALSE;
      pass_turn (self, member);
      use->until = G_MAXINT64;
    }
  begin_use (self, use, member, now, probe_time);
  return TRUE;
}

/* Called under the lock. Who may be connected to next; (nullable). */
static NebulaEndpointMember *
find_next (NebulaEndpointSet *self)
{
  NebulaEndpointMember *next = NULL;

  for (guint i = 0; i < self->members->len; i++)
    {
      NebulaEndpointMember *member = self->members->pdata[i];

      if (!member->health.is_down)
        return member;
      if (next == NULL || member->health.next_connect < next->health.next_connect)
        next = member;
    }
  return next;
}

/**
 * nebula_endpoint_set_get_next_connect:
 *
 * Returns: when some endpoint may be connected to; any time that has passed for at once
 */
gint64
nebula_endpoint_set_get_next_connect (NebulaEndpointSet *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  NebulaEndpointMember *next = find_next (self);

  return next != NULL && next->health.is_down ? next->health.next_connect : G_MININT64;
}

static double
get_seconds (gint64 duration)
{
  return MAX (duration, 0) / (double) G_TIME_SPAN_SECOND;
}

/**
 * nebula_endpoint_set_describe:
 *
 * Returns: (transfer full): why no endpoint may be connected to now: since when, what the last
 *   error
 *   was, and when it is tried again
 */
char *
nebula_endpoint_set_describe (NebulaEndpointSet *self, gint64 now)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  NebulaEndpointMember *next = find_next (self);
  const NebulaEndpointHealth *health;

  if (next == NULL)
    return g_strdup ("there is no endpoint");
  health = &next->health;
  return g_strdup_printf ("no connection may be made now: %s has been down for %.3f s (%u failures, "
                          "the last one: %s), and is tried again in %.3f s",
                          next->endpoint->name, get_seconds (now - health->down_since),
                          health->failures,
                          health->last_error != NULL ? health->last_error : "none",
                          get_seconds (health->next_connect - now));
}

/* Called under the lock. */
static void
set_aside (NebulaEndpointSet *self,
           NebulaEndpointMember *member,
           const NebulaEndpointReport *report)
{
  nebula_endpoint_health_set_aside (&member->health, &self->pauses, report->now, report->random,
                                    report->text);
  /* 0 stands for none. */
  member->last_trouble = member->last_trouble == G_MAXUINT ? 1 : member->last_trouble + 1;
  member->trouble = member->last_trouble;
}

/**
 * nebula_endpoint_set_report:
 * @use: over which connection it happened
 * @report: what happened
 *
 * Sets the endpoint aside, if that is what @report comes to, and is news.
 */
void
nebula_endpoint_set_report (NebulaEndpointSet *self,
                            const NebulaEndpointUse *use,
                            const NebulaEndpointReport *report)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  NebulaEndpointMember *member = use->member;

  /* While nothing is wrong, or not any more, any connection brings news. */
  if (member->trouble != 0 && use->trouble != member->trouble)
    return;
  if (report->kind == NEBULA_ENDPOINT_TROUBLE_LOST
      || nebula_endpoint_health_note_memory (&member->health, report->now, report->statement))
    set_aside (self, member, report);
}

/**
 * nebula_endpoint_set_note_answer:
 *
 * The endpoint has answered on a connection that was made after it failed.
 */
void
nebula_endpoint_set_note_answer (NebulaEndpointSet *self, const NebulaEndpointUse *use)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (use->trouble == use->member->trouble)
    nebula_endpoint_health_note_answer (&use->member->health);
}

/**
 * nebula_endpoint_set_note_success:
 * @use: (inout): its trouble is forgotten: this needs to be said once
 *
 * A call has succeeded over the connection: nothing is wrong with the endpoint any more, unless it
 * has failed for others since the connection was made.
 */
void
nebula_endpoint_set_note_success (NebulaEndpointSet *self, NebulaEndpointUse *use)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (use->trouble == use->member->trouble)
    {
      nebula_endpoint_health_note_success (&use->member->health);
      use->member->trouble = 0;
    }
  use->trouble = 0;
}

/**
 * nebula_endpoint_set_give_up_probe:
 *
 * The probe ended without an answer to its question: somebody else may ask.
 */
void
nebula_endpoint_set_give_up_probe (NebulaEndpointSet *self, const NebulaEndpointUse *use)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (use->trouble == use->member->trouble)
    use->member->health.probed_until = 0;
}
