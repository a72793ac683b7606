/* SPDX-License-Identifier: Apache-2.0 */
#include <gio/gio.h>
#include <nebula-retry/nebula-attempt.h>
#include <nebula-retry/nebula-error.h>
#include <string.h>

static NebulaOutcome *
reply (gint32 code,
       const char *message)
{
  return nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, code, message, -1,
                                        NEBULA_CALL_TRAITS_NONE);
}

static NebulaOutcome *
transport (NebulaTransportFailure failure,
           const char *message)
{
  return nebula_outcome_new_from_transport (failure, NEBULA_SEND_STATE_MAYBE, message);
}

/* Takes the outcome. */
static void
add (GPtrArray *attempts,
     NebulaOutcome *outcome)
{
  NebulaDecision decision = { NEBULA_ACTION_RETRY, NEBULA_REASON_BACKOFF, 0 };

  g_ptr_array_add (attempts, nebula_attempt_new ("a:1", 0, 1, outcome, decision));
  nebula_outcome_unref (outcome);
}

static GPtrArray *
new_attempts (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_attempt_unref);
}

static void
test_codes (void)
{
  g_test_summary ("The code of an error follows the category, a cancelled call has its own");

  static const struct
  {
    gint32 code;
    NebulaError error;
  } cases[] = {
    { 0, NEBULA_ERROR_FAILED },      { -3, NEBULA_ERROR_RETRYABLE },
    { -1001, NEBULA_ERROR_AUTH },    { -1002, NEBULA_ERROR_SESSION },
    { -1004, NEBULA_ERROR_FATAL },   { -1008, NEBULA_ERROR_AUTH },
    { -1011, NEBULA_ERROR_RETRYABLE }, { -12345, NEBULA_ERROR_FATAL },
  };
  g_autoptr (NebulaOutcome) cancelled = transport (NEBULA_TRANSPORT_FAILURE_CANCELLED, NULL);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaOutcome) outcome = reply (cases[i].code, NULL);
      g_autoptr (GError) made = nebula_error_new_for_outcome (outcome, NULL, NULL);

      g_assert_error (made, NEBULA_ERROR, (int) cases[i].error);
    }

  error = nebula_error_new_for_outcome (cancelled, NULL, NULL);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_CANCELLED);
  g_clear_error (&error);
  error = nebula_error_new_for_outcome (NULL, NULL, NULL);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FAILED);
}

static void
test_predicates (void)
{
  g_test_summary ("Each predicate is true for its own code only, and for no foreign domain");

  for (int code = NEBULA_ERROR_FAILED; code <= NEBULA_ERROR_WRONG_STATE; code++)
    {
      g_autoptr (GError) ours = g_error_new_literal (NEBULA_ERROR, code, "x");
      g_autoptr (GError) other = g_error_new_literal (G_FILE_ERROR, code, "x");

      g_assert_true (nebula_error_is_retryable (ours) == (code == NEBULA_ERROR_RETRYABLE));
      g_assert_true (nebula_error_is_fatal (ours) == (code == NEBULA_ERROR_FATAL));
      g_assert_true (nebula_error_is_auth (ours) == (code == NEBULA_ERROR_AUTH));
      g_assert_true (nebula_error_is_session (ours) == (code == NEBULA_ERROR_SESSION));
      g_assert_false (nebula_error_is_retryable (other) || nebula_error_is_fatal (other)
                      || nebula_error_is_auth (other) || nebula_error_is_session (other));
    }

  g_assert_false (nebula_error_is_retryable (NULL) || nebula_error_is_fatal (NULL)
                  || nebula_error_is_auth (NULL) || nebula_error_is_session (NULL));
}

static void
assert_bare (const GError *error,
             gint32 code,
             NebulaGrpcStatus status)
{
  g_assert_null (nebula_error_get_outcome (error));
  g_assert_null (nebula_error_get_attempts (error));
  g_assert_false (nebula_error_may_have_been_applied (error));
  g_assert_cmpint (nebula_error_get_code (error), ==, code);
  g_assert_cmpint (nebula_error_get_real_code (error), ==, code);
  g_assert_cmpint (nebula_error_get_grpc_status (error), ==, status);
}

