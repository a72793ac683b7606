/* SPDX-License-Identifier: Apache-2.0 */
#include "command-run.h"

/* The sub-command policy simulate: what it refuses, and the forms of what it prints. */

#define OCC "--model=occ"
#define FEW "--repetitions=2"

static const struct
{
  const char *arguments[4]; /* after "policy simulate" */
  int status;
  const char *out;
  const char *err;
} calls[] = {
  { { "--help" }, 0, "nebula-interceptor policy simulate [OPTION…] [FILE]", NULL },
  { { NULL }, 2, NULL, "--model is missing, expected occ, outage or budget" },
  { { "--model", "ocg" }, 2, NULL, "--model is 'ocg', expected occ, outage or budget" },
  { { OCC, "--jitter", "some" }, 2, NULL,
    "--jitter is 'some', expected off, none, equal, full, decorrelated or proportional" },
  { { "--model=budget", "--jitter=full" }, 2, NULL, "nobody waits in model budget" },
  { { OCC, "--clients", "0" }, 2, NULL, "--clients is '0', expected a number from 1 to 1000" },
  { { OCC, "--clients", "1001" }, 2, NULL, "--clients is '1001'" },
  { { OCC, "--clients", "-3" }, 2, NULL, "--clients is '-3'" },
  { { OCC, "--clients=" }, 2, NULL, "--clients is ''" },
  { { OCC, "--repetitions=0" }, 2, NULL,
    "--repetitions is '0', expected a number from 1 to 1000" },
  { { OCC, "--seed=4294967296" }, 2, NULL,
    "--seed is '4294967296', expected a number from 0 to 4294967295" },
  { { OCC, "--seed=one" }, 2, NULL, "--seed is 'one'" },
  { { OCC, "--format=xml" }, 2, NULL, "--format is 'xml', expected table or json" },
  { { OCC, "a", "b" }, 2, NULL, "'b' is one argument too many" },
  { { OCC, "--sed=1" }, 2, NULL, "--sed" },
  { { OCC, "/nowhere/at-all" }, 1, NULL, "/nowhere/at-all" },
  { { OCC, FEW, "--svg=/nowhere/at-all.svg" }, 1, NULL, "/nowhere/at-all.svg" },
  { { OCC, FEW, "--jitter=full" }, 0, "jitter  last client done, ms  sd", NULL },
  { { "--model=outage", FEW, "--jitter=full" }, 0, "requests lost, %", NULL },
  { { "--model=budget", FEW }, 0, "attempts that fail, %  budget", NULL },
};

static void
simulate (CommandRun *run, const char *const *arguments, guint n_arguments)
{
  const char *all[10] = { "policy", "simulate" };

  g_assert_cmpuint (n_arguments, <, G_N_ELEMENTS (all) - 2);
  for (guint i = 0; i < n_arguments; i++)
    all[2 + i] = arguments[i];
  command_run (run, NULL, all);
}

static void
test_calls (void)
{
  g_test_summary ("What it says, on which stream and with which status");

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_auto (CommandRun) run = { 0 };

      g_test_message ("%u", i);
      simulate (&run, calls[i].arguments, G_N_ELEMENTS (calls[i].arguments));
      assert_contains (command_run_out (&run), calls[i].out);
      assert_contains (command_run_err (&run), calls[i].err);
      g_assert_cmpint (run.status, ==, calls[i].status);
    }
}

static JsonNode *
simulate_json (const char *model, const char *jitter, const char *file)
{
  const char *arguments[6] = { "--format=json", FEW, "--clients=5", model };
  g_auto (CommandRun) run = { 0 };
  guint n = 4;

  if (jitter != NULL)
    arguments[n++] = jitter;
  if (file != NULL)
    arguments[n++] = file;
  simulate (&run, arguments, n);
  g_assert_cmpint (run.status, ==, 0);
  return command_run_json (&run);
}

