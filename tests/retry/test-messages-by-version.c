/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-error-info.h>
#include <nebula-retry/nebula-outcome.h>

#include "version-messages.h"

#include <string.h>

typedef struct
{
  guint               number; /* as in the tables */
  NebulaServerVersion version;
} Release;

static const Release releases[] = {
  { 30, NEBULA_SERVER_VERSION (3, 0, 0) },
  { 34, NEBULA_SERVER_VERSION (3, 4, 0) },
  { 38, NEBULA_SERVER_VERSION (3, 8, 0) },
};

static char *
describe (const NebulaOutcome *outcome)
{
  return g_strdup_printf ("%d %s %s %s %s", nebula_outcome_get_real_code (outcome),
                          nebula_error_category_to_string (nebula_outcome_get_category (outcome)),
                          nebula_cause_to_string (nebula_outcome_get_cause (outcome)),
                          nebula_effect_to_string (nebula_outcome_get_effect (outcome)),
                          nebula_pace_to_string (nebula_outcome_get_pace (outcome)));
}

static NebulaOutcome *
classify (const VersionGroup *group,
          const char         *text,
          NebulaServerVersion version)
{
  NebulaReplyFacts facts = {
    .phase = group->phase,
    .code = group->code,
    .message = text,
    .message_length = -1,
    .server_version = version,
  };

  return nebula_outcome_new_from_facts (&facts);
}

static void
check_message (const VersionGroup   *group,
               const VersionMessage *message,
               NebulaServerVersion   version)
{
  g_autoptr (NebulaOutcome) outcome = classify (group, message->text, version);
  g_autofree char *found = describe (outcome);
  gint32 real_code = nebula_outcome_get_real_code (outcome);
  const NebulaErrorInfo *info = nebula_error_info_for_code_in_version (real_code, version);

  if (!g_str_equal (found, message->expected))
    g_test_message ("%s", message->text);
  g_assert_cmpstr (found, ==, message->expected);
  g_assert_cmpint (nebula_outcome_get_wire_code (outcome), ==, group->code);
  if (message->name != NULL && g_str_has_prefix (message->name, "E_"))
    g_assert_cmpstr (nebula_error_info_get_name (info), ==, message->name);
}

static void
test_group (gconstpointer data)
{
  const VersionGroup *group = data;

  for (gsize i = 0; i < G_N_ELEMENTS (releases); i++)
    {
      guint checked = 0;

      for (gsize j = 0; j < group->n_messages; j++)
        {
          const VersionMessage *message = &group->messages[j];

          if (releases[i].number < message->since || releases[i].number > message->until)
            continue;
          check_message (group, message, releases[i].version);
          checked++;
        }
      g_assert_cmpuint (checked, >, 0);
    }
}

/* A text means the same to a caller who does not know the version. */
static void
test_any_version (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (version_groups); i++)
    {
      const VersionGroup *group = &version_groups[i];

      for (gsize j = 0; j < group->n_messages; j++)
        {
          const char *text = group->messages[j].text;
          g_autoptr (NebulaOutcome) outcome =
              classify (group, text, NEBULA_SERVER_VERSION_DEFAULT);
          g_autofree char *found = describe (outcome);

          g_assert_cmpstr (found, ==, group->messages[j].expected);
        }
    }
}

/* What is decided by the code alone is so on purpose: these and no others. */
static void
test_left_to_the_code (void)
{
  static const char *const texts[] = {
    "Unknown error!", "Internal error: empty column name list", "std::bad_alloc",
    "Shadow account not exist", "Cloud authentication failed, user: user1",
    "Get session for sessionId is nullptr", NULL,
  };
  guint n_left = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (version_groups); i++)
    {
      const VersionGroup *group = &version_groups[i];

      for (gsize j = 0; j < group->n_messages; j++)
        {
          const char *text = group->messages[j].text;
          g_autoptr (NebulaOutcome) outcome = classify (group, text, 0);
          gboolean by_code = g_str_has_prefix (nebula_outcome_get_rule (outcome), "code ");

          if (by_code != g_strv_contains (texts, text))
            g_test_message ("%s", text);
          g_assert_cmpint (by_code, ==, g_strv_contains (texts, text));
          n_left += (guint) by_code;
        }
    }

  g_assert_cmpuint (n_left, ==, g_strv_length ((char **) texts));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Every text of graphd 3.0, 3.4 and 3.8 means what its branch in graphd means.");

  for (gsize i = 0; i < G_N_ELEMENTS (version_groups); i++)
    {
      g_autofree char *path = g_strdup_printf ("/messages-by-version/%s", version_groups[i].name);

      g_test_add_data_func (path, &version_groups[i], test_group);
    }
  g_test_add_func ("/messages-by-version/any-version", test_any_version);
  g_test_add_func ("/messages-by-version/left-to-the-code", test_left_to_the_code);

  return g_test_run ();
}
