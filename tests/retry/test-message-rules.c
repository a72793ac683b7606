/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-message-rules-private.h"

#include <nebula-retry/nebula-outcome.h>

#include "outcome-messages.h"
#include "version-messages.h"

#include <string.h>

/* graphd cuts the texts that it formats here, in bytes. */
#define CUT 255

static void
assert_reply (NebulaPhase phase,
              gint32      code,
              const char *text,
              gssize      length,
              const char *expected)
{
  g_autoptr (NebulaOutcome) outcome = nebula_outcome_new_from_reply (phase, code, text, length, 0);
  g_autofree char *found = g_strdup_printf (
      "%d %s %s %s %s", nebula_outcome_get_real_code (outcome),
      nebula_error_category_to_string (nebula_outcome_get_category (outcome)),
      nebula_cause_to_string (nebula_outcome_get_cause (outcome)),
      nebula_effect_to_string (nebula_outcome_get_effect (outcome)),
      nebula_pace_to_string (nebula_outcome_get_pace (outcome)));

  if (!g_str_equal (found, expected))
    g_test_message ("%s", text);
  g_assert_cmpstr (found, ==, expected);
  g_assert_true (g_utf8_validate (nebula_outcome_get_message (outcome), -1, NULL));
}

static gboolean
decides (const NebulaMessageRule *rule,
         NebulaPhase              phase,
         gint32                   code,
         const char              *text)
{
  NebulaMessageMatch match;

  return nebula_message_rules_match (phase, code, text, strlen (text), &match) &&
         match.rule == rule;
}

static gboolean
is_near_miss (const Group *group, const char *text)
{
  NebulaMessageMatch match;

  return text != NULL &&
         !nebula_message_rules_match (group->phase, group->code, text, strlen (text), &match);
}

/* Finds a message that the rule decides about, and next to it a text that is nearly that one and
 * says nothing. */
static gboolean
has_message_and_near_miss (const NebulaMessageRule *rule)
{
  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      for (gsize j = 0; j < groups[i].n_messages; j++)
        {
          const Message *message = &groups[i].messages[j];

          if (decides (rule, groups[i].phase, groups[i].code, message->text) &&
              is_near_miss (&groups[i], message->near_miss))
            return TRUE;
        }
    }

  return FALSE;
}

/* A rule that no message needs is not tested, or is hidden by one before it; one without a near
 * miss may match too much. */
static void
test_all_rules (void)
{
  const NebulaMessageRule *rule;

  for (guint i = 0; (rule = nebula_message_rules_at (i)) != NULL; i++)
    {
      if (!has_message_and_near_miss (rule))
        g_test_message ("%s", rule->name);
      g_assert_true (has_message_and_near_miss (rule));
    }
}

typedef struct
{
  NebulaPhase phase;
  gint32      code;
  const char *before;
  const char *after;
  const char *expected;
} Around;

static void
check_around (const Around      *cases,
              gsize              n_cases,
              const char *const *words)
{
  for (gsize i = 0; i < n_cases; i++)
    {
      for (gsize j = 0; words[j] != NULL; j++)
        {
          g_autofree char *text = g_strconcat (cases[i].before, words[j], cases[i].after, NULL);

          assert_reply (cases[i].phase, cases[i].code, text, -1, cases[i].expected);
        }
    }
}

