/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <gio/gio.h>
#include <nebula-retry/nebula-retry.h>
#include <string.h>

/* What an error means when the request may have been sent, and when it was not. */
typedef struct
{
  int              code;
  const char      *maybe;
  const char      *never;
  NebulaGrpcStatus status;
  const char      *rule;
} ErrorCase;

static void
assert_outcome (const NebulaOutcome *outcome,
                const char          *expected)
{
  g_autofree char *found = g_strdup_printf (
      "%d %s %s %s %s", nebula_outcome_get_wire_code (outcome),
      nebula_error_category_to_string (nebula_outcome_get_category (outcome)),
      nebula_cause_to_string (nebula_outcome_get_cause (outcome)),
      nebula_effect_to_string (nebula_outcome_get_effect (outcome)),
      nebula_pace_to_string (nebula_outcome_get_pace (outcome)));

  g_assert_cmpstr (found, ==, expected);
  g_assert_cmpint (nebula_outcome_get_real_code (outcome), ==,
                   nebula_outcome_get_wire_code (outcome));
}

static void
check (GQuark           domain,
       const ErrorCase *c)
{
  g_autoptr (GError) error = g_error_new_literal (domain, c->code, "what it said");
  g_autoptr (NebulaOutcome) maybe = NULL;
  g_autoptr (NebulaOutcome) never = NULL;

  maybe = nebula_outcome_new_from_error (error, NEBULA_SEND_STATE_MAYBE);
  never = nebula_outcome_new_from_error (error, NEBULA_SEND_STATE_NEVER);
  g_test_message ("%s %d", g_quark_to_string (domain), c->code);
  assert_outcome (maybe, c->maybe);
  assert_outcome (never, c->never != NULL ? c->never : c->maybe);
  g_assert_cmpint (nebula_outcome_get_grpc_status (maybe), ==, c->status);
  g_assert_cmpstr (nebula_outcome_get_rule (maybe), ==, c->rule);
  g_assert_cmpstr (nebula_outcome_get_message (maybe), ==, "what it said");
  g_assert_cmpint (nebula_outcome_is_never_sent (maybe), ==,
                   nebula_outcome_get_effect (maybe) == NEBULA_EFFECT_NONE);
}

static void
check_all (GQuark           domain,
           const ErrorCase *cases,
           gsize            n_cases)
{
  for (gsize i = 0; i < n_cases; i++)
    check (domain, &cases[i]);
}

/* Only the making of a connection fails so: one expectation for both. */
#define CONNECT "-2 RETRYABLE connection NONE FAST", NULL, NEBULA_GRPC_UNAVAILABLE
#define LOST \
  "-1 RETRYABLE connection MAYBE FAST", "-1 RETRYABLE connection NONE FAST", NEBULA_GRPC_UNAVAILABLE
#define TIMEOUT \
  "-3 RETRYABLE timeout MAYBE FAST", "-3 RETRYABLE timeout NONE FAST", \
  NEBULA_GRPC_DEADLINE_EXCEEDED
#define PROTOCOL \
  "-3 FATAL protocol MAYBE NONE", "-3 FATAL protocol NONE NONE", NEBULA_GRPC_INTERNAL
#define CANCELLED \
  "-3 FATAL cancelled MAYBE NONE", "-3 FATAL cancelled NONE NONE", NEBULA_GRPC_CANCELLED
#define UNREACHABLE \
  "-2 RETRYABLE connection MAYBE FAST", "-2 RETRYABLE connection NONE FAST", NEBULA_GRPC_UNAVAILABLE
#define INCOMPATIBLE "-2 FATAL incompatible NONE NONE", NULL, NEBULA_GRPC_FAILED_PRECONDITION
#define UNSUPPORTED "-2 FATAL unsupported NONE NONE", NULL, NEBULA_GRPC_UNIMPLEMENTED
#define ARGUMENT "-2 FATAL argument NONE NONE", NULL, NEBULA_GRPC_INVALID_ARGUMENT
#define UNKNOWN \
  "-8000 FATAL unknown MAYBE NONE", "-8000 FATAL unknown NONE NONE", NEBULA_GRPC_UNKNOWN

