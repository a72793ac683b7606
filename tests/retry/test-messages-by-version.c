/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-error-info.h>
#include <nebula-retry/nebula-message-rule.h>
#include <nebula-retry/nebula-outcome.h>

#include "version-messages.h"

#include <string.h>

/* In the order of the columns. */
static const NebulaServerVersion versions[N_VERSIONS] = {
  NEBULA_SERVER_VERSION (3, 0, 0),
  NEBULA_SERVER_VERSION (3, 4, 0),
  NEBULA_SERVER_VERSION (3, 8, 0),
};

static gboolean
is_said (const VersionMessage *message, gsize column)
{
  guint number = version_numbers[column];

  return number >= message->since && number <= message->until;
}

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

  for (gsize i = 0; i < N_VERSIONS; i++)
    {
      guint checked = 0;

      for (gsize j = 0; j < group->n_messages; j++)
        {
          const VersionMessage *message = &group->messages[j];

          if (!is_said (message, i))
            continue;
          check_message (group, message, versions[i]);
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

static gboolean
is_revision (const char *revision)
{
  return g_regex_match_simple ("^(blob )?[0-9a-f]{40}$|^v3\\.[0-9]\\.[0-9]$", revision,
                               G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT);
}

/* A copy that is called a release is that one, any other one stands between two of them. */
static void
check_source (const VersionSource *source, guint number)
{
  g_assert_nonnull (source->repository);
  g_assert_true (is_revision (source->revision));
  g_assert_cmpstr (source->basis, !=, "");
  if (source->after == source->before)
    g_assert_cmpuint (source->after, ==, number);
  else
    g_assert_true (source->after < number && number < source->before);
}

static void
check_place (const VersionMessage *message)
{
  const VersionPlace *place = message->place;

  g_assert_nonnull (place);
  g_assert_true (g_str_has_prefix (place->file, "src/"));
  g_assert_nonnull (strstr (place->function, "()"));
  for (gsize i = 0; i < N_VERSIONS; i++)
    {
      g_assert_cmpint (message->lines[i] != 0, ==, is_said (message, i));
      if (is_said (message, i))
        check_source (&place->sources[i], version_numbers[i]);
    }
}

/* Each row says for each release that it claims where the text stands, and in which copy. */
static void
test_sources (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (version_groups); i++)
    {
      const VersionGroup *group = &version_groups[i];

      for (gsize j = 0; j < group->n_messages; j++)
        {
          g_test_message ("%s", group->messages[j].text);
          check_place (&group->messages[j]);
        }
    }
}

/* The rows about metad stand as the branches do, so that their lines only grow. */
static void
test_lines_grow (void)
{
  for (gsize column = 0; column < N_VERSIONS; column++)
    {
      guint last = 0;

      for (gsize i = 0; i < G_N_ELEMENTS (version_metad); i++)
        {
          guint line = version_metad[i].lines[column];

          g_assert_true (line == 0 || line >= last);
          g_assert_cmpuint (line, !=, SOMEWHERE);
          last = MAX (last, line);
        }
      g_assert_cmpuint (last, >, 900);
    }
}

/* Whether the source of a rule names a release: "3.4+", "up to 3.3", "2.x", "3.0.1". One that names
 * none says so of all. */
static gboolean
source_has (const char *source, guint number)
{
  const char *digits = source + strcspn (source, "0123456789");
  guint major = (guint) g_ascii_digit_value (digits[0]);
  guint named;

  if (*digits == '\0')
    return TRUE;
  if (digits[2] == 'x')
    return number / 10 == major;

  named = major * 10 + (guint) g_ascii_digit_value (digits[2]);
  if (strstr (source, "up to ") != NULL)
    return number <= named;
  return digits[3] == '+' ? number >= named : number == named;
}

/* Whether a rule decides about some text that a release says; @any, about a text of any release. */
static gboolean
decides_in (const NebulaMessageRule *rule, gsize column, gboolean *any)
{
  gboolean found = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (version_groups); i++)
    {
      const VersionGroup *group = &version_groups[i];

      for (gsize j = 0; j < group->n_messages; j++)
        {
          g_autoptr (NebulaOutcome) outcome =
              classify (group, group->messages[j].text, versions[column]);

          if (group->phase != nebula_message_rule_get_phase (rule)
              || !g_str_equal (nebula_outcome_get_rule (outcome),
                               nebula_message_rule_get_name (rule)))
            continue;
          *any = TRUE;
          found = found || is_said (&group->messages[j], column);
        }
    }

  return found;
}

/* What `explain` prints of a rule's releases is what the tables say of its texts. */
static void
test_rules_agree (void)
{
  guint n_agreed = 0;

  for (guint i = 0; i < nebula_message_rule_get_count (); i++)
    {
      const NebulaMessageRule *rule = nebula_message_rule_at (i);
      const char *source = nebula_message_rule_get_source (rule);

      for (gsize column = 0; column < N_VERSIONS; column++)
        {
          gboolean any = FALSE;
          gboolean said = decides_in (rule, column, &any);
          gboolean expected = source_has (source != NULL ? source : "", version_numbers[column]);

          /* A rule without a text in the tables is for other releases, or for texts of others. */
          if (!any)
            continue;
          if (expected != said)
            g_test_message ("%s (%s)", nebula_message_rule_get_name (rule), source);
          g_assert_cmpint (expected, ==, said);
          n_agreed++;
        }
    }

  g_assert_cmpuint (n_agreed, >, 100);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Every text of graphd 3.0, 3.4 and 3.8 means what its branch in graphd means, "
                  "and is said to come from where it was read.");

  for (gsize i = 0; i < G_N_ELEMENTS (version_groups); i++)
    {
      g_autofree char *path = g_strdup_printf ("/messages-by-version/%s", version_groups[i].name);

      g_test_add_data_func (path, &version_groups[i], test_group);
    }
  g_test_add_func ("/messages-by-version/any-version", test_any_version);
  g_test_add_func ("/messages-by-version/left-to-the-code", test_left_to_the_code);

  g_test_add_func ("/messages-by-version/sources", test_sources);
  g_test_add_func ("/messages-by-version/lines-grow", test_lines_grow);
  g_test_add_func ("/messages-by-version/rules-agree", test_rules_agree);

  return g_test_run ();
}