/* Partitions, sessions, seconds: from 0 to more than any integer holds. */
static void
test_numbers (void)
{
  static const char *const numbers[] = {
    "0", "1", "007", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808",
    "99999999999999999999999999999999", NULL,
  };
  static const Around cases[] = {
    { NEBULA_PHASE_EXECUTE, -1005, "Storage Error: Part ", " not found.",
      "-16 RETRYABLE partition PART FAST" },
    { NEBULA_PHASE_EXECUTE, -1005, "Storage Error: Not the leader of ", ". Please retry later.",
      "-4 RETRYABLE leader MAYBE FAST" },
    { NEBULA_PHASE_EXECUTE, -1005, "Storage Error: Term of part ",
      " is out of date. Please retry later.", "-3503 RETRYABLE leader MAYBE FAST" },
    { NEBULA_PHASE_EXECUTE, -1005, "Storage Error: Part ",
      " raft buffer is full. Please retry later.", "-3529 RETRYABLE overload PART SLOW" },
    { NEBULA_PHASE_EXECUTE, -1005, "Storage Error: part: ", ", error: E_RAFT_LOG_GAP(-3501).",
      "-3501 RETRYABLE leader MAYBE FAST" },
    { NEBULA_PHASE_EXECUTE, -1002, "SessionId[", "] does not exist",
      "-1002 SESSION session NONE INSTANT" },
    { NEBULA_PHASE_EXECUTE, -1002, "SessionId[-", "] does not exist",
      "-1002 SESSION session NONE INSTANT" },
    { NEBULA_PHASE_EXECUTE, -1002, "Get sessionId[1] failed: Session `",
      "' not found: Session not existed!", "-2069 SESSION session NONE INSTANT" },
    { NEBULA_PHASE_AUTHENTICATE, -1001, "5 times, user name: u has been locked, try again in ",
      " seconds", "-1001 AUTH locked NONE PUSHBACK" },
    { NEBULA_PHASE_AUTHENTICATE, -1001, "Invalid password, remaining attempts: ", "",
      "-29 AUTH credentials NONE NONE" },
  };

  check_around (cases, G_N_ELEMENTS (cases), numbers);
}

/* Hosts, users and spaces are called whatever people like. */
static void
test_names (void)
{
  static const char *const names[] = {
    "", "a", "storaged-12.example.com:9779", "[2001:db8::17]:9779", "\"10.0.0.7\":45678",
    "\345\233\276\347\251\272\351\227\264", "Stra\303\237e", "`quoted'", "100% {}", "S E R", NULL,
  };
  static const Around cases[] = {
    { NEBULA_PHASE_EXECUTE, -1005, "RPC failure in StorageClient: Failed to connect to ", "",
      "-3 RETRYABLE rpc MAYBE SLOW" },
    { NEBULA_PHASE_EXECUTE, -1005, "SpaceNotFound: SpaceName `", "`",
      "-5 FATAL not-found NONE NONE" },
    { NEBULA_PHASE_EXECUTE, -1005, "HostNotFound: ", "", "-13 FATAL not-found NONE NONE" },
    { NEBULA_PHASE_EXECUTE, -1005, "PermissionError: No permission to write space ", ".",
      "-1008 AUTH permission NONE NONE" },
    { NEBULA_PHASE_EXECUTE, -1002, "Get sessionId[1] failed: Get session with unknown space: ", "",
      "-1002 SESSION session NONE INSTANT" },
    { NEBULA_PHASE_AUTHENTICATE, -1001, "The version of the client sending request from ",
      " is lower than v2.6.0, please update the client.", "-3061 SESSION handshake NONE INSTANT" },
    { NEBULA_PHASE_AUTHENTICATE, -1001, "5 times consecutive incorrect passwords has been input, "
      "user name: ", " has been locked, try again in 5 seconds",
      "-1001 AUTH locked NONE PUSHBACK" },
    { NEBULA_PHASE_AUTHENTICATE, -1002, "Create Session failed: Too many sessions created from ",
      " by user u.", "-1010 FATAL session-quota NONE NONE" },
    { NEBULA_PHASE_VERIFY, -3061, "Graph client version(", ") is not accepted",
      "-3061 FATAL incompatible NONE NONE" },
  };

  check_around (cases, G_N_ELEMENTS (cases), names);
}

