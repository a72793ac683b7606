/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-cluster-private.h"

#include <string.h>

/* Where the turn of a cluster begins, what chance has to do with it, and how it spreads the
 * connections of one process and of many. */

#define S G_GINT64_CONSTANT (1000000)
#define START (1000 * S)
#define PROBE (3 * S)

/* So many that chance is even enough: a tenth more or less is four standard deviations. */
#define N_SEEDS 3000

typedef struct
{
  NebulaEndpointSet *set;
  NebulaEndpointUse use;
} Process;

static NebulaEndpointSet *
make_set (const char *endpoints, gboolean shuffle, guint64 seed)
{
  g_autoptr (NebulaRetryPolicy) policy
    = g_object_new (NEBULA_TYPE_RETRY_POLICY, "shuffle-endpoints", shuffle, NULL);
  NebulaEndpointSet *set = nebula_endpoint_set_new (policy);

  nebula_endpoint_set_set_seed (set, seed);
  g_assert_true (nebula_endpoint_set_replace (set, endpoints, NULL));
  return set;
}

/* The letters of the endpoints of so many new connections. */
static char *
choose (NebulaEndpointSet *set, guint n)
{
  GString *letters = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      g_auto (NebulaEndpointUse) use = { 0 };

      g_assert_true (nebula_endpoint_set_choose (set, &use, NULL, START, PROBE));
      g_string_append_c (letters, use.member->endpoint->name[0]);
    }
  return g_string_free (letters, FALSE);
}

static char *
choose_from (const char *endpoints, gboolean shuffle, guint64 seed, guint n)
{
  NebulaEndpointSet *set = make_set (endpoints, shuffle, seed);
  char *letters = choose (set, n);

  nebula_endpoint_set_free (set);
  return letters;
}

static void
test_in_order (void)
{
  g_test_summary ("without chance the first of the list is the first, whatever the seed");
  for (guint64 seed = 0; seed < 50; seed++)
    {
      g_autofree char *letters = choose_from ("a,b,c", FALSE, seed, 7);

      g_assert_cmpstr (letters, ==, "abcabca");
    }
}

static void
test_spread (void)
{
  guint counts[3] = { 0 };

  g_test_summary ("many processes begin with each endpoint about equally often");
  for (guint64 seed = 0; seed < N_SEEDS; seed++)
    {
      g_autofree char *letters = choose_from ("a,b,c", TRUE, seed << 32 | seed, 1);

      counts[letters[0] - 'a']++;
    }
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpuint (counts[i], >, N_SEEDS / 3 * 9 / 10);
      g_assert_cmpuint (counts[i], <, N_SEEDS / 3 * 11 / 10);
    }
}

static void
test_rounds (void)
{
  guint n_same = 0;

  g_test_summary ("a round keeps the order of the list; the next one begins where chance says");
  for (guint64 seed = 1; seed <= 50; seed++)
    {
      g_autofree char *letters = choose_from ("a,b,c,d", TRUE, seed * 12345678901, 12);

      for (guint round = 0; round < 12; round += 4)
        {
          g_autofree char *one = g_strndup (letters + round, 4);

          g_assert_nonnull (strstr ("abcdabc", one));
          n_same += round > 0 && letters[round] == letters[0];
        }
    }
  /* A quarter of 100. */
  g_assert_cmpuint (n_same, >, 10);
  g_assert_cmpuint (n_same, <, 40);
}

static void
test_seed (void)
{
  g_autofree char *first = choose_from ("a,b,c,d,e", TRUE, 42, 30);
  g_autofree char *second = choose_from ("a,b,c,d,e", TRUE, 42, 30);
  g_autofree char *other = choose_from ("a,b,c,d,e", TRUE, 43, 30);

  g_test_summary ("the same seed gives the same endpoints, another one others");
  g_assert_cmpstr (first, ==, second);
  g_assert_cmpstr (first, !=, other);
}

static void
test_one (void)
{
  g_autofree char *letters = choose_from ("a", TRUE, 42, 5);

  g_test_summary ("where there is no choice there is none");
  g_assert_cmpstr (letters, ==, "aaaaa");
}

static void
test_none (void)
{
  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new ();
  NebulaEndpointSet *set = nebula_endpoint_set_new (policy);
  g_auto (NebulaEndpointUse) use = { 0 };

  g_test_summary ("a set without endpoints has nothing to choose, however often it is asked");
  for (guint i = 0; i < 3; i++)
    g_assert_false (nebula_endpoint_set_choose (set, &use, NULL, START, PROBE));
  nebula_endpoint_set_free (set);
}

static void
test_policy_in_time (void)
{
  g_autoptr (NebulaRetryPolicy) in_order
    = g_object_new (NEBULA_TYPE_RETRY_POLICY, "shuffle-endpoints", FALSE, NULL);

  g_test_summary ("a policy that comes before the first connection says where it goes");
  for (guint64 seed = 1; seed <= 50; seed++)
    {
      NebulaEndpointSet *set = make_set ("a,b,c", TRUE, seed * 12345678901);
      g_autofree char *letters = NULL;

      nebula_endpoint_set_set_policy (set, in_order);
      letters = choose (set, 4);
      g_assert_cmpstr (letters, ==, "abca");
      nebula_endpoint_set_free (set);
    }
}