static void
assert_figure (JsonObject *row, const char *key)
{
  JsonObject *figure = json_object_get_object_member (row, key);

  g_assert_nonnull (figure);
  g_assert_cmpuint (json_object_get_size (figure), ==, 2);
  g_assert_cmpfloat (json_object_get_double_member (figure, "mean"), >=, 0);
  g_assert_cmpfloat (json_object_get_double_member (figure, "sd"), >=, 0);
}

static void
test_single (void)
{
  g_autoptr (JsonNode) root = simulate_json (OCC, "--jitter=equal", NULL);
  JsonObject *row = json_node_get_object (root);

  g_test_summary ("A single case is an object");

  g_assert_cmpuint (json_object_get_size (row), ==, 7);
  g_assert_cmpstr (json_object_get_string_member (row, "model"), ==, "occ");
  g_assert_cmpstr (json_object_get_string_member (row, "jitter"), ==, "equal");
  g_assert_cmpint (json_object_get_int_member (row, "clients"), ==, 5);
  g_assert_cmpint (json_object_get_int_member (row, "repetitions"), ==, 2);
  g_assert_cmpint (json_object_get_int_member (row, "seed"), ==, 1);
  assert_figure (row, "completion_ms");
  assert_figure (row, "calls");
}

/* The rows of each model, and what tells the first two apart. */
static const struct
{
  const char *model;
  guint n_rows;
  const char *key;
  const char *first;
  const char *second;
  const char *figures[3];
} lists[] = {
  { OCC, 6, "jitter", "off", "none", { "completion_ms", "calls" } },
  { "--model=outage", 18, "budget", "none", "lease",
    { "completion_ms", "calls", "given_up_percent" } },
  { "--model=budget", 12, "budget", "none", "lease",
    { "attempts_per_request", "success_percent" } },
};

static void
test_lists (void)
{
  g_test_summary ("Several cases are an array, in one order");

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autoptr (JsonNode) root = simulate_json (lists[i].model, NULL, NULL);
      JsonArray *rows = json_node_get_array (root);
      JsonObject *first = json_array_get_object_element (rows, 0);
      JsonObject *second = json_array_get_object_element (rows, 1);

      g_assert_cmpuint (json_array_get_length (rows), ==, lists[i].n_rows);
      g_assert_cmpstr (json_object_get_string_member (first, lists[i].key), ==, lists[i].first);
      g_assert_cmpstr (json_object_get_string_member (second, lists[i].key), ==, lists[i].second);
      for (guint k = 0; k < G_N_ELEMENTS (lists[i].figures); k++)
        if (lists[i].figures[k] != NULL)
          assert_figure (first, lists[i].figures[k]);
    }
}

static double
get_mean (JsonNode *root, const char *key)
{
  JsonObject *row = json_node_get_object (root);

  return json_object_get_double_member (json_object_get_object_member (row, key), "mean");
}

/* At least one of 5 clients is done in each round, and 100 s pass between two rounds. */
static void
test_policy (void)
{
  const char *path = command_file ("policy.json",
                                   "{\"nebula\": {\"jitter\": \"none\", \"backoff\": "
                                   "{\"fast\": {\"initial\": \"100s\", \"maximum\": \"100s\"}}, "
                                   "\"budget\": {\"kind\": \"throttle\"}}}");
  g_autoptr (JsonNode) occ = simulate_json (OCC, NULL, path);
  g_autoptr (JsonNode) full = simulate_json (OCC, "--jitter=full", path);
  g_autoptr (JsonNode) outage = simulate_json ("--model=outage", NULL, path);
  JsonObject *row = json_node_get_object (occ);

  g_test_summary ("A file brings its own waits and budget, and --jitter wins over its jitter");

  g_assert_cmpstr (json_object_get_string_member (row, "jitter"), ==, "none");
  g_assert_cmpfloat (get_mean (occ, "completion_ms"), >, 100000);
  g_assert_cmpfloat (get_mean (occ, "completion_ms"), <, 401000);
  row = json_node_get_object (full);
  g_assert_cmpstr (json_object_get_string_member (row, "jitter"), ==, "full");
  g_assert_cmpfloat (get_mean (full, "completion_ms"), <, get_mean (occ, "completion_ms"));
  row = json_node_get_object (outage);
  g_assert_cmpstr (json_object_get_string_member (row, "budget"), ==, "throttle");
}