/* Cut where graphd cuts, inside of a character too, the texts mean what they meant. */
static void
test_cut (void)
{
  static const Around cases[] = {
    { NEBULA_PHASE_EXECUTE, -1005, "RPC failure in StorageClient: ", "",
      "-3 RETRYABLE rpc MAYBE SLOW" },
    { NEBULA_PHASE_EXECUTE, -1005, "SpaceNotFound: SpaceName `", "`",
      "-5 FATAL not-found NONE NONE" },
    { NEBULA_PHASE_EXECUTE, -1002, "Get sessionId[1] failed: Get session with unknown space: ", "",
      "-1002 SESSION session NONE INSTANT" },
    { NEBULA_PHASE_EXECUTE, -1002, "Get sessionId[1] failed: Session `1' not found: ", "",
      "-3 RETRYABLE rpc NONE SLOW" },
    { NEBULA_PHASE_AUTHENTICATE, -1002, "Create Session failed: Too many sessions created from ",
      " by user u.", "-1010 FATAL session-quota NONE NONE" },
    { NEBULA_PHASE_AUTHENTICATE, -1001, "5 times consecutive incorrect passwords has been input, "
      "user name: ", " has been locked, try again in 5 seconds", "-1001 AUTH locked NONE NONE" },
  };
  g_autoptr (GString) name = g_string_new (NULL);

  while (name->len < 2 * CUT)
    g_string_append (name, "\347\251\272");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text =
          g_strconcat (cases[i].before, name->str, cases[i].after, NULL);

      /* Three neighbours, so that one of them ends with each byte of a character. */
      for (gssize length = CUT - 2; length <= CUT; length++)
        assert_reply (cases[i].phase, cases[i].code, text, length, cases[i].expected);
    }
}

/* A NUL is a byte like others: it separates words, and it ends nothing. */
static void
test_nul (void)
{
  static const char split[] = "Rpc failure\0, probably timeout!";
  static const char behind[] = "\0\0Storage Error: Part 7 not found\0";
  static const char inside[] = "Storage Error: Part 7\0 not found";
  static const char after[] = "Not ready!\0Not at all";

  assert_reply (NEBULA_PHASE_EXECUTE, -1005, split, sizeof split - 1,
                "-1005 FATAL execution MAYBE NONE");
  assert_reply (NEBULA_PHASE_EXECUTE, -1005, behind, sizeof behind - 1,
                "-16 RETRYABLE partition PART FAST");
  assert_reply (NEBULA_PHASE_EXECUTE, -1005, inside, sizeof inside - 1,
                "-1005 FATAL execution MAYBE NONE");
  assert_reply (NEBULA_PHASE_EXECUTE, -1005, after, sizeof after - 1,
                "-3040 RETRYABLE starting NONE SLOW");
}

/* What is kept has a sign of replacement for each byte that is no text, wherever it stands. */
static void
test_kept (void)
{
  static const struct
  {
    char        byte;
    const char *kept;
  } cases[] = {
    { '\0', "\357\277\275" }, { '\1', "\1" }, { '\177', "\177" },
    { '\200', "\357\277\275" }, { '\377', "\357\277\275" },
  };
  static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789";

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      for (gsize at = 0; at < sizeof plain - 1; at++)
        {
          g_autofree char *text = g_strdup (plain);
          g_autofree char *expected =
              g_strdup_printf ("%.*s%s%s", (int) at, plain, cases[i].kept, plain + at + 1);
          g_autoptr (NebulaOutcome) outcome = NULL;

          text[at] = cases[i].byte;
          outcome = nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, -1005, text,
                                                   (gssize) sizeof plain - 1, 0);
          g_assert_cmpstr (nebula_outcome_get_message (outcome), ==, expected);
        }
    }
}