static void
test_bare (void)
{
  g_test_summary ("Getters answer for NULL, other domains and errors that come from no call");

  g_autoptr (GError) ours = g_error_new_literal (NEBULA_ERROR, NEBULA_ERROR_FATAL, "x");
  g_autoptr (GError) other = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOENT, "x");
  g_autoptr (GError) made = nebula_error_new_for_outcome (NULL, NULL, "query failed");
  g_autoptr (GError) copy = g_error_copy (ours);

  assert_bare (NULL, 0, NEBULA_GRPC_OK);
  assert_bare (ours, -8000, NEBULA_GRPC_UNKNOWN);
  assert_bare (other, -8000, NEBULA_GRPC_UNKNOWN);
  assert_bare (made, -8000, NEBULA_GRPC_UNKNOWN);
  assert_bare (copy, -8000, NEBULA_GRPC_UNKNOWN);
  g_assert_cmpstr (made->message, ==, "query failed");
}

/* Errors from below, as a caller gets them who uses no interceptor. */
static void
test_from_below (void)
{
  g_test_summary ("Errors of GIO and Thrift answer every question too, as sent in doubt");

  static const struct
  {
    const char *domain;
    int code;
    int kind; /* of the predicates the one that holds */
    gboolean applied;
    gint32 number;
    NebulaGrpcStatus status;
  } cases[] = {
    { "g-io-error-quark", G_IO_ERROR_CONNECTION_REFUSED, NEBULA_ERROR_RETRYABLE, FALSE, -2,
      NEBULA_GRPC_UNAVAILABLE },
    { "g-io-error-quark", G_IO_ERROR_TIMED_OUT, NEBULA_ERROR_RETRYABLE, TRUE, -3,
      NEBULA_GRPC_DEADLINE_EXCEEDED },
    { "g-io-error-quark", G_IO_ERROR_BROKEN_PIPE, NEBULA_ERROR_RETRYABLE, TRUE, -1,
      NEBULA_GRPC_UNAVAILABLE },
    { "g-io-error-quark", G_IO_ERROR_CANCELLED, NEBULA_ERROR_CANCELLED, TRUE, -3,
      NEBULA_GRPC_CANCELLED },
    { "g-io-error-quark", G_IO_ERROR_FAILED, NEBULA_ERROR_FATAL, TRUE, -8000,
      NEBULA_GRPC_UNKNOWN },
    { "g-resolver-error-quark", G_RESOLVER_ERROR_NOT_FOUND, NEBULA_ERROR_RETRYABLE, FALSE, -2,
      NEBULA_GRPC_UNAVAILABLE },
    { "g-tls-error-quark", G_TLS_ERROR_BAD_CERTIFICATE, NEBULA_ERROR_FATAL, FALSE, -2,
      NEBULA_GRPC_FAILED_PRECONDITION },
    { "g-tls-error-quark", G_TLS_ERROR_CERTIFICATE_REQUIRED, NEBULA_ERROR_AUTH, FALSE, -2,
      NEBULA_GRPC_UNAUTHENTICATED },
    { "thrift-transport-error-quark", 3, NEBULA_ERROR_RETRYABLE, FALSE, -2,
      NEBULA_GRPC_UNAVAILABLE },
    { "thrift-transport-error-quark", 5, NEBULA_ERROR_RETRYABLE, TRUE, -1,
      NEBULA_GRPC_UNAVAILABLE },
    { "thrift-protocol-error-quark", 4, NEBULA_ERROR_FATAL, TRUE, -3, NEBULA_GRPC_INTERNAL },
    { "thrift-application-exception-error-quark", 1, NEBULA_ERROR_FATAL, FALSE, -3,
      NEBULA_GRPC_UNIMPLEMENTED },
    { "thrift-application-exception-error-quark", 11, NEBULA_ERROR_RETRYABLE, FALSE, -3,
      NEBULA_GRPC_RESOURCE_EXHAUSTED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (
          g_quark_from_static_string (cases[i].domain), cases[i].code, "x");

      g_test_message ("%s %d", cases[i].domain, cases[i].code);
      g_assert_true (nebula_error_is_retryable (error)
                     == (cases[i].kind == NEBULA_ERROR_RETRYABLE));
      g_assert_true (nebula_error_is_fatal (error) == (cases[i].kind == NEBULA_ERROR_FATAL));
      g_assert_true (nebula_error_is_auth (error) == (cases[i].kind == NEBULA_ERROR_AUTH));
      g_assert_false (nebula_error_is_session (error));
      g_assert_true (nebula_error_may_have_been_applied (error) == cases[i].applied);
      g_assert_cmpint (nebula_error_get_code (error), ==, cases[i].number);
      g_assert_cmpint (nebula_error_get_real_code (error), ==, cases[i].number);
      g_assert_cmpint (nebula_error_get_grpc_status (error), ==, cases[i].status);
      g_assert_null (nebula_error_get_outcome (error));
      g_assert_null (nebula_error_get_attempts (error));
    }
}

static void
test_getters (void)
{
  g_test_summary ("An error answers with the codes and status of its outcome");

  g_autoptr (NebulaOutcome) outcome
      = reply (-1005, "Storage Error: Not the leader of 5. Please retry later.");
  g_autoptr (GError) error = nebula_error_new_for_outcome (outcome, NULL, "execute failed");

  g_assert_true (nebula_error_get_outcome (error) == outcome);
  g_assert_null (nebula_error_get_attempts (error));
  g_assert_cmpint (nebula_error_get_code (error), ==, -1005);
  g_assert_cmpint (nebula_error_get_real_code (error), ==, -4);
  g_assert_cmpint (nebula_error_get_grpc_status (error), ==, NEBULA_GRPC_UNAVAILABLE);
  g_assert_true (nebula_error_is_retryable (error));
}

/* What an error says, without attempts, with one, or with two. */
static void
assert_message (NebulaOutcome *outcome,
                guint n_attempts,
                const char *expected)
{
  g_autoptr (GPtrArray) attempts = new_attempts ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n_attempts; i++)
    add (attempts, nebula_outcome_ref (outcome));
  error = nebula_error_new_for_outcome (outcome, attempts, "execute failed");
  g_assert_cmpstr (error->message, ==, expected);
}

