/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-outcome-error-private.h"

#include "nebula-outcome-table-private.h"

#include <errno.h>
#include <gio/gio.h>
#include <nebula-retry/nebula-error.h>
#include <string.h>

/* What an error from below means: of GIO, of c_glib's own transports and protocols, or one that
 * already is ours. Thrift is not linked, so its domains are known by name and its codes by number.
 *
 * Who asked whether anything was sent is believed, with one exception: some failures can only come
 * before a connection is there. */

/* Nothing is known: NebulaGraph's own number for that. */
#define CODE_UNKNOWN (-8000)

/* When an error of that kind comes. */
typedef enum
{
  WHEN_ANY,     /* at any time: as the caller says */
  WHEN_OPENING, /* before the first byte of a request, whatever the caller says */
} When;

typedef struct
{
  int         code;     /* of the error */
  gint32      number;   /* of NebulaGraph: the documented one */
  guint8      category; /* NebulaErrorCategory */
  guint8      cause;    /* NebulaCause */
  guint8      pace;     /* NebulaPace */
  guint8      when;     /* When */
  const char *rule;     /* (not nullable) static */
} ErrorRow;

#define ROW(nick, value, num, who, why, how, time) \
  { (value), (num), NEBULA_ERROR_CATEGORY_##who, NEBULA_CAUSE_##why, NEBULA_PACE_##how, \
    WHEN_##time, "error " nick }

#define CONNECT(nick, value, time) ROW (nick, value, -2, RETRYABLE, CONNECTION, FAST, time)
#define LOST(nick, value)          ROW (nick, value, -1, RETRYABLE, CONNECTION, FAST, ANY)
#define TIMEOUT(nick, value)       ROW (nick, value, -3, RETRYABLE, TIMEOUT, FAST, ANY)
#define PROTOCOL(nick, value)      ROW (nick, value, -3, FATAL, PROTOCOL, NONE, ANY)
/* A certificate or a setting does not become better by waiting. */
#define MISFIT(nick, value, why)   ROW (nick, value, -2, FATAL, why, NONE, OPENING)

static const ErrorRow io_rows[] = {
  ROW ("io cancelled", G_IO_ERROR_CANCELLED, -3, FATAL, CANCELLED, NONE, ANY),
  TIMEOUT ("io timed-out", G_IO_ERROR_TIMED_OUT),
  /* A blocking socket with a time limit of its own (SO_RCVTIMEO) says so. */
  TIMEOUT ("io would-block", G_IO_ERROR_WOULD_BLOCK),
  CONNECT ("io connection-refused", G_IO_ERROR_CONNECTION_REFUSED, OPENING),
  CONNECT ("io host-not-found", G_IO_ERROR_HOST_NOT_FOUND, OPENING),
  CONNECT ("io address-in-use", G_IO_ERROR_ADDRESS_IN_USE, OPENING),
  CONNECT ("io too-many-open-files", G_IO_ERROR_TOO_MANY_OPEN_FILES, OPENING),
  CONNECT ("io proxy-failed", G_IO_ERROR_PROXY_FAILED, OPENING),
  MISFIT ("io proxy-auth-failed", G_IO_ERROR_PROXY_AUTH_FAILED, ARGUMENT),
  MISFIT ("io proxy-need-auth", G_IO_ERROR_PROXY_NEED_AUTH, ARGUMENT),
  MISFIT ("io proxy-not-allowed", G_IO_ERROR_PROXY_NOT_ALLOWED, ARGUMENT),
  /* Linux reports a host that went away under an open connection like this too, when it has tried
   * long enough to reach it: so it proves nothing about what was sent before. */
  CONNECT ("io host-unreachable", G_IO_ERROR_HOST_UNREACHABLE, ANY),
  CONNECT ("io network-unreachable", G_IO_ERROR_NETWORK_UNREACHABLE, ANY),
  CONNECT ("io not-connected", G_IO_ERROR_NOT_CONNECTED, ANY),
  LOST ("io connection-closed", G_IO_ERROR_CONNECTION_CLOSED), /* EPIPE and ECONNRESET */
  LOST ("io closed", G_IO_ERROR_CLOSED),
  LOST ("io partial-input", G_IO_ERROR_PARTIAL_INPUT),
  PROTOCOL ("io message-too-large", G_IO_ERROR_MESSAGE_TOO_LARGE),
  PROTOCOL ("io invalid-data", G_IO_ERROR_INVALID_DATA),
};

static const ErrorRow resolver_rows[] = {
  CONNECT ("resolver not-found", G_RESOLVER_ERROR_NOT_FOUND, OPENING),
  CONNECT ("resolver temporary-failure", G_RESOLVER_ERROR_TEMPORARY_FAILURE, OPENING),
  CONNECT ("resolver internal", G_RESOLVER_ERROR_INTERNAL, OPENING),
};

/* A certificate that is missing or refused ends the handshake before the server has read a request,
 * even where the client learns of it only afterwards (TLS 1.3). Of a handshake in general that is
 * not said: connections of TLS 1.2 may have a second one. */
static const ErrorRow tls_rows[] = {
  MISFIT ("tls unavailable", G_TLS_ERROR_UNAVAILABLE, UNSUPPORTED),
  MISFIT ("tls bad-certificate", G_TLS_ERROR_BAD_CERTIFICATE, INCOMPATIBLE),
  MISFIT ("tls not-tls", G_TLS_ERROR_NOT_TLS, INCOMPATIBLE),
  ROW ("tls handshake", G_TLS_ERROR_HANDSHAKE, -2, FATAL, INCOMPATIBLE, NONE, ANY),
  ROW ("tls certificate-required", G_TLS_ERROR_CERTIFICATE_REQUIRED,
       -2, AUTH, CREDENTIALS, NONE, OPENING),
  MISFIT ("tls inappropriate-fallback", G_TLS_ERROR_INAPPROPRIATE_FALLBACK, INCOMPATIBLE),
  MISFIT ("tls bad-certificate-password", G_TLS_ERROR_BAD_CERTIFICATE_PASSWORD, ARGUMENT),
  LOST ("tls eof", G_TLS_ERROR_EOF),
  LOST ("tls misc", G_TLS_ERROR_MISC),
};

/* ThriftTransportError of 0.17, and from 8 on ThriftSSLSocketError, which shares its domain. What
 * is 7 in both (a message that is too large, a TLS failure) is taken for the graver one. */
static const ErrorRow thrift_transport_rows[] = {
  CONNECT ("thrift host", 1, OPENING),
  CONNECT ("thrift socket", 2, OPENING),
  CONNECT ("thrift connect", 3, OPENING),
  LOST ("thrift send", 4),
  LOST ("thrift receive", 5),
  LOST ("thrift close", 6),
  PROTOCOL ("thrift max-message-size", 7),
  CONNECT ("thrift tls-connect", 8, OPENING),
  MISFIT ("thrift tls-cipher", 9, UNSUPPORTED),
  LOST ("thrift tls", 10),
  MISFIT ("thrift tls-certificate", 11, INCOMPATIBLE),
};

/* Ours, without an outcome of their own. The numbers of the codes are the category's. */
static const ErrorRow own_rows[] = {
  ROW ("nebula retryable", NEBULA_ERROR_RETRYABLE, CODE_UNKNOWN, RETRYABLE, UNKNOWN, SLOW, ANY),
  /* These libraries say so of what is no message, or not the one that was expected. */
  ROW ("nebula fatal", NEBULA_ERROR_FATAL, -3, FATAL, PROTOCOL, NONE, ANY),
  ROW ("nebula auth", NEBULA_ERROR_AUTH, CODE_UNKNOWN, AUTH, CREDENTIALS, NONE, ANY),
  ROW ("nebula session", NEBULA_ERROR_SESSION, CODE_UNKNOWN, SESSION, SESSION, INSTANT, ANY),
  ROW ("nebula cancelled", NEBULA_ERROR_CANCELLED, -3, FATAL, CANCELLED, NONE, ANY),
  /* Refused by the library itself. */
  ROW ("nebula invalid-argument", NEBULA_ERROR_INVALID_ARGUMENT,
       CODE_UNKNOWN, FATAL, ARGUMENT, NONE, OPENING),
  ROW ("nebula wrong-state", NEBULA_ERROR_WRONG_STATE, CODE_UNKNOWN, FATAL, STATE, NONE, OPENING),
};

static const ErrorRow unknown_row = ROW ("unknown", 0, CODE_UNKNOWN, FATAL, UNKNOWN, NONE, ANY);
static const ErrorRow thrift_timeout_row = TIMEOUT ("thrift receive timed-out", 5);
static const ErrorRow thrift_protocol_row = PROTOCOL ("thrift protocol", 0);

static const ErrorRow *
find_row (const ErrorRow *rows,
          gsize           n_rows,
          int             code)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      if (rows[i].code == code)
        return &rows[i];
    }

  return &unknown_row;
}