static void
test_wrong_policy (void)
{
  const char *const arguments[] = { OCC, command_file ("wrong.json", "{\"nebula\": {\"a\": 1}}") };
  g_auto (CommandRun) run = { 0 };

  g_test_summary ("A file that is wrong is not played");

  simulate (&run, arguments, G_N_ELEMENTS (arguments));
  g_assert_cmpint (run.status, ==, 1);
  assert_contains (command_run_out (&run), NULL);
  assert_contains (command_run_err (&run), "nebula.a: nobody knows this key");
}

/* Counts the openings of an element. */
static guint
count (GMarkupParseContext *context, const char *name)
{
  GHashTable *seen = g_markup_parse_context_get_user_data (context);

  return GPOINTER_TO_UINT (g_hash_table_lookup (seen, name));
}

static void
start_element (G_GNUC_UNUSED GMarkupParseContext *context,
               const char *name,
               G_GNUC_UNUSED const char **names,
               G_GNUC_UNUSED const char **values,
               gpointer seen,
               G_GNUC_UNUSED GError **error)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (seen, name));

  g_hash_table_insert (seen, g_strdup (name), GUINT_TO_POINTER (n + 1));
}

static void
test_svg (void)
{
  static const GMarkupParser parser = { .start_element = start_element };
  const char *path = command_file ("chart.svg", "");
  g_autofree char *option = g_strdup_printf ("--svg=%s", path);
  const char *const arguments[] = { OCC, FEW, option };
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, seen, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *svg = NULL;
  g_auto (CommandRun) run = { 0 };

  g_test_summary ("The picture is well-formed, with a bar for each mode in each of two panels");

  simulate (&run, arguments, G_N_ELEMENTS (arguments));
  g_assert_cmpint (run.status, ==, 0);
  assert_contains (command_run_out (&run), "decorrelated");
  g_file_get_contents (path, &svg, NULL, &error);
  g_assert_no_error (error);
  g_markup_parse_context_parse (context, svg, -1, &error);
  g_assert_no_error (error);
  g_assert_true (g_markup_parse_context_end_parse (context, &error));
  g_assert_cmpuint (count (context, "svg"), ==, 1);
  /* And the background; three lines for a deviation, one beside all bars. */
  g_assert_cmpuint (count (context, "rect"), ==, 1 + 2 * 6);
  g_assert_cmpuint (count (context, "line"), ==, 2 * (1 + 3 * 6));
  assert_contains (svg, ">proportional</text>");
  assert_contains (svg, "100 clients, 2 repetitions, seed 1");
}

/* The page's tables are what the command prints. */
static void
test_page (void)
{
  static const char *const shown[][2] = {
    { "--model=occ", NULL },
    { "--model=outage", "--repetitions=10" },
  };
  static const char *const titles[] = { "--model occ", "--model outage --repetitions 10" };
  g_autofree char *path = g_build_filename (NEBULA_DOCS, "simulator.md", NULL);
  g_autofree char *page = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("The tables in docs/simulator.md are what the command beside them prints");

  g_file_get_contents (path, &page, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
    {
      g_autofree char *block = NULL;
      g_auto (CommandRun) run = { 0 };

      simulate (&run, shown[i], G_N_ELEMENTS (shown[i]));
      block = g_strdup_printf ("$ nebula-interceptor policy simulate %s\n%s```\n",
                               titles[i], command_run_out (&run));
      assert_contains (page, block);
    }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/command-simulate/calls", test_calls);
  g_test_add_func ("/command-simulate/single", test_single);
  g_test_add_func ("/command-simulate/lists", test_lists);
  g_test_add_func ("/command-simulate/policy", test_policy);
  g_test_add_func ("/command-simulate/wrong-policy", test_wrong_policy);
  g_test_add_func ("/command-simulate/svg", test_svg);
  g_test_add_func ("/command-simulate/page", test_page);
  status = g_test_run ();
  command_files_remove ();
  return status;
}
