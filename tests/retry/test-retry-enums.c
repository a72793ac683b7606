/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-retry-enums.h>

#include <string.h>

typedef const char *(*ToString) (guint value);

typedef struct
{
  const char *name;
  GType (*get_type) (void);
  guint n_values;
  const char *prefix; /* of its enumerators */
  ToString to_string; /* (nullable) */
} Case;

/* One function type for all; each is called through a wrapper, because a cast of the function would
 * be undefined behaviour. */
#define WRAP(function, Type)                                                                       \
  static const char *wrap_##function (guint value) { return function ((Type) value); }

WRAP (nebula_error_category_to_string, NebulaErrorCategory)
WRAP (nebula_cause_to_string, NebulaCause)
WRAP (nebula_effect_to_string, NebulaEffect)
WRAP (nebula_pace_to_string, NebulaPace)
WRAP (nebula_grpc_status_to_string, NebulaGrpcStatus)
WRAP (nebula_phase_to_string, NebulaPhase)
WRAP (nebula_statement_safety_to_string, NebulaStatementSafety)
WRAP (nebula_action_to_string, NebulaAction)
WRAP (nebula_reason_to_string, NebulaReason)

/* Counted by hand. */
static const Case cases[] = {
  { "NebulaErrorCategory", nebula_error_category_get_type, 5, "NEBULA_ERROR_CATEGORY_",
    wrap_nebula_error_category_to_string },
  { "NebulaCause", nebula_cause_get_type, 40, "NEBULA_CAUSE_", wrap_nebula_cause_to_string },
  { "NebulaEffect", nebula_effect_get_type, 4, "NEBULA_EFFECT_", wrap_nebula_effect_to_string },
  { "NebulaPace", nebula_pace_get_type, 5, "NEBULA_PACE_", wrap_nebula_pace_to_string },
  { "NebulaGrpcStatus", nebula_grpc_status_get_type, 17, "NEBULA_GRPC_",
    wrap_nebula_grpc_status_to_string },
  { "NebulaPhase", nebula_phase_get_type, 3, "NEBULA_PHASE_", wrap_nebula_phase_to_string },
  { "NebulaTransportFailure", nebula_transport_failure_get_type, 5, "NEBULA_TRANSPORT_FAILURE_",
    NULL },
  { "NebulaSendState", nebula_send_state_get_type, 2, "NEBULA_SEND_STATE_", NULL },
  { "NebulaStatementSafety", nebula_statement_safety_get_type, 4, "NEBULA_STATEMENT_",
    wrap_nebula_statement_safety_to_string },
  { "NebulaAction", nebula_action_get_type, 6, "NEBULA_ACTION_", wrap_nebula_action_to_string },
  { "NebulaReason", nebula_reason_get_type, 22, "NEBULA_REASON_", wrap_nebula_reason_to_string },
};

static void
test_registered (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GTypeClass) class = g_type_class_ref (c->get_type ());
  GEnumClass *enums = G_ENUM_CLASS (class);

  g_assert_cmpstr (g_type_name (c->get_type ()), ==, c->name);
  g_assert_cmpuint (enums->n_values, ==, c->n_values);

  for (guint i = 0; i < c->n_values; i++)
    {
      const GEnumValue *value = g_enum_get_value (enums, (int) i);

      g_assert_nonnull (value);
      g_assert_true (g_str_has_prefix (value->value_name, c->prefix));
    }
}

/* The word of each value is its nick, but for case and hyphens, and no two are alike. */
static void
test_words (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GTypeClass) class = g_type_class_ref (c->get_type ());
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < c->n_values; i++)
    {
      const char *word = c->to_string (i);
      g_autofree char *nick = g_ascii_strdown (word, -1);

      g_strdelimit (nick, "_", '-');
      g_assert_cmpstr (nick, ==, g_enum_get_value (G_ENUM_CLASS (class), (int) i)->value_nick);
      g_assert_true (g_hash_table_add (seen, (gpointer) word));
    }

  g_assert_cmpstr (c->to_string (c->n_values), ==, "?");
  g_assert_cmpstr (c->to_string (G_MAXUINT), ==, "?");
}

static void
test_flags (void)
{
  g_autoptr (GTypeClass) class = g_type_class_ref (NEBULA_TYPE_CALL_TRAITS);
  GFlagsClass *flags = G_FLAGS_CLASS (class);

  g_assert_cmpuint (flags->n_values, ==, 4);
  g_assert_cmpuint (flags->mask, ==, 7);
  g_assert_cmpuint (g_flags_get_value_by_nick (flags, "none")->value, ==, 0);
  g_assert_cmpuint (g_flags_get_value_by_nick (flags, "compound")->value, ==, 1);
  g_assert_cmpuint (g_flags_get_value_by_nick (flags, "vertex-update")->value, ==, 2);
  g_assert_cmpuint (g_flags_get_value_by_nick (flags, "space-known")->value, ==, 4);
}