static void
test_replaced (void)
{
  guint n = 0;
  guint n_first = 0;

  g_test_summary ("a list that is replaced is begun where chance says, not all at the same place");
  for (guint64 seed = 1; seed <= 50; seed++)
    {
      NebulaEndpointSet *set = make_set ("a,b,c", TRUE, seed * 12345678901);
      g_autofree char *before = choose (set, 1);
      g_autofree char *after = NULL;

      g_assert_true (nebula_endpoint_set_replace (set, "d,e", NULL));
      after = choose (set, 2);
      g_assert_nonnull (strstr ("ded", after));
      /* The others would begin elsewhere by the turn they had. */
      n += before[0] == 'a';
      n_first += before[0] == 'a' && after[0] == 'd';
      nebula_endpoint_set_free (set);
    }
  g_assert_cmpuint (n_first, >, n / 4);
  g_assert_cmpuint (n_first, <, n * 3 / 4);
}

/* The process makes its connection anew, and it answers. */
static void
reconnect (Process *self, gint64 now)
{
  g_assert_true (nebula_endpoint_set_choose (self->set, &self->use, NULL, now, PROBE));
  nebula_endpoint_set_note_answer (self->set, &self->use);
  nebula_endpoint_set_note_success (self->set, &self->use);
}

static gboolean
is_at (Process *self, const char *letter)
{
  return self->use.member->endpoint->name[0] == *letter;
}

static guint
count_at (Process *processes, const char *letter)
{
  guint n = 0;

  for (guint i = 0; i < N_SEEDS; i++)
    n += is_at (&processes[i], letter);
  return n;
}

static void
lose (Process *self, gint64 now)
{
  NebulaEndpointReport report = { NEBULA_ENDPOINT_TROUBLE_LOST, now, 0, "it broke", 0 };

  nebula_endpoint_set_report (self->set, &self->use, &report);
  reconnect (self, now);
}

static void
test_comes_back (void)
{
  g_autofree Process *processes = g_new0 (Process, N_SEEDS);

  g_test_summary ("an endpoint that was away has its share again when connections have aged: also "
                  "where each process has one connection");
  for (guint i = 0; i < N_SEEDS; i++)
    {
      processes[i].set = make_set ("a,b,c", TRUE, (guint64) i << 32 | i);
      reconnect (&processes[i], START);
      if (is_at (&processes[i], "a"))
        lose (&processes[i], START);
    }
  g_assert_cmpuint (count_at (processes, "a"), ==, 0);
  g_assert_cmpuint (count_at (processes, "b"), >, N_SEEDS / 2);

  for (guint age = 1; age <= 4; age++)
    for (guint i = 0; i < N_SEEDS; i++)
      {
        processes[i].use.until = START + age * 60 * S;
        reconnect (&processes[i], START + age * 60 * S);
      }
  for (const char *letter = "abc"; *letter != '\0'; letter++)
    {
      g_assert_cmpuint (count_at (processes, letter), >, N_SEEDS / 3 * 9 / 10);
      g_assert_cmpuint (count_at (processes, letter), <, N_SEEDS / 3 * 11 / 10);
    }
  for (guint i = 0; i < N_SEEDS; i++)
    {
      nebula_endpoint_use_clear (&processes[i].use);
      nebula_endpoint_set_free (processes[i].set);
    }
}

static void
test_until (void)
{
  NebulaEndpointSet *set = make_set ("a,b,c", FALSE, 1);
  g_auto (NebulaEndpointUse) use = { 0 };

  g_test_summary ("an endpoint is kept until the end of its use; the next one has no end yet");
  g_assert_true (nebula_endpoint_set_choose (set, &use, NULL, START, PROBE));
  g_assert_cmpint (use.until, ==, G_MAXINT64);
  use.until = START + S;
  g_assert_true (nebula_endpoint_set_choose (set, &use, NULL, START + S - 1, PROBE));
  g_assert_cmpstr (use.member->endpoint->name, ==, "a:9669");
  g_assert_cmpint (use.until, ==, START + S);
  g_assert_true (nebula_endpoint_set_choose (set, &use, NULL, START + S, PROBE));
  g_assert_cmpstr (use.member->endpoint->name, ==, "b:9669");
  g_assert_cmpint (use.until, ==, G_MAXINT64);
  nebula_endpoint_set_free (set);
}

static char *
choose_from_cluster (const guint64 *seed)
{
  g_autoptr (NebulaCluster) cluster = nebula_cluster_new ("a,b,c", NULL);

  if (seed != NULL)
    nebula_cluster_set_seed (cluster, *seed);
  return choose (nebula_cluster_get_endpoints (cluster), 20);
}

static void
test_cluster (void)
{
  const guint64 seed = 7;
  g_autofree char *first = choose_from_cluster (&seed);
  g_autofree char *second = choose_from_cluster (&seed);
  g_autofree char *by_chance = choose_from_cluster (NULL);
  guint n_same = 0;

  g_test_summary ("a cluster draws by its own seed, which is chance itself until it is set");
  g_assert_cmpstr (first, ==, second);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *again = choose_from_cluster (NULL);

      n_same += strcmp (again, by_chance) == 0;
    }
  g_assert_cmpuint (n_same, <, 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/endpoint-turn/in-order", test_in_order);
  g_test_add_func ("/endpoint-turn/spread", test_spread);
  g_test_add_func ("/endpoint-turn/rounds", test_rounds);
  g_test_add_func ("/endpoint-turn/seed", test_seed);
  g_test_add_func ("/endpoint-turn/one", test_one);
  g_test_add_func ("/endpoint-turn/none", test_none);
  g_test_add_func ("/endpoint-turn/policy-in-time", test_policy_in_time);
  g_test_add_func ("/endpoint-turn/replaced", test_replaced);
  g_test_add_func ("/endpoint-turn/comes-back", test_comes_back);
  g_test_add_func ("/endpoint-turn/until", test_until);
  g_test_add_func ("/endpoint-turn/cluster", test_cluster);
  return g_test_run ();
}
