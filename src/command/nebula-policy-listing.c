/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-policy-listing-private.h"

#include "nebula-listing-private.h"

#include <stdio.h>

/*
 * What a policy comes to, as tables: cause by cause, and what holds for all of them.
 */

/* The paces at which a cause is tried again: a bit for each of those two. INSTANT is FAST after its
 * first retry. */
#define PACE_BIT(pace) (1u << (pace))

static const NebulaPace paces[] = { NEBULA_PACE_FAST, NEBULA_PACE_SLOW };

static const NebulaListingColumn cause_columns[] = {
  { "cause", NEBULA_LISTING_WORD },        { "pace", NEBULA_LISTING_WORD },
  { "attempts", NEBULA_LISTING_NUMBER },   { "first_wait", NEBULA_LISTING_WORD },
  { "longest_wait", NEBULA_LISTING_WORD }, { "multiplier", NEBULA_LISTING_WORD },
  { "jitter", NEBULA_LISTING_WORD },
};

static const NebulaListingColumn setting_columns[] = {
  { "setting", NEBULA_LISTING_WORD },
  { "value", NEBULA_LISTING_WORD },
};

/* The same in every locale. */
static char *
format_number (double number, const char *unit)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (text, sizeof text, "%.10g", number);
  return g_strconcat (text, unit, NULL);
}

/* As it stands in a policy file. */
static char *
format_duration (gint64 microseconds)
{
  return format_number (microseconds / (double) G_TIME_SPAN_SECOND, "s");
}

/* Returns: (transfer none): the word of @value, which @type has */
static const char *
get_word (GType type, int value)
{
  g_autoptr (GEnumClass) words = g_type_class_ref (type);

  return g_enum_get_value (words, value)->value_nick;
}

static void
note_pace (guint *bits, NebulaErrorCategory category, NebulaCause cause, NebulaPace pace)
{
  if (category != NEBULA_ERROR_CATEGORY_RETRYABLE)
    return;
  if (pace == NEBULA_PACE_FAST || pace == NEBULA_PACE_INSTANT)
    bits[cause] |= PACE_BIT (NEBULA_PACE_FAST);
  if (pace == NEBULA_PACE_SLOW)
    bits[cause] |= PACE_BIT (NEBULA_PACE_SLOW);
}

/* At which paces the tables of the library have each cause tried again. */
static void
find_paces (guint *bits)
{
  for (guint i = 0; i < nebula_error_info_get_count (); i++)
    {
      const NebulaErrorInfo *info = nebula_error_info_at (i);

      note_pace (bits, nebula_error_info_get_category (info), nebula_error_info_get_cause (info),
                 nebula_error_info_get_pace (info));
    }
  for (guint i = 0; i < nebula_message_rule_get_count (); i++)
    {
      const NebulaMessageRule *rule = nebula_message_rule_at (i);

      note_pace (bits, nebula_message_rule_get_category (rule),
                 nebula_message_rule_get_cause (rule), nebula_message_rule_get_pace (rule));
    }
  /* Those of the client itself, which stand in neither. */
  bits[NEBULA_CAUSE_CONNECTION] |= PACE_BIT (NEBULA_PACE_FAST);
  bits[NEBULA_CAUSE_TIMEOUT] |= PACE_BIT (NEBULA_PACE_FAST);
}

static void
add_cause (NebulaListing *listing, NebulaRetryPolicy *policy, NebulaCause cause, NebulaPace pace,
           const char *name)
{
  gint64 initial = 0;
  gint64 maximum = 0;
  double multiplier = 1.0;
  g_autofree char *attempts = NULL;
  g_autofree char *first_wait = NULL;
  g_autofree char *longest_wait = NULL;
  g_autofree char *growth = NULL;

  nebula_retry_policy_get_backoff_for_cause (policy, cause, pace, &initial, &maximum, &multiplier);
  attempts = g_strdup_printf ("%u", nebula_retry_policy_get_max_attempts (policy, cause));
  first_wait = format_duration (MIN (initial, maximum));
  longest_wait = format_duration (maximum);
  growth = format_number (multiplier, "");
  nebula_listing_add (listing, (const char *const[]) {
    name, nebula_pace_to_string (pace), attempts, first_wait, longest_wait, growth,
    get_word (NEBULA_TYPE_JITTER, nebula_retry_policy_get_jitter (policy)),
  });
}

/* Whether @cause has anything that those do not have which are not named. */
static gboolean
is_special (NebulaRetryPolicy *policy, NebulaCause cause, NebulaPace pace)
{
  gint64 initial[2] = { 0 };
  gint64 maximum[2] = { 0 };
  double multiplier[2] = { 1.0, 1.0 };

  nebula_retry_policy_get_backoff_for_cause (policy, cause, pace, &initial[0], &maximum[0],
                                             &multiplier[0]);
  nebula_retry_policy_get_backoff_for_cause (policy, NEBULA_CAUSE_UNKNOWN, pace, &initial[1],
                                             &maximum[1], &multiplier[1]);
  return initial[0] != initial[1] || maximum[0] != maximum[1] || multiplier[0] != multiplier[1]
         || nebula_retry_policy_get_max_attempts (policy, cause)
                != nebula_retry_policy_get_max_attempts (policy, NEBULA_CAUSE_UNKNOWN);
}

