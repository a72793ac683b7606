/* SPDX-License-Identifier: Apache-2.0 */
#include "command-run.h"

/* Pages that the command prints are as it would print them now, and its JSON has the same rows. */

#define N_ARGUMENTS 5

static const struct
{
  const char *page;
  const char *arguments[N_ARGUMENTS];
} pages[] = {
  { "error-codes.md", { "codes", "--format", "markdown" } },
  { "graphd-messages.md", { "codes", "--messages", "--format", "markdown" } },
};

static void
test_pages (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *path = g_build_filename (NEBULA_DOCS, pages[i].page, NULL);
      g_autofree char *words = g_strjoinv (" ", (GStrv) pages[i].arguments);
      g_autofree char *page = NULL;
      g_auto (CommandRun) run = { 0 };
      g_autoptr (GError) error = NULL;

      command_run (&run, NULL, pages[i].arguments);
      g_assert_cmpint (run.status, ==, 0);
      g_file_get_contents (path, &page, NULL, &error);
      if (g_strcmp0 (page, command_run_out (&run)) != 0)
        g_test_fail_printf ("docs/%s is not what the table says; run "
                            "'nebula-interceptor %s > docs/%s'",
                            pages[i].page, words, pages[i].page);
    }
}

static guint
count_lines (const char *text, const char *begin)
{
  guint n = 0;

  for (const char *at = text; at != NULL; at = strchr (at, '\n'))
    {
      at += *at == '\n';
      n += g_str_has_prefix (at, begin);
    }
  return n;
}

/* All rows are in the page, each once. */
static void
test_rows (void)
{
  const char *const json[] = { "codes", "--messages", "--format", "json", NULL };
  g_auto (CommandRun) codes = { 0 };
  g_auto (CommandRun) messages = { 0 };
  g_auto (CommandRun) rules = { 0 };
  g_autoptr (JsonNode) root = NULL;
  guint n;

  command_run (&codes, NULL, pages[0].arguments);
  command_run (&messages, NULL, pages[1].arguments);
  command_run (&rules, NULL, json);
  root = command_run_json (&rules);
  n = json_array_get_length (json_node_get_array (root));
  g_assert_cmpuint (count_lines (command_run_out (&codes), "| -")
                      + count_lines (command_run_out (&codes), "| 0 "), ==, 196);
  g_assert_cmpuint (n, >, 140);
  g_assert_cmpuint (count_lines (command_run_out (&messages), "| execute ")
                      + count_lines (command_run_out (&messages), "| authenticate ")
                      + count_lines (command_run_out (&messages), "| verify "), ==, n);
}

static JsonObject *
find_text (JsonArray *rules, const char *text)
{
  for (guint i = 0; i < json_array_get_length (rules); i++)
    {
      JsonObject *rule = json_array_get_object_element (rules, i);

      if (strcmp (json_object_get_string_member (rule, "text"), text) == 0)
        return rule;
    }
  g_error ("no rule has the text «%s»", text);
}

static void
test_json (void)
{
  const char *const arguments[] = { "codes", "--messages", "--format", "json", NULL };
  g_auto (CommandRun) run = { 0 };
  g_autoptr (JsonNode) root = NULL;
  JsonObject *rule;

  command_run (&run, NULL, arguments);
  root = command_run_json (&run);
  rule = find_text (json_node_get_array (root), "Storage Error: Part ");
  g_assert_cmpuint (json_object_get_size (rule), ==, 12);
  g_assert_cmpstr (json_object_get_string_member (rule, "phase"), ==, "execute");
  g_assert_cmpint (json_object_get_int_member (rule, "wire_code"), ==, -1005);
  g_assert_cmpstr (json_object_get_string_member (rule, "match"), ==, "contains");
  g_assert_cmpstr (json_object_get_string_member (rule, "tail"), ==, "NUMBER not found");
  g_assert_cmpint (json_object_get_int_member (rule, "real_code"), ==, -16);
  g_assert_cmpstr (json_object_get_string_member (rule, "real_name"), ==, "E_PART_NOT_FOUND");
  g_assert_cmpstr (json_object_get_string_member (rule, "category"), ==, "RETRYABLE");
  g_assert_cmpstr (json_object_get_string_member (rule, "cause"), ==, "partition");
  g_assert_cmpstr (json_object_get_string_member (rule, "effect"), ==, "PART");
  g_assert_cmpstr (json_object_get_string_member (rule, "pace"), ==, "FAST");
  g_assert_true (json_object_get_null_member (rule, "source"));

  rule = find_text (json_node_get_array (root), "Unknown error ");
  g_assert_true (json_object_get_null_member (rule, "real_code"));
  g_assert_true (json_object_get_null_member (rule, "category"));
  g_assert_cmpstr (json_object_get_string_member (rule, "effect"), ==, "NONE");
  g_assert_cmpstr (json_object_get_string_member (rule, "source"), ==, "metad, 3.6+");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("The pages of codes and of texts are those that the command prints.");
  g_test_add_func ("/command-docs/pages", test_pages);
  g_test_add_func ("/command-docs/rows", test_rows);
  g_test_add_func ("/command-docs/json", test_json);
  return g_test_run ();
}