/* ThriftSocket has no code of its own for the time limit of its file descriptor, only the words
 * for it, in the language of the process. */
static const ErrorRow *
find_thrift_row (const GError *error)
{
  const ErrorRow *row =
      find_row (thrift_transport_rows, G_N_ELEMENTS (thrift_transport_rows), error->code);

  if (row->code == thrift_timeout_row.code &&
      strstr (error->message, g_strerror (EAGAIN)) != NULL)
    return &thrift_timeout_row;
  return row;
}

static gboolean
is_domain (const GError *error,
           const char   *name)
{
  return g_strcmp0 (g_quark_to_string (error->domain), name) == 0;
}

static const ErrorRow *
find_row_of_error (const GError *error)
{
  if (error->domain == G_IO_ERROR)
    return find_row (io_rows, G_N_ELEMENTS (io_rows), error->code);
  if (error->domain == G_RESOLVER_ERROR)
    return find_row (resolver_rows, G_N_ELEMENTS (resolver_rows), error->code);
  if (error->domain == G_TLS_ERROR)
    return find_row (tls_rows, G_N_ELEMENTS (tls_rows), error->code);
  if (error->domain == NEBULA_ERROR)
    return find_row (own_rows, G_N_ELEMENTS (own_rows), error->code);
  if (is_domain (error, "thrift-transport-error-quark"))
    return find_thrift_row (error);
  if (is_domain (error, "thrift-protocol-error-quark"))
    return &thrift_protocol_row;

  return &unknown_row;
}