static void
test_io (void)
{
  static const ErrorCase cases[] = {
    { G_IO_ERROR_CONNECTION_REFUSED, CONNECT, "error io connection-refused" },
    { G_IO_ERROR_HOST_NOT_FOUND, CONNECT, "error io host-not-found" },
    { G_IO_ERROR_ADDRESS_IN_USE, CONNECT, "error io address-in-use" },
    { G_IO_ERROR_TOO_MANY_OPEN_FILES, CONNECT, "error io too-many-open-files" },
    { G_IO_ERROR_PROXY_FAILED, CONNECT, "error io proxy-failed" },
    { G_IO_ERROR_PROXY_AUTH_FAILED, ARGUMENT, "error io proxy-auth-failed" },
    { G_IO_ERROR_PROXY_NEED_AUTH, ARGUMENT, "error io proxy-need-auth" },
    { G_IO_ERROR_PROXY_NOT_ALLOWED, ARGUMENT, "error io proxy-not-allowed" },
    { G_IO_ERROR_HOST_UNREACHABLE, UNREACHABLE, "error io host-unreachable" },
    { G_IO_ERROR_NETWORK_UNREACHABLE, UNREACHABLE, "error io network-unreachable" },
    { G_IO_ERROR_NOT_CONNECTED, UNREACHABLE, "error io not-connected" },
    { G_IO_ERROR_TIMED_OUT, TIMEOUT, "error io timed-out" },
    { G_IO_ERROR_WOULD_BLOCK, TIMEOUT, "error io would-block" },
    { G_IO_ERROR_CANCELLED, CANCELLED, "error io cancelled" },
    { G_IO_ERROR_BROKEN_PIPE, LOST, "error io connection-closed" },
    { G_IO_ERROR_CONNECTION_CLOSED, LOST, "error io connection-closed" },
    { G_IO_ERROR_CLOSED, LOST, "error io closed" },
    { G_IO_ERROR_PARTIAL_INPUT, LOST, "error io partial-input" },
    { G_IO_ERROR_MESSAGE_TOO_LARGE, PROTOCOL, "error io message-too-large" },
    { G_IO_ERROR_INVALID_DATA, PROTOCOL, "error io invalid-data" },
    { G_IO_ERROR_FAILED, UNKNOWN, "error unknown" },
    { G_IO_ERROR_NO_SPACE, UNKNOWN, "error unknown" },
    { 9999, UNKNOWN, "error unknown" },
    { -1, UNKNOWN, "error unknown" },
  };

  check_all (G_IO_ERROR, cases, G_N_ELEMENTS (cases));
}

