/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-comparison-private.h"
#include "nebula-json-output-private.h"
#include "nebula-listing-private.h"

/* A policy's times are in microseconds, a simulation's in ms. */
#define PER_MS 1000.0

/* The growth of the AWS article: min (2000, 5 * 2^n) with n from 1; decorrelated waits start from
 * the 5. */
static const NebulaGrowth article_growth = { 10, 2000, 2, 5 };

/* Attempts in a hundred that fail: where all budgets are at ease, where some give up, where all
 * must, and an outage. */
static const guint failing_shares[] = { 10, 20, 50, 100 };

/* Attempts of a request in the budget model: what budgets are compared with elsewhere. */
#define BUDGET_ATTEMPTS 3

/* A policy may allow any number, and when all attempts fail a request takes them all: more of them
 * would take long and change no share that is printed. */
#define MOST_BUDGET_ATTEMPTS 100

/* NONE, the default, and gRPC's throttling as its specification shows it. */
static const NebulaBudgetSettings usual_budgets[] = {
  { NEBULA_BUDGET_NONE, 1, 1, 1 },
  { NEBULA_BUDGET_LEASE, 500, 14, 1 },
  { NEBULA_BUDGET_THROTTLE, 10, 1, 100 },
};

static const char *
get_budget_name (NebulaBudgetKind kind)
{
  static const char *const names[] = { "none", "lease", "throttle" };

  return names[kind];
}

static NebulaWaiting
get_waiting (NebulaJitter jitter)
{
  static const NebulaWaiting waitings[] = {
    [NEBULA_JITTER_NONE] = NEBULA_WAITING_NONE,
    [NEBULA_JITTER_FULL] = NEBULA_WAITING_FULL,
    [NEBULA_JITTER_EQUAL] = NEBULA_WAITING_EQUAL,
    [NEBULA_JITTER_PROPORTIONAL] = NEBULA_WAITING_PROPORTIONAL,
    [NEBULA_JITTER_DECORRELATED] = NEBULA_WAITING_DECORRELATED,
  };

  return waitings[jitter];
}

static NebulaGrowth
get_growth (NebulaRetryPolicy *policy, NebulaPace pace)
{
  NebulaGrowth growth;
  gint64 initial;
  gint64 maximum;

  nebula_retry_policy_get_backoff (policy, pace, &initial, &maximum, &growth.multiplier);
  growth.initial = (double) initial / PER_MS;
  growth.maximum = (double) maximum / PER_MS;
  growth.start = growth.initial;
  return growth;
}

static guint
get_max_attempts (NebulaRetryPolicy *policy)
{
  if (!nebula_retry_policy_get_enabled (policy))
    return 1;
  return nebula_retry_policy_get_max_attempts (policy, NEBULA_CAUSE_OVERLOAD);
}

static void
add_row (NebulaComparison *self, const NebulaSimulation *simulation)
{
  NebulaComparisonRow row = { .simulation = *simulation };

  nebula_simulation_run (simulation, self->model, self->repetitions, self->seed, row.figures);
  g_array_append_val (self->rows, row);
}

static void
add_budgets (NebulaComparison *self, NebulaSimulation *simulation, NebulaRetryPolicy *policy)
{
  if (policy != NULL)
    {
      nebula_retry_policy_get_budget (policy, &simulation->budget);
      add_row (self, simulation);
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (usual_budgets); i++)
    {
      simulation->budget = usual_budgets[i];
      add_row (self, simulation);
    }
}

/* The clients of occ go on until they have written: no limit and no budget. */
static void
add_waitings (NebulaComparison *self,
              NebulaSimulation *simulation,
              int waiting,
              NebulaRetryPolicy *policy)
{
  for (int i = 0; i < NEBULA_N_WAITINGS; i++)
    if (waiting == NEBULA_ALL_WAITINGS || waiting == i)
      {
        simulation->waiting = (NebulaWaiting) i;
        if (self->model == &nebula_simulation_outage)
          add_budgets (self, simulation, policy);
        else
          add_row (self, simulation);
      }
}

static void
add_shares (NebulaComparison *self, NebulaSimulation *simulation, NebulaRetryPolicy *policy)
{
  simulation->max_attempts = policy == NULL ? BUDGET_ATTEMPTS
                                            : MIN (simulation->max_attempts, MOST_BUDGET_ATTEMPTS);
  for (guint i = 0; i < G_N_ELEMENTS (failing_shares); i++)
    {
      simulation->failing = failing_shares[i];
      add_budgets (self, simulation, policy);
    }
}

/* Plays all cases.
 *
 * @waiting: a #NebulaWaiting, or %NEBULA_ALL_WAITINGS, which with a policy means the policy's
 * @policy: (nullable): whose back-off, budget and attempts replace the usual ones */
void
nebula_comparison_run (NebulaComparison *self, int waiting, NebulaRetryPolicy *policy)
{
  g_autoptr (NebulaRetryPolicy) usual = nebula_retry_policy_new ();
  NebulaRetryPolicy *used = policy != NULL ? policy : usual;
  NebulaSimulation simulation = { .clients = self->clients };

  self->rows = g_array_new (FALSE, FALSE, sizeof (NebulaComparisonRow));
  simulation.max_attempts = get_max_attempts (used);
  if (policy != NULL && waiting == NEBULA_ALL_WAITINGS)
    waiting = (int) get_waiting (nebula_retry_policy_get_jitter (policy));

  if (self->model == &nebula_simulation_budget)
    {
      add_shares (self, &simulation, policy);
      return;
    }
  if (self->model == &nebula_simulation_outage)
    simulation.growth = get_growth (used, NEBULA_PACE_SLOW);
  else
    simulation.growth = policy != NULL ? get_growth (policy, NEBULA_PACE_FAST) : article_growth;
  add_waitings (self, &simulation, waiting, policy);
}