/* Reports, JSON and policy files are written in these words. */
static void
test_spelling (void)
{
  g_assert_cmpstr (nebula_error_category_to_string (NEBULA_ERROR_CATEGORY_RETRYABLE), ==,
                   "RETRYABLE");
  g_assert_cmpstr (nebula_cause_to_string (NEBULA_CAUSE_NOT_FOUND), ==, "not-found");
  g_assert_cmpstr (nebula_cause_to_string (NEBULA_CAUSE_SESSION_QUOTA), ==, "session-quota");
  g_assert_cmpstr (nebula_effect_to_string (NEBULA_EFFECT_MAYBE), ==, "MAYBE");
  g_assert_cmpstr (nebula_pace_to_string (NEBULA_PACE_FAST), ==, "FAST");
  g_assert_cmpstr (nebula_grpc_status_to_string (NEBULA_GRPC_UNAVAILABLE), ==, "UNAVAILABLE");
  g_assert_cmpstr (nebula_grpc_status_to_string (NEBULA_GRPC_DEADLINE_EXCEEDED), ==,
                   "DEADLINE_EXCEEDED");
  g_assert_cmpstr (nebula_phase_to_string (NEBULA_PHASE_EXECUTE), ==, "execute");
  g_assert_cmpstr (nebula_phase_to_string (NEBULA_PHASE_AUTHENTICATE), ==, "authenticate");
  g_assert_cmpstr (nebula_phase_to_string (NEBULA_PHASE_VERIFY), ==, "verify");
  g_assert_cmpstr (nebula_statement_safety_to_string (NEBULA_STATEMENT_READ_ONLY), ==, "READ_ONLY");
  g_assert_cmpstr (nebula_action_to_string (NEBULA_ACTION_RENEW_SESSION), ==, "renew-session");
  g_assert_cmpstr (nebula_reason_to_string (NEBULA_REASON_EFFECT_UNKNOWN), ==, "effect-unknown");
}

static void
assert_registered (const char *type_name, const char *enumerator)
{
  g_autoptr (GTypeClass) class = g_type_class_ref (g_type_from_name (type_name));

  if (G_IS_FLAGS_CLASS (class))
    g_assert_nonnull (g_flags_get_value_by_name (G_FLAGS_CLASS (class), enumerator));
  else
    g_assert_nonnull (g_enum_get_value_by_name (G_ENUM_CLASS (class), enumerator));
}

static guint n_types_seen = 0;
static guint n_items_seen = 0;

static void
see_type (const char *name, const char *body)
{
  g_autoptr (GRegex) item = g_regex_new ("^  (NEBULA_\\w+)", G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) items = NULL;

  n_types_seen++;
  for (g_regex_match (item, body, 0, &items); g_match_info_matches (items);
       g_match_info_next (items, NULL))
    {
      g_autofree char *enumerator = g_match_info_fetch (items, 1);

      assert_registered (name, enumerator);
      n_items_seen++;
    }
}

static void
see_header (const char *header)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "include", "nebula-retry",
                                                 header, NULL);
  g_autoptr (GRegex) block = g_regex_new ("typedef enum[^{;]*\\{([^}]*)\\} (\\w+);", 0, 0, NULL);
  g_autoptr (GMatchInfo) blocks = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  for (g_regex_match (block, text, 0, &blocks); g_match_info_matches (blocks);
       g_match_info_next (blocks, NULL))
    {
      g_autofree char *body = g_match_info_fetch (blocks, 1);
      g_autofree char *name = g_match_info_fetch (blocks, 2);

      see_type (name, body);
    }
}

/* Reads the headers themselves: an enumerator that is added there and nowhere else fails. */
static void
test_headers (void)
{
  see_header ("nebula-failure-enums.h");
  see_header ("nebula-call-enums.h");
  see_header ("nebula-decision-enums.h");

  g_assert_cmpuint (n_types_seen, ==, G_N_ELEMENTS (cases) + 1);
  g_assert_cmpuint (n_items_seen, ==, 117);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Every enumerator is registered and has its word.");

  /* The types register themselves on first use; the headers' test looks them up by name. */
  g_type_ensure (NEBULA_TYPE_CALL_TRAITS);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *registered = g_strdup_printf ("/retry-enums/registered/%s", cases[i].name);
      g_autofree char *words = g_strdup_printf ("/retry-enums/words/%s", cases[i].name);

      g_type_ensure (cases[i].get_type ());
      g_test_add_data_func (registered, &cases[i], test_registered);
      if (cases[i].to_string != NULL)
        g_test_add_data_func (words, &cases[i], test_words);
    }
  g_test_add_func ("/retry-enums/flags", test_flags);
  g_test_add_func ("/retry-enums/spelling", test_spelling);
  g_test_add_func ("/retry-enums/headers", test_headers);

  return g_test_run ();
}