/* What sockets answer comes through errno. */
static void
test_errno (void)
{
  static const struct
  {
    int         number;
    const char *expected;
  } cases[] = {
    { ECONNREFUSED, "-2 RETRYABLE connection NONE FAST" },
    { EHOSTUNREACH, "-2 RETRYABLE connection MAYBE FAST" },
    { ENETUNREACH, "-2 RETRYABLE connection MAYBE FAST" },
    { ENOTCONN, "-2 RETRYABLE connection MAYBE FAST" },
    { EMFILE, "-2 RETRYABLE connection NONE FAST" },
    { EPIPE, "-1 RETRYABLE connection MAYBE FAST" },
    { ECONNRESET, "-1 RETRYABLE connection MAYBE FAST" },
    { ETIMEDOUT, "-3 RETRYABLE timeout MAYBE FAST" },
    { EAGAIN, "-3 RETRYABLE timeout MAYBE FAST" },
    { ECANCELED, "-3 FATAL cancelled MAYBE NONE" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (
          G_IO_ERROR, (int) g_io_error_from_errno (cases[i].number), g_strerror (cases[i].number));
      g_autoptr (NebulaOutcome) outcome =
          nebula_outcome_new_from_error (error, NEBULA_SEND_STATE_MAYBE);

      assert_outcome (outcome, cases[i].expected);
    }
}

static void
test_resolver (void)
{
  static const ErrorCase cases[] = {
    { G_RESOLVER_ERROR_NOT_FOUND, CONNECT, "error resolver not-found" },
    { G_RESOLVER_ERROR_TEMPORARY_FAILURE, CONNECT, "error resolver temporary-failure" },
    { G_RESOLVER_ERROR_INTERNAL, CONNECT, "error resolver internal" },
    { 99, UNKNOWN, "error unknown" },
  };

  check_all (G_RESOLVER_ERROR, cases, G_N_ELEMENTS (cases));
}

static void
test_tls (void)
{
  static const ErrorCase cases[] = {
    { G_TLS_ERROR_UNAVAILABLE, UNSUPPORTED, "error tls unavailable" },
    { G_TLS_ERROR_MISC, LOST, "error tls misc" },
    { G_TLS_ERROR_BAD_CERTIFICATE, INCOMPATIBLE, "error tls bad-certificate" },
    { G_TLS_ERROR_NOT_TLS, INCOMPATIBLE, "error tls not-tls" },
    { G_TLS_ERROR_HANDSHAKE, "-2 FATAL incompatible MAYBE NONE", "-2 FATAL incompatible NONE NONE",
      NEBULA_GRPC_FAILED_PRECONDITION, "error tls handshake" },
    { G_TLS_ERROR_CERTIFICATE_REQUIRED, "-2 AUTH credentials NONE NONE", NULL,
      NEBULA_GRPC_UNAUTHENTICATED, "error tls certificate-required" },
    { G_TLS_ERROR_EOF, LOST, "error tls eof" },
    { G_TLS_ERROR_INAPPROPRIATE_FALLBACK, INCOMPATIBLE, "error tls inappropriate-fallback" },
    { G_TLS_ERROR_BAD_CERTIFICATE_PASSWORD, ARGUMENT, "error tls bad-certificate-password" },
    { 99, UNKNOWN, "error unknown" },
  };

  check_all (G_TLS_ERROR, cases, G_N_ELEMENTS (cases));
}

/* The numbers are those of thrift_transport.h and thrift_ssl_socket.h. */
static void
test_thrift_transport (void)
{
  static const ErrorCase cases[] = {
    { 0, UNKNOWN, "error unknown" },
    { 1, CONNECT, "error thrift host" },
    { 2, CONNECT, "error thrift socket" },
    { 3, CONNECT, "error thrift connect" },
    { 4, LOST, "error thrift send" },
    { 5, LOST, "error thrift receive" },
    { 6, LOST, "error thrift close" },
    { 7, PROTOCOL, "error thrift max-message-size" },
    { 8, CONNECT, "error thrift tls-connect" },
    { 9, UNSUPPORTED, "error thrift tls-cipher" },
    { 10, LOST, "error thrift tls" },
    { 11, INCOMPATIBLE, "error thrift tls-certificate" },
    { 12, UNKNOWN, "error unknown" },
  };

  check_all (g_quark_from_static_string ("thrift-transport-error-quark"), cases,
             G_N_ELEMENTS (cases));
}

/* The time limit of a file descriptor is told by words only. */
static void
test_thrift_timeout (void)
{
  GQuark domain = g_quark_from_static_string ("thrift-transport-error-quark");
  g_autoptr (GError) receive =
      g_error_new (domain, 5, "failed to read %d bytes - %s", 4, g_strerror (EAGAIN));
  g_autoptr (GError) send =
      g_error_new (domain, 4, "failed to send %d bytes - %s", 4, g_strerror (EAGAIN));
  g_autoptr (NebulaOutcome) received = NULL;
  g_autoptr (NebulaOutcome) sent = NULL;

  received = nebula_outcome_new_from_error (receive, NEBULA_SEND_STATE_MAYBE);
  sent = nebula_outcome_new_from_error (send, NEBULA_SEND_STATE_MAYBE);
  assert_outcome (received, "-3 RETRYABLE timeout MAYBE FAST");
  assert_outcome (sent, "-1 RETRYABLE connection MAYBE FAST");
}

static void
test_thrift_protocol (void)
{
  static const ErrorCase cases[] = {
    { 0, PROTOCOL, "error thrift protocol" },
    { 2, PROTOCOL, "error thrift protocol" },
    { 6, PROTOCOL, "error thrift protocol" },
    { 77, PROTOCOL, "error thrift protocol" },
  };

  check_all (g_quark_from_static_string ("thrift-protocol-error-quark"), cases,
             G_N_ELEMENTS (cases));
}

/* c_glib passes the type on as it came, beyond the end of its own enumeration. */
static void
test_thrift_exception (void)
{
  static const struct
  {
    int         type;
    const char *text;
    const char *expected;
    const char *rule;
  } cases[] = {
    { 1, "application error: Method name x not found", "-3 FATAL unsupported NONE NONE",
      "exception 1" },
    { 5, "execute failed: unknown result", "-3 FATAL protocol MAYBE NONE", "exception 5" },
    { 6, "application error: server shutting down", "-3 RETRYABLE starting NONE SLOW",
      "exception 6" },
    { 6, "application error: oops", "-3 FATAL internal MAYBE NONE", "exception 6" },
    { 11, "application error: loadshedding request", "-3 RETRYABLE overload NONE SLOW",
      "exception 11" },
    { 12, "application error: Task expired", "-3 RETRYABLE rpc MAYBE SLOW", "exception 12" },
    { 15, "application error: x", "-3 FATAL unknown MAYBE NONE", "exception 15" },
    { 99, "application error: x", "-3 FATAL unknown MAYBE NONE", "exception" },
  };
  GQuark domain = g_quark_from_static_string ("thrift-application-exception-error-quark");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (domain, cases[i].type, cases[i].text);
      g_autoptr (NebulaOutcome) outcome =
          nebula_outcome_new_from_error (error, NEBULA_SEND_STATE_MAYBE);

      assert_outcome (outcome, cases[i].expected);
      g_assert_cmpstr (nebula_outcome_get_rule (outcome), ==, cases[i].rule);
      g_assert_cmpstr (nebula_outcome_get_message (outcome), ==, cases[i].text);
    }
}