static void
test_messages_of_replies (void)
{
  g_test_summary ("The message of an error says what failed, why, with which effect, how often");

  static const struct
  {
    gint32 code;
    const char *message;
    guint n_attempts;
    const char *expected;
  } cases[] = {
    { -1004, "SyntaxError: syntax error near `YELD'", 1,
      "execute failed: SyntaxError: syntax error near `YELD' (code -1004 E_SYNTAX_ERROR, "
      "statement); not applied; 1 attempt" },
    { -1005, "Storage Error: Not the leader of 5. Please retry later.", 2,
      "execute failed: Storage Error: Not the leader of 5. Please retry later. (code -1005, "
      "really -4 E_LEADER_CHANGED, leader); may have been applied; 2 attempts" },
    { -3010, NULL, 2,
      "execute failed: Data conflict (code -3010 E_DATA_CONFLICT_ERROR, conflict); may have been "
      "applied in part; 2 attempts" },
    { -1002, NULL, 0,
      "execute failed: Invalid session (code -1002 E_SESSION_INVALID, session); not applied" },
    { -1004, "", 0,
      "execute failed: Syntax error (code -1004 E_SYNTAX_ERROR, statement); not applied" },
    { -1004, " \n ", 0,
      "execute failed: Syntax error (code -1004 E_SYNTAX_ERROR, statement); not applied" },
    { -1004, "\ttwo\r\nlines\xe2\x80\xa8or\x7fmore\n", 0,
      "execute failed: two  lines or more (code -1004 E_SYNTAX_ERROR, statement); not applied" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaOutcome) outcome = reply (cases[i].code, cases[i].message);

      assert_message (outcome, cases[i].n_attempts, cases[i].expected);
    }
}

