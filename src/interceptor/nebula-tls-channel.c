/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-tls-channel-private.h"

#include "nebula-socket-channel-private.h"
#include "nebula-tls-private.h"
#include "nebula-wire-stream-private.h"

/*
 * NebulaTlsChannel:
 *
 * A socket channel, and GIO's TLS on top of it. GIO is only ever asked to wait; the waiting itself
 * is done by the socket channel, under the limit of the operation: so deadline and cancellable end
 * a handshake, a read and a write alike, and GIO needs to know of neither. What went wrong on the
 * socket is kept here, since GIO calls all of it the same.
 */
struct _NebulaTlsChannel
{
  NebulaChannel parent_instance;

  NebulaChannel *socket;        /* (owned): what the bytes go through, encrypted */
  NebulaTls *tls;               /* (owned) */
  GSocketConnectable *identity; /* (owned): whom the server's certificate has to name */
  char *name;                   /* (owned): of the address, for messages */
  char *host;                   /* (owned): of @identity, for messages */
  GIOStream *connection;        /* (owned) (nullable): NULL when closed */
  const NebulaLimit *limit;     /* (unowned) (nullable): of the operation under way */
  GError *broken;               /* (owned) (nullable): how the socket failed */
  GTlsCertificateFlags flaws;   /* for which the server's certificate was refused */
  gboolean is_shaking_hands;
  gboolean was_asked;           /* the server wants a certificate from us */
  gboolean was_answered;        /* the server has sent something since the handshake */
};

G_DEFINE_FINAL_TYPE (NebulaTlsChannel, nebula_tls_channel, NEBULA_TYPE_CHANNEL)

/* GIO takes some errors for a reason to go on. This one is none. */
static gssize
break_wire (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "broken");
  return -1;
}

static gboolean
is_quiet (NebulaTlsChannel *self)
{
  int fd = nebula_tls_channel_get_fd (self);

  return fd >= 0 && nebula_fd_look (fd) == NEBULA_FD_QUIET;
}

static gssize
receive_wire (gpointer wire, guint8 *buffer, gsize size, gboolean may_wait, GError **error)
{
  NebulaTlsChannel *self = wire;
  gssize count;

  if (!may_wait && is_quiet (self))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "nothing has come");
      return -1;
    }
  if (self->limit == NULL || self->broken != NULL)
    return break_wire (error);
  count = nebula_channel_receive (self->socket, buffer, size, self->limit, &self->broken);
  return count > 0 ? count : break_wire (error);
}

static gboolean
is_closed (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

/* A server that does not want this client says so and closes, perhaps while the client still has
 * to write. What it said is found by reading on, and so is the end when it said nothing. */
static gssize
send_wire (gpointer wire, const guint8 *bytes, gsize length, gboolean may_wait, GError **error)
{
  NebulaTlsChannel *self = wire;
  g_autoptr (GError) cause = NULL;
  gsize taken;

  if (self->limit == NULL || self->broken != NULL)
    return break_wire (error);
  if (nebula_channel_send (self->socket, bytes, length, &taken, self->limit, &cause)
      || (self->is_shaking_hands && is_closed (cause)))
    return (gssize) length;
  self->broken = g_steal_pointer (&cause);
  return break_wire (error);
}

static const NebulaWireFuncs wire_funcs = { receive_wire, send_wire };

/* The socket first, and no limit, so that nothing that GIO still has to say gets out: no farewell.
 * GIO's own close is for nothing but that it will not try later. */
static void
nebula_tls_channel_close (NebulaChannel *channel)
{
  NebulaTlsChannel *self = NEBULA_TLS_CHANNEL (channel);

  nebula_channel_close (self->socket);
  self->limit = NULL;
  if (self->connection != NULL)
    g_io_stream_close (self->connection, NULL, NULL);
  g_clear_object (&self->connection);
  g_clear_error (&self->broken);
}

static gboolean
judge_certificate (GTlsConnection *connection,
                   GTlsCertificate *certificate,
                   GTlsCertificateFlags flaws,
                   gpointer data)
{
  NebulaTlsChannel *self = data;

  self->flaws = flaws;
  return nebula_tls_get_insecure (self->tls);
}

/* What is wrong with a certificate, and what to do about it. */
static const struct
{
  GTlsCertificateFlags flaw;
  const char *text;
} flaw_texts[] = {
  { G_TLS_CERTIFICATE_UNKNOWN_CA,
    "it is not signed by a known authority (the CA file says which are known)" },
  { G_TLS_CERTIFICATE_BAD_IDENTITY,
    "it is for another name (the server name says which one to expect)" },
  { G_TLS_CERTIFICATE_NOT_ACTIVATED, "it is not valid yet" },
  { G_TLS_CERTIFICATE_EXPIRED, "it has expired" },
  { G_TLS_CERTIFICATE_REVOKED, "it has been revoked" },
  { G_TLS_CERTIFICATE_INSECURE, "its algorithm or its key is too weak" },
  { G_TLS_CERTIFICATE_GENERIC_ERROR, "it could not be verified" },
};

static void
set_certificate_error (NebulaTlsChannel *self, GError **error)
{
  g_autoptr (GString) reasons = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (flaw_texts); i++)
    if ((self->flaws & flaw_texts[i].flaw) != 0)
      g_string_append_printf (reasons, "%s%s", reasons->len > 0 ? "; " : "", flaw_texts[i].text);
  g_set_error (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE,
               "%s: the server's certificate, expected for %s, is refused: %s", self->name,
               self->host, reasons->str);
}