/* Without a text the code decides. */
static void
test_nothing (void)
{
  static const struct
  {
    NebulaPhase phase;
    gint32      code;
    const char *expected;
  } cases[] = {
    { NEBULA_PHASE_EXECUTE, -1005, "-1005 FATAL execution MAYBE NONE" },
    { NEBULA_PHASE_EXECUTE, -1002, "-1002 SESSION session NONE INSTANT" },
    { NEBULA_PHASE_EXECUTE, -1009, "-1009 FATAL statement NONE NONE" },
    { NEBULA_PHASE_AUTHENTICATE, -1001, "-1001 AUTH credentials NONE NONE" },
    { NEBULA_PHASE_AUTHENTICATE, -1002, "-1002 FATAL session NONE NONE" },
    { NEBULA_PHASE_AUTHENTICATE, -1010, "-1010 RETRYABLE overload NONE SLOW" },
    { NEBULA_PHASE_VERIFY, -3061, "-3061 FATAL incompatible NONE NONE" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      assert_reply (cases[i].phase, cases[i].code, NULL, -1, cases[i].expected);
      assert_reply (cases[i].phase, cases[i].code, NULL, 99, cases[i].expected);
      assert_reply (cases[i].phase, cases[i].code, "", -1, cases[i].expected);
      assert_reply (cases[i].phase, cases[i].code, "Not ready!", 0, cases[i].expected);
      assert_reply (cases[i].phase, cases[i].code, " \n\t ", -1, cases[i].expected);
    }
}

/* Whether what lies behind a text, be it the rest of what was said, changes what it means. */
static void
assert_not_read_past_end (const VersionGroup *group, const char *text, gsize length)
{
  g_autofree char *alone = g_strndup (text, length);
  g_autoptr (NebulaOutcome) before_more
      = nebula_outcome_new_from_reply (group->phase, group->code, text, (gssize) length, 0);
  g_autoptr (NebulaOutcome) before_nul
      = nebula_outcome_new_from_reply (group->phase, group->code, alone, -1, 0);

  g_assert_cmpstr (nebula_outcome_get_rule (before_more), ==,
                   nebula_outcome_get_rule (before_nul));
  g_assert_cmpint (nebula_outcome_get_real_code (before_more), ==,
                   nebula_outcome_get_real_code (before_nul));
  g_assert_cmpint (nebula_outcome_get_pushback (before_more), ==,
                   nebula_outcome_get_pushback (before_nul));
}

/* Half of a text is no text: it must not be read past its end, which a sanitizer would see. */
static void
test_beginnings (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (version_groups); i++)
    {
      const VersionGroup *group = &version_groups[i];

      for (gsize j = 0; j < group->n_messages; j++)
        {
          const char *text = group->messages[j].text;

          for (gsize length = 1; length <= strlen (text); length++)
            {
              g_autofree char *exact = g_memdup2 (text, length);
              g_autoptr (NebulaOutcome) outcome = nebula_outcome_new_from_reply (
                  group->phase, group->code, exact, (gssize) length, 0);

              g_assert_cmpmem (nebula_outcome_get_message (outcome),
                               strlen (nebula_outcome_get_message (outcome)), text, length);
              assert_not_read_past_end (group, text, length);
            }
        }
    }
}

/* 64 KiB of a byte, of beginnings of a rule, of what is no UTF-8: nothing is found, little kept. */
static void
test_large (void)
{
  static const char *const pieces[] = {
    "S", "Storage Error: ", "error: E_", "' not found", "\377", "\200", "\355\240\200", "\360\237",
  };
  const gsize size = 64 * 1024;

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (NebulaOutcome) outcome = NULL;

      while (text->len < size)
        g_string_append (text, pieces[i]);
      outcome = nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, -1005, text->str,
                                               (gssize) text->len, 0);
      g_assert_cmpstr (nebula_outcome_get_rule (outcome), ==, "code -1005");
      g_assert_cmpuint (strlen (nebula_outcome_get_message (outcome)), <=, 4096);
      g_assert_true (g_utf8_validate (nebula_outcome_get_message (outcome), -1, NULL));

      g_string_append (text, " Execution had been killed");
      assert_reply (NEBULA_PHASE_EXECUTE, -1005, text->str, (gssize) text->len,
                    "-3060 FATAL killed MAYBE NONE");
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Every rule is needed, and misses what is nearly its text; it finds its text with "
                  "any number and name in it, cut, with NUL bytes, in the middle of 64 KiB.");

  g_test_add_func ("/message-rules/all", test_all_rules);
  g_test_add_func ("/message-rules/numbers", test_numbers);
  g_test_add_func ("/message-rules/names", test_names);
  g_test_add_func ("/message-rules/cut", test_cut);
  g_test_add_func ("/message-rules/nul", test_nul);
  g_test_add_func ("/message-rules/kept", test_kept);
  g_test_add_func ("/message-rules/nothing", test_nothing);
  g_test_add_func ("/message-rules/beginnings", test_beginnings);
  g_test_add_func ("/message-rules/large", test_large);

  return g_test_run ();
}