static void
test_messages_of_transport (void)
{
  g_test_summary ("A code that stands for several failures is not explained by its meaning");

  static const struct
  {
    NebulaTransportFailure failure;
    const char *message;
    const char *expected;
  } cases[] = {
    { NEBULA_TRANSPORT_FAILURE_LOST, NULL,
      "execute failed: Lost connection (code -1 E_DISCONNECTED, connection); may have been "
      "applied; 1 attempt" },
    { NEBULA_TRANSPORT_FAILURE_LOST, "Connection reset by peer",
      "execute failed: Connection reset by peer (code -1 E_DISCONNECTED, connection); may have "
      "been applied; 1 attempt" },
    { NEBULA_TRANSPORT_FAILURE_CONNECT, NULL,
      "execute failed: Unable to establish connection (code -2 E_FAIL_TO_CONNECT, connection); "
      "not applied; 1 attempt" },
    { NEBULA_TRANSPORT_FAILURE_TIMEOUT, NULL,
      "execute failed (code -3 E_RPC_FAILURE, timeout); may have been applied; 1 attempt" },
    { NEBULA_TRANSPORT_FAILURE_CANCELLED, NULL,
      "execute failed (code -3 E_RPC_FAILURE, cancelled); may have been applied; 1 attempt" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaOutcome) outcome = transport (cases[i].failure, cases[i].message);

      assert_message (outcome, 1, cases[i].expected);
    }
}

static void
test_long_message (void)
{
  g_test_summary ("A long text is cut between characters and marked, the outcome has more of it");

  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (NebulaOutcome) outcome = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 300; i++)
    g_string_append (text, "é");
  outcome = reply (-1004, text->str);
  error = nebula_error_new_for_outcome (outcome, NULL, "f");

  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_nonnull (strstr (error->message, "é… (code -1004"));
  g_assert_cmpuint (strstr (error->message, "…") - error->message, ==, strlen ("f: ") + 256);
  g_assert_true (g_str_has_prefix (nebula_outcome_get_message (outcome), text->str));
}