/* An alert, for which GIO has no code of its own. */
static void
set_refusal (NebulaTlsChannel *self, const GError *cause, GError **error)
{
  if (self->was_asked && nebula_tls_get_certificate (self->tls) == NULL)
    g_set_error (error, G_TLS_ERROR, G_TLS_ERROR_CERTIFICATE_REQUIRED,
                 "%s: the server wants a client certificate, and none is set: %s", self->name,
                 cause->message);
  else
    g_set_error (error, G_TLS_ERROR, G_TLS_ERROR_HANDSHAKE, "%s: the server refused the %s: %s",
                 self->name, self->was_asked ? "client certificate" : "TLS handshake",
                 cause->message);
}

/* A handshake that failed while the network was well will fail again. */
static void
set_handshake_error (NebulaTlsChannel *self, const GError *cause, GError **error)
{
  if (self->broken != NULL)
    g_set_error (error, self->broken->domain, self->broken->code,
                 "%s in the TLS handshake%s", self->broken->message,
                 is_closed (self->broken) ? " (does this port speak TLS, and with this client?)"
                                          : "");
  else if (g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE) && self->flaws != 0)
    set_certificate_error (self, error);
  else if (g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_MISC))
    set_refusal (self, cause, error);
  else
    g_set_error (error, cause->domain, cause->code, "%s: the TLS handshake failed: %s", self->name,
                 cause->message);
}

/* A server need not send an alert. That it closes proves nothing, but is worth a hint. */
static const char *
get_hint (NebulaTlsChannel *self)
{
  if (self->was_answered || !self->was_asked || !is_closed (self->broken))
    return "";
  if (nebula_tls_get_certificate (self->tls) == NULL)
    return " (the server wants a client certificate, and none is set)";
  return " (does the server accept the client certificate?)";
}

/* A failure once the handshake is done. In TLS 1.3 the client is done before the server has looked
 * at the client's certificate: an alert before anything else came is the server's answer. */
static void
set_error (NebulaTlsChannel *self, const GError *cause, GError **error)
{
  if (self->broken != NULL)
    g_set_error (error, self->broken->domain, self->broken->code, "%s%s", self->broken->message,
                 get_hint (self));
  else if (!self->was_answered && g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_MISC))
    set_refusal (self, cause, error);
  else
    g_set_error (error, cause->domain, cause->code, "%s: %s", self->name, cause->message);
}

/* Any change says so, the one to no authorities too. */
static void
note_question (NebulaTlsChannel *self)
{
  self->was_asked = TRUE;
}

/* g_tls_client_connection_new () would read the system's authorities each time, to forget them when
 * it is told of others. */