static void
test_own (void)
{
  static const ErrorCase cases[] = {
    { NEBULA_ERROR_FAILED, UNKNOWN, "error unknown" },
    { NEBULA_ERROR_RETRYABLE, "-8000 RETRYABLE unknown MAYBE SLOW",
      "-8000 RETRYABLE unknown NONE SLOW", NEBULA_GRPC_UNKNOWN, "error nebula retryable" },
    { NEBULA_ERROR_FATAL, PROTOCOL, "error nebula fatal" },
    { NEBULA_ERROR_AUTH, "-8000 AUTH credentials MAYBE NONE", "-8000 AUTH credentials NONE NONE",
      NEBULA_GRPC_UNAUTHENTICATED, "error nebula auth" },
    { NEBULA_ERROR_SESSION, "-8000 SESSION session MAYBE INSTANT",
      "-8000 SESSION session NONE INSTANT", NEBULA_GRPC_UNAUTHENTICATED, "error nebula session" },
    { NEBULA_ERROR_CANCELLED, CANCELLED, "error nebula cancelled" },
    { NEBULA_ERROR_INVALID_ARGUMENT, "-8000 FATAL argument NONE NONE", NULL,
      NEBULA_GRPC_INVALID_ARGUMENT, "error nebula invalid-argument" },
    { NEBULA_ERROR_WRONG_STATE, "-8000 FATAL state NONE NONE", NULL,
      NEBULA_GRPC_FAILED_PRECONDITION, "error nebula wrong-state" },
    { 99, UNKNOWN, "error unknown" },
  };

  check_all (NEBULA_ERROR, cases, G_N_ELEMENTS (cases));
}

/* An error that has an outcome means that, whatever is said about the sending. */
static void
test_own_outcome (void)
{
  g_autoptr (NebulaOutcome) outcome =
      nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, -1005, "Execution had been killed", -1,
                                     NEBULA_CALL_TRAITS_NONE);
  g_autoptr (GError) error = nebula_error_new_for_outcome (outcome, NULL, NULL);
  g_autoptr (NebulaOutcome) found =
      nebula_outcome_new_from_error (error, NEBULA_SEND_STATE_NEVER);

  g_assert_true (found == outcome);
}

static void
test_foreign (void)
{
  static const ErrorCase any = { 3, UNKNOWN, "error unknown" };

  check (G_FILE_ERROR, &any);
  check (g_quark_from_static_string ("thrift-transport-error"), &any);
  check (g_quark_from_static_string ("somebody-elses-error-quark"), &any);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("An error from below says what failed, and whether anything can have been done.");

  g_test_add_func ("/outcome-error/io", test_io);
  g_test_add_func ("/outcome-error/errno", test_errno);
  g_test_add_func ("/outcome-error/resolver", test_resolver);
  g_test_add_func ("/outcome-error/tls", test_tls);
  g_test_add_func ("/outcome-error/thrift/transport", test_thrift_transport);
  g_test_add_func ("/outcome-error/thrift/timeout", test_thrift_timeout);
  g_test_add_func ("/outcome-error/thrift/protocol", test_thrift_protocol);
  g_test_add_func ("/outcome-error/thrift/exception", test_thrift_exception);
  g_test_add_func ("/outcome-error/own", test_own);
  g_test_add_func ("/outcome-error/own-outcome", test_own_outcome);
  g_test_add_func ("/outcome-error/foreign", test_foreign);

  return g_test_run ();
}