static void
print_causes (NebulaRetryPolicy *policy)
{
  guint bits[NEBULA_N_CAUSES] = { 0 };
  g_auto (NebulaListing) listing = { 0 };

  find_paces (bits);
  nebula_listing_init (&listing, cause_columns, G_N_ELEMENTS (cause_columns));
  for (guint cause = 1; cause < NEBULA_CAUSE_UNKNOWN; cause++)
    for (guint i = 0; i < G_N_ELEMENTS (paces); i++)
      if ((bits[cause] & PACE_BIT (paces[i])) != 0
          || (bits[cause] == 0 && is_special (policy, cause, paces[i])))
        add_cause (&listing, policy, cause, paces[i], nebula_cause_to_string (cause));
  /* What the file may make of the causes that nothing else has tried again. */
  for (guint i = 0; i < G_N_ELEMENTS (paces); i++)
    add_cause (&listing, policy, NEBULA_CAUSE_UNKNOWN, paces[i], "others");
  nebula_listing_print_text (&listing);
}

static void
add_setting (NebulaListing *listing, const char *name, const char *value)
{
  nebula_listing_add (listing, (const char *const[]) { name, value });
}

static void
add_limit (NebulaListing *listing, const char *name, gint64 limit, const char *without)
{
  g_autofree char *duration = format_duration (limit);

  add_setting (listing, name, limit > 0 ? duration : without);
}

static void
add_budget (NebulaListing *listing, NebulaRetryPolicy *policy)
{
  NebulaBudgetSettings budget = { 0 };
  g_autofree char *refill = NULL;
  g_autofree char *text = NULL;

  nebula_retry_policy_get_budget (policy, &budget);
  refill = format_number (budget.refill / 1000.0, "");
  if (budget.kind == NEBULA_BUDGET_LEASE)
    text = g_strdup_printf ("lease, capacity %u, a retry costs %u", budget.capacity, budget.cost);
  else if (budget.kind == NEBULA_BUDGET_THROTTLE)
    text = g_strdup_printf ("throttle, capacity %u, a success adds %s", budget.capacity, refill);
  add_setting (listing, "budget", text != NULL ? text : "none");
}

/* The policy tells what it says of sessions only in print. */
static void
add_session (NebulaListing *listing, NebulaRetryPolicy *root)
{
  static const struct
  {
    const char *key;
    const char *name;
  } rows[] = {
    { "renew", "session: renew" },
    { "replaySpace", "session: set the space again" },
    { "handshake", "session: make the handshake" },
  };
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *json = nebula_retry_policy_to_json (root);
  JsonObject *session;

  if (!json_parser_load_from_data (parser, json, -1, NULL))
    g_assert_not_reached ();
  session = json_node_get_object (json_parser_get_root (parser));
  session = json_object_get_object_member (session, "nebula");
  session = json_object_get_object_member (session, "session");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    add_setting (listing, rows[i].name,
                 json_object_get_boolean_member (session, rows[i].key) ? "yes" : "no");
}

static void
print_settings (NebulaRetryPolicy *root, NebulaRetryPolicy *policy)
{
  g_auto (NebulaListing) listing = { 0 };

  nebula_listing_init (&listing, setting_columns, G_N_ELEMENTS (setting_columns));
  add_limit (&listing, "time-out: connect", nebula_retry_policy_get_connect_timeout (policy),
             "as long as the attempt may take");
  add_limit (&listing, "time-out: attempt", nebula_retry_policy_get_attempt_timeout (policy),
             "as long as the call may still take");
  add_limit (&listing, "time-out: total", nebula_retry_policy_get_total_timeout (policy), "none");
  add_setting (&listing, "replay",
               get_word (NEBULA_TYPE_REPLAY, nebula_retry_policy_get_replay (policy)));
  add_setting (&listing, "replay after a time-out",
               nebula_retry_policy_get_replay_after_timeout (policy) ? "yes" : "no");
  add_limit (&listing, "endpoint: pause", nebula_retry_policy_get_endpoint_pause (root), "none");
  add_limit (&listing, "endpoint: longest pause",
             nebula_retry_policy_get_endpoint_maximum_pause (root), "none");
  add_setting (&listing, "endpoint: shuffle",
               nebula_retry_policy_get_shuffle_endpoints (root) ? "yes" : "no");
  add_budget (&listing, policy);
  add_session (&listing, root);
  nebula_listing_print_text (&listing);
}

/**
 * nebula_policy_listing_print:
 * @root: a policy
 * @policy: what is printed of it: itself, or what holds for one of its methods
 */
void
nebula_policy_listing_print (NebulaRetryPolicy *root, NebulaRetryPolicy *policy)
{
  if (!nebula_retry_policy_get_enabled (policy))
    puts ("Not enabled: nothing is tried again.\n");
  print_causes (policy);
  puts ("");
  print_settings (root, policy);
}