void
nebula_comparison_clear (NebulaComparison *self)
{
  g_clear_pointer (&self->rows, g_array_unref);
}

/* What tells a row from the others. Returns: (transfer full) */
char *
nebula_comparison_label (const NebulaComparison *self, const NebulaSimulation *simulation)
{
  const char *budget = get_budget_name (simulation->budget.kind);

  if (self->model == &nebula_simulation_budget)
    return g_strdup_printf ("%u %% fail, budget %s", simulation->failing, budget);
  if (self->model == &nebula_simulation_outage)
    return g_strdup_printf ("%s, budget %s", nebula_waiting_get_name (simulation->waiting), budget);
  return g_strdup (nebula_waiting_get_name (simulation->waiting));
}

static void
add_key_cells (const NebulaComparison *self, const NebulaSimulation *simulation, GPtrArray *cells)
{
  if (self->model == &nebula_simulation_budget)
    g_ptr_array_add (cells, g_strdup_printf ("%u", simulation->failing));
  else
    g_ptr_array_add (cells, g_strdup (nebula_waiting_get_name (simulation->waiting)));
  if (self->model != &nebula_simulation_occ)
    g_ptr_array_add (cells, g_strdup (get_budget_name (simulation->budget.kind)));
}

/* The headings go the way of the cells of add_key_cells () and of a row. */
static guint
fill_columns (const NebulaComparison *self, NebulaListingColumn *columns)
{
  const NebulaSimulationModel *model = self->model;
  guint n = 0;

  columns[n++].heading = model == &nebula_simulation_budget ? "attempts that fail, %" : "jitter";
  if (model != &nebula_simulation_occ)
    columns[n++].heading = "budget";
  for (guint i = 0; model->figures[i].key != NULL; i++)
    {
      columns[n++].heading = model->figures[i].heading;
      columns[n++].heading = "sd";
    }
  return n;
}

/* To stdout. */
void
nebula_comparison_print_table (const NebulaComparison *self)
{
  /* Two keys, and two for each figure. */
  NebulaListingColumn columns[2 + 2 * NEBULA_MAX_FIGURES] = { 0 };
  guint n_columns = fill_columns (self, columns);
  g_auto (NebulaListing) listing = { 0 };

  nebula_listing_init (&listing, columns, n_columns);
  for (guint i = 0; i < self->rows->len; i++)
    {
      const NebulaComparisonRow *row = &g_array_index (self->rows, NebulaComparisonRow, i);
      g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);

      add_key_cells (self, &row->simulation, cells);
      for (guint k = 0; self->model->figures[k].key != NULL; k++)
        {
          int decimals = (int) self->model->figures[k].decimals;

          g_ptr_array_add (cells, g_strdup_printf ("%.*f", decimals, row->figures[k].mean));
          g_ptr_array_add (cells, g_strdup_printf ("%.*f", decimals, row->figures[k].sd));
        }
      nebula_listing_add (&listing, (const char *const *) cells->pdata);
    }
  nebula_listing_print_text (&listing);
}

static void
add_double (JsonBuilder *builder, const char *key, double value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_double_value (builder, value);
}

static void
add_json_row (const NebulaComparison *self, const NebulaComparisonRow *row, JsonBuilder *builder)
{
  const NebulaSimulation *simulation = &row->simulation;
  gboolean waits = self->model != &nebula_simulation_budget;

  json_builder_begin_object (builder);
  nebula_json_add_string (builder, "model", self->model->name);
  nebula_json_add_string (builder, "jitter",
                          waits ? nebula_waiting_get_name (simulation->waiting) : NULL);
  nebula_json_add_int (builder, "clients", self->clients);
  nebula_json_add_int (builder, "repetitions", self->repetitions);
  nebula_json_add_int (builder, "seed", self->seed);
  if (!waits)
    nebula_json_add_int (builder, "failing_percent", simulation->failing);
  if (self->model != &nebula_simulation_occ)
    nebula_json_add_string (builder, "budget", get_budget_name (simulation->budget.kind));
  for (guint i = 0; self->model->figures[i].key != NULL; i++)
    {
      json_builder_set_member_name (builder, self->model->figures[i].key);
      json_builder_begin_object (builder);
      add_double (builder, "mean", row->figures[i].mean);
      add_double (builder, "sd", row->figures[i].sd);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

/* To stdout: a single row as an object, several as an array of them. */
void
nebula_comparison_print_json (const NebulaComparison *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  gboolean is_list = self->rows->len != 1;

  if (is_list)
    json_builder_begin_array (builder);
  for (guint i = 0; i < self->rows->len; i++)
    add_json_row (self, &g_array_index (self->rows, NebulaComparisonRow, i), builder);
  if (is_list)
    json_builder_end_array (builder);
  nebula_json_print (builder);
}