static GIOStream *
make_connection (NebulaTlsChannel *self, GError **error)
{
  g_autoptr (GIOStream) wire = nebula_wire_stream_new (&wire_funcs, self);
  GTlsCertificate *certificate = nebula_tls_get_certificate (self->tls);
  GType type = g_tls_backend_get_client_connection_type (g_tls_backend_get_default ());
  GIOStream *connection = g_initable_new (type, NULL, error, "base-io-stream", wire,
                                          "server-identity", self->identity, "database",
                                          nebula_tls_get_authorities (self->tls), NULL);

  if (connection == NULL)
    return NULL;
  if (certificate != NULL)
    g_tls_connection_set_certificate (G_TLS_CONNECTION (connection), certificate);
  g_signal_connect (connection, "accept-certificate", G_CALLBACK (judge_certificate), self);
  g_signal_connect_swapped (connection, "notify::accepted-cas", G_CALLBACK (note_question), self);
  return connection;
}

static gboolean
shake_hands (NebulaTlsChannel *self, const NebulaLimit *limit, GError **error)
{
  g_autoptr (GError) cause = NULL;
  gboolean done;

  self->connection = make_connection (self, error);
  if (self->connection == NULL)
    return FALSE;
  self->limit = limit;
  self->flaws = 0;
  self->was_asked = FALSE;
  self->was_answered = FALSE;
  self->is_shaking_hands = TRUE;
  done = g_tls_connection_handshake (G_TLS_CONNECTION (self->connection), NULL, &cause);
  self->is_shaking_hands = FALSE;
  self->limit = NULL;
  if (!done)
    set_handshake_error (self, cause, error);
  return done;
}

static gboolean
nebula_tls_channel_open (NebulaChannel *channel, const NebulaLimit *limit, GError **error)
{
  NebulaTlsChannel *self = NEBULA_TLS_CHANNEL (channel);

  nebula_tls_channel_close (channel);
  if (nebula_channel_open (self->socket, limit, error) && shake_hands (self, limit, error))
    return TRUE;
  nebula_tls_channel_close (channel);
  return FALSE;
}

/* What waits on the socket may be no data at all: servers send tickets when they like. So TLS is
 * asked, which takes those away. What it has then is the end, or bytes that nobody asked for. */
static gboolean
nebula_tls_channel_is_alive (NebulaChannel *channel)
{
  NebulaTlsChannel *self = NEBULA_TLS_CHANNEL (channel);
  const NebulaLimit no_wait = { nebula_clock_get_system (), G_MININT64, NULL };
  g_autoptr (GError) error = NULL;
  GPollableInputStream *input;
  guint8 byte;

  if (self->connection == NULL)
    return FALSE;
  input = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (self->connection));
  self->limit = &no_wait;
  g_pollable_input_stream_read_nonblocking (input, &byte, 1, NULL, &error);
  self->limit = NULL;
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
}

static gboolean
check_usable (NebulaTlsChannel *self, const NebulaLimit *limit, GError **error)
{
  if (self->connection != NULL)
    return !g_cancellable_set_error_if_cancelled (limit->cancellable, error);

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "not connected");
  return FALSE;
}

/* Whether a write failed because the server has ended the handshake: then it has said so in an
 * alert, which is there to be read. Reads nothing but what waits: the connection is closed. */
static void
look_for_refusal (NebulaTlsChannel *self, GError **cause)
{
  GInputStream *input = g_io_stream_get_input_stream (self->connection);
  g_autoptr (GError) closed = g_steal_pointer (&self->broken);
  g_autoptr (GError) reason = NULL;
  guint8 byte;

  if (g_input_stream_read (input, &byte, 1, NULL, &reason) < 0 && self->broken == NULL)
    {
      g_clear_error (cause);
      *cause = g_steal_pointer (&reason);
      return;
    }
  g_clear_error (&self->broken);
  self->broken = g_steal_pointer (&closed);
}

static gboolean
nebula_tls_channel_send (NebulaChannel *channel,
                         const guint8 *bytes,
                         gsize length,
                         gsize *taken,
                         const NebulaLimit *limit,
                         GError **error)
{
  NebulaTlsChannel *self = NEBULA_TLS_CHANNEL (channel);
  g_autoptr (GError) cause = NULL;
  gboolean done;

  if (!check_usable (self, limit, error))
    return FALSE;
  self->limit = limit;
  done = g_output_stream_write_all (g_io_stream_get_output_stream (self->connection), bytes, length,
                                    taken, NULL, &cause);
  if (!done && !self->was_answered && is_closed (self->broken))
    look_for_refusal (self, &cause);
  self->limit = NULL;
  if (!done)
    set_error (self, cause, error);
  return done;
}