static gboolean
is_exception (const GError *error)
{
  return is_domain (error, "thrift-application-exception-error-quark");
}

/* Whether an error of that domain can come from a call at all. */
gboolean
nebula_outcome_knows_domain (const GError *error)
{
  return error->domain == G_IO_ERROR || error->domain == G_RESOLVER_ERROR ||
         error->domain == G_TLS_ERROR || error->domain == NEBULA_ERROR ||
         is_domain (error, "thrift-transport-error-quark") ||
         is_domain (error, "thrift-protocol-error-quark") || is_exception (error);
}

/**
 * nebula_outcome_new_from_error:
 * @error: what a function answered that should have sent a request or received its reply
 * @sent: what is known about the sending of the request
 *
 * Classifies an error from below: of GIO (sockets, resolver, TLS), of the transports, protocols and
 * stubs of Apache Thrift's c_glib (its domains are known by name), or of %NEBULA_ERROR. An error
 * that carries an outcome has that one, whatever @sent says.
 *
 * Codes are those of nebula_outcome_new_from_transport(): -2 when a connection could not be made,
 * -1 when one broke, -3 else; -8000 for an error that says nothing. What nobody knows is
 * %NEBULA_ERROR_CATEGORY_FATAL with %NEBULA_CAUSE_UNKNOWN.
 *
 * The effect is %NEBULA_EFFECT_NONE when @sent says that the request never left, and for failures
 * that only the making of a connection has (refused, not found, a bad certificate); else
 * %NEBULA_EFFECT_MAYBE. Exceptions of Thrift have the effect that their type has.
 *
 * Returns: (transfer full): an outcome. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaOutcome *
nebula_outcome_new_from_error (const GError   *error,
                               NebulaSendState sent)
{
  const ErrorRow *row;
  NebulaOutcome *self;

  g_return_val_if_fail (error != NULL, NULL);

  if (nebula_error_get_outcome (error) != NULL)
    return nebula_outcome_ref (nebula_error_get_outcome (error));
  if (is_exception (error))
    return nebula_outcome_new_from_exception (error->code, error->message, -1);

  row = find_row_of_error (error);
  self = nebula_outcome_alloc (row->number, error->message, strlen (error->message));
  self->category = row->category;
  self->cause = row->cause;
  self->pace = row->pace;
  self->rule = row->rule;
  self->never_sent = sent == NEBULA_SEND_STATE_NEVER || row->when == WHEN_OPENING;
  self->effect = self->never_sent ? NEBULA_EFFECT_NONE : NEBULA_EFFECT_MAYBE;
  self->grpc_status = nebula_status_of_cause[row->cause];
  return self;
}