static void
test_attempts_are_kept (void)
{
  g_test_summary ("An error has its own list of the attempts and keeps it when it is copied");

  g_autoptr (GPtrArray) attempts = new_attempts ();
  g_autoptr (NebulaOutcome) outcome = reply (-3, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) copy = NULL;
  GPtrArray *kept;

  add (attempts, reply (-3, NULL));
  add (attempts, reply (-1004, NULL));
  error = nebula_error_new_for_outcome (outcome, attempts, NULL);
  add (attempts, reply (-3, NULL));

  copy = g_error_copy (error);
  g_assert_cmpstr (copy->message, ==, error->message);
  g_clear_error (&error);

  kept = nebula_error_get_attempts (copy);
  g_assert_cmpuint (kept->len, ==, 2);
  g_assert_true (g_ptr_array_index (kept, 0) == g_ptr_array_index (attempts, 0));
  g_assert_true (g_ptr_array_index (kept, 1) == g_ptr_array_index (attempts, 1));
  g_assert_true (nebula_error_get_outcome (copy) == outcome);
  g_assert_error (copy, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
}

static void
test_no_attempts (void)
{
  g_test_summary ("An empty list of attempts is none");

  g_autoptr (GPtrArray) attempts = new_attempts ();
  g_autoptr (GError) error = nebula_error_new_for_outcome (NULL, attempts, NULL);

  g_assert_null (nebula_error_get_attempts (error));
  g_assert_cmpstr (error->message, ==, "the call failed");
}

/* Codes with a known effect: -1004 NONE, -3010 PART, -3 MAYBE, 0 APPLIED; 1 ends a list. */
static void
test_may_have_been_applied (void)
{
  g_test_summary ("One attempt that may have been applied is enough, whatever stands for the call");

  static const struct
  {
    gint32 outcome;
    gint32 attempts[4];
    gboolean applied;
    const char *text;
  } cases[] = {
    { -1004, { 1 }, FALSE, "; not applied" },
    { -1004, { -1004, -1004, 1 }, FALSE, "; not applied; 2 attempts" },
    { -3010, { 1 }, TRUE, "; may have been applied in part" },
    { -3, { 1 }, TRUE, "; may have been applied" },
    { 0, { 1 }, TRUE, "; applied" },
    { -1004, { -3010, -1004, 1 }, TRUE, "; may have been applied in part; 2 attempts" },
    { -1004, { -1004, -3, -1004, 1 }, TRUE, "; may have been applied; 3 attempts" },
    { -3010, { -3, 1 }, TRUE, "; may have been applied; 1 attempt" },
    { -3, { -3010, 1 }, TRUE, "; may have been applied; 1 attempt" },
    { -1004, { 0, 1 }, TRUE, "; applied; 1 attempt" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaOutcome) outcome = reply (cases[i].outcome, NULL);
      g_autoptr (GPtrArray) attempts = new_attempts ();
      g_autoptr (GError) error = NULL;

      for (guint j = 0; cases[i].attempts[j] <= 0; j++)
        add (attempts, reply (cases[i].attempts[j], NULL));
      error = nebula_error_new_for_outcome (outcome, attempts, NULL);
      g_assert_true (nebula_error_may_have_been_applied (error) == cases[i].applied);
      g_assert_true (g_str_has_suffix (error->message, cases[i].text));
    }
}

static void
test_choose_outcome (void)
{
  g_test_summary ("The latest outcome that may have been applied stands for the call, else the "
                  "first");

  static const struct
  {
    gint32 attempts[4];
    int chosen; /* index, or -1 for none */
  } cases[] = {
    { { 1 }, -1 },
    { { 0, 1 }, -1 },
    { { -1004, 1 }, 0 },
    { { -1004, -1002, 1 }, 0 },
    { { -1004, -3, -1002, 1 }, 1 },
    { { -3, -3010, -1002, 1 }, 1 },
    { { -3010, -3, -3010, 1 }, 2 },
    { { -3, -1004, -1004, 1 }, 0 },
    { { -1004, -1002, 0, 1 }, 0 },
    { { -3, -1002, 0, 1 }, 0 },
  };

  g_assert_null (nebula_error_choose_outcome (NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) attempts = new_attempts ();
      NebulaOutcome *expected = NULL;

      for (guint j = 0; cases[i].attempts[j] <= 0; j++)
        add (attempts, reply (cases[i].attempts[j], NULL));
      if (cases[i].chosen >= 0)
        expected
            = nebula_attempt_get_outcome (g_ptr_array_index (attempts, cases[i].chosen));
      g_assert_true (nebula_error_choose_outcome (attempts) == expected);
    }
}

static void
test_registered (void)
{
  g_test_summary ("The domain has a name of its own and every code is registered");

  static const char *const nicks[] = {
    "failed",  "retryable", "fatal",            "auth",
    "session", "cancelled", "invalid-argument", "wrong-state",
  };
  GEnumClass *klass = g_type_class_ref (NEBULA_TYPE_ERROR);

  g_assert_cmpstr (g_quark_to_string (NEBULA_ERROR), ==, "NebulaError");
  g_assert_cmpuint (klass->n_values, ==, G_N_ELEMENTS (nicks));
  for (guint i = 0; i < klass->n_values; i++)
    {
      g_assert_cmpint (klass->values[i].value, ==, (int) i);
      g_assert_cmpstr (klass->values[i].value_nick, ==, nicks[i]);
    }
  g_type_class_unref (klass);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/error/registered", test_registered);
  g_test_add_func ("/error/codes", test_codes);
  g_test_add_func ("/error/predicates", test_predicates);
  g_test_add_func ("/error/bare", test_bare);
  g_test_add_func ("/error/from-below", test_from_below);
  g_test_add_func ("/error/getters", test_getters);
  g_test_add_func ("/error/messages/replies", test_messages_of_replies);
  g_test_add_func ("/error/messages/transport", test_messages_of_transport);
  g_test_add_func ("/error/messages/long", test_long_message);
  g_test_add_func ("/error/attempts-are-kept", test_attempts_are_kept);
  g_test_add_func ("/error/no-attempts", test_no_attempts);
  g_test_add_func ("/error/may-have-been-applied", test_may_have_been_applied);
  g_test_add_func ("/error/choose-outcome", test_choose_outcome);

  return g_test_run ();
}