static gssize
nebula_tls_channel_receive (NebulaChannel *channel,
                            guint8 *buffer,
                            gsize size,
                            const NebulaLimit *limit,
                            GError **error)
{
  NebulaTlsChannel *self = NEBULA_TLS_CHANNEL (channel);
  g_autoptr (GError) cause = NULL;
  gssize count;

  if (!check_usable (self, limit, error))
    return -1;
  self->limit = limit;
  count = g_input_stream_read (g_io_stream_get_input_stream (self->connection), buffer, size, NULL,
                               &cause);
  self->limit = NULL;
  if (count == 0)
    g_set_error (&cause, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "the peer closed the connection");
  if (count > 0)
    self->was_answered = TRUE;
  else
    set_error (self, cause, error);
  return count > 0 ? count : -1;
}

static void
nebula_tls_channel_finalize (GObject *object)
{
  NebulaTlsChannel *self = NEBULA_TLS_CHANNEL (object);

  nebula_tls_channel_close (NEBULA_CHANNEL (self));
  g_clear_object (&self->socket);
  g_clear_object (&self->identity);
  g_clear_pointer (&self->tls, nebula_tls_unref);
  g_free (self->name);
  g_free (self->host);

  G_OBJECT_CLASS (nebula_tls_channel_parent_class)->finalize (object);
}

static void
nebula_tls_channel_class_init (NebulaTlsChannelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  NebulaChannelClass *channel_class = NEBULA_CHANNEL_CLASS (klass);

  object_class->finalize = nebula_tls_channel_finalize;

  channel_class->open = nebula_tls_channel_open;
  channel_class->close = nebula_tls_channel_close;
  channel_class->is_alive = nebula_tls_channel_is_alive;
  channel_class->send = nebula_tls_channel_send;
  channel_class->receive = nebula_tls_channel_receive;
  /* What was taken are plain bytes; how many of them left in a record nobody knows. */
  channel_class->proves_unsent = FALSE;
}

static void
nebula_tls_channel_init (NebulaTlsChannel *self)
{
}

/* (transfer full): the host, without a port, that the certificate has to name */
static char *
get_host (GSocketConnectable *identity)
{
  if (G_IS_NETWORK_ADDRESS (identity))
    return g_strdup (g_network_address_get_hostname (G_NETWORK_ADDRESS (identity)));
  if (G_IS_INET_SOCKET_ADDRESS (identity))
    return g_inet_address_to_string (
      g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (identity)));
  return g_socket_connectable_to_string (identity);
}

/**
 * nebula_tls_channel_new:
 * @address: whom to connect to, as nebula_socket_channel_new() takes it
 * @tls: whom to trust, and what to show. A Unix socket needs a server name, but for insecure ones
 *
 * Creates a channel that encrypts. It is closed.
 *
 * Returns: (transfer full): a new channel
 */
NebulaChannel *
nebula_tls_channel_new (GSocketConnectable *address, NebulaTls *tls)
{
  NebulaTlsChannel *self = g_object_new (NEBULA_TYPE_TLS_CHANNEL, NULL);
  const char *server_name = nebula_tls_get_server_name (tls);

  self->socket = nebula_socket_channel_new (address);
  self->tls = nebula_tls_ref (tls);
  self->name = g_socket_connectable_to_string (address);
  self->identity = server_name != NULL ? g_network_address_new (server_name, 0)
                                       : g_object_ref (address);
  self->host = get_host (self->identity);
  return NEBULA_CHANNEL (self);
}

/**
 * nebula_tls_channel_get_fd:
 * @self: a channel
 *
 * Returns: the connected socket, which stays the channel's; -1 when it is closed
 */
int
nebula_tls_channel_get_fd (NebulaTlsChannel *self)
{
  return nebula_socket_channel_get_fd (NEBULA_SOCKET_CHANNEL (self->socket));
}
