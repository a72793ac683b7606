/* SPDX-License-Identifier: Apache-2.0 */
#include "wire-client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A test that waits longer than this for a byte has failed: nothing here takes a second. */
#define RECEIVE_TIMEOUT_S 20

/* With the space `test`. */
NebulaMockServer *
wire_start_server (void)
{
  NebulaMockServer *server = nebula_mock_server_new ();
  g_autoptr (GError) error = NULL;

  nebula_mock_server_add_space (server, "test");
  nebula_mock_server_start (server, NULL, 0, &error);
  g_assert_no_error (error);
  return server;
}

void
wire_stop_server (NebulaMockServer *server)
{
  nebula_mock_server_stop (server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (server));
  g_assert_finalize_object (server);
}

void
wire_connect (WireClient       *client,
              NebulaMockServer *server,
              gboolean          framed)
{
  const struct timeval timeout = { RECEIVE_TIMEOUT_S, 0 };
  struct sockaddr_in address = { 0 };

  address.sin_family = AF_INET;
  address.sin_port = htons (nebula_mock_server_get_port (server));
  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  client->framed = framed;
  client->fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (client->fd, >=, 0);
  setsockopt (client->fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  g_assert_no_errno (connect (client->fd, (struct sockaddr *) &address, sizeof address));
}

void
wire_close (WireClient *client)
{
  close (client->fd);
  client->fd = -1;
}

void
wire_send (WireClient *client,
           const void *data,
           gsize       length)
{
  g_assert_cmpint (send (client->fd, data, length, MSG_NOSIGNAL), ==, (gssize) length);
}

/* Exactly so many bytes. */
GByteArray *
wire_receive (WireClient *client,
              gsize       length)
{
  GByteArray *bytes = g_byte_array_new ();
  gsize done = 0;

  g_byte_array_set_size (bytes, length);
  while (done < length)
    {
      const gssize got = recv (client->fd, bytes->data + done, length - done, 0);

      g_assert_cmpint (got, >, 0);
      done += got;
    }
  return bytes;
}

gboolean
wire_is_closed (WireClient *client)
{
  char byte;

  return recv (client->fd, &byte, 1, 0) == 0;
}

gboolean
wire_is_reset (WireClient *client)
{
  char byte;

  return recv (client->fd, &byte, 1, 0) < 0 && errno == ECONNRESET;
}

/* One way or the other: a server that closes with bytes unread resets. */
gboolean
wire_has_ended (WireClient *client)
{
  char byte;
  const gssize got = recv (client->fd, &byte, 1, 0);

  return got == 0 || (got < 0 && errno == ECONNRESET);
}

void
wire_put (GByteArray *bytes,
          gsize       width,
          guint64     value)
{
  while (width-- > 0)
    {
      const guint8 byte = value >> (8 * width);

      g_byte_array_append (bytes, &byte, 1);
    }
}

void
wire_put_string (GByteArray *bytes,
                 const char *text)
{
  wire_put (bytes, 4, strlen (text));
  g_byte_array_append (bytes, (const guint8 *) text, strlen (text));
}

static GByteArray *
message_new (const char *method,
             gint32      sequence)
{
  GByteArray *bytes = g_byte_array_new ();

  wire_put (bytes, 4, 0x80010001);
  wire_put_string (bytes, method);
  wire_put (bytes, 4, (guint32) sequence);
  return bytes;
}

GByteArray *
wire_new_execute (const char *method,
                  gint32      sequence,
                  gint64      session,
                  const char *text)
{
  GByteArray *bytes = message_new (method, sequence);

  wire_put (bytes, 3, 0x0a0001);
  wire_put (bytes, 8, session);
  wire_put (bytes, 3, 0x0b0002);
  wire_put_string (bytes, text);
  wire_put (bytes, 1, 0);
  return bytes;
}

GByteArray *
wire_new_authenticate (gint32      sequence,
                       const char *user,
                       const char *password)
{
  GByteArray *bytes = message_new ("authenticate", sequence);

  wire_put (bytes, 3, 0x0b0001);
  wire_put_string (bytes, user);
  wire_put (bytes, 3, 0x0b0002);
  wire_put_string (bytes, password);
  wire_put (bytes, 1, 0);
  return bytes;
}

/* In one piece: the server may close as soon as it sees a byte. */
void
wire_send_message (WireClient       *client,
                   const GByteArray *message)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  if (client->framed)
    wire_put (bytes, 4, message->len);
  g_byte_array_append (bytes, message->data, message->len);
  wire_send (client, bytes->data, bytes->len);
}

void
wire_send_execute (WireClient *client,
                   gint32      sequence,
                   gint64      session,
                   const char *text)
{
  g_autoptr (GByteArray) message = wire_new_execute ("execute", sequence, session, text);

  wire_send_message (client, message);
}

static guint64
number_at (const GByteArray *bytes,
           gsize             offset,
           gsize             width)
{
  guint64 value = 0;
  gsize i;

  g_assert_cmpuint (offset + width, <=, bytes->len);
  for (i = 0; i < width; i++)
    value = (value << 8) | bytes->data[offset + i];
  return value;
}

/* The payload of the next frame. */
GByteArray *
wire_receive_frame (WireClient *client)
{
  g_autoptr (GByteArray) size = wire_receive (client, 4);

  return wire_receive (client, number_at (size, 0, 4));
}

static gsize
copy_string (const GByteArray *bytes,
             gsize             offset,
             char             *text,
             gsize             size)
{
  const gsize length = number_at (bytes, offset, 4);

  g_assert_cmpuint (length, <, size);
  g_assert_cmpuint (offset + 4 + length, <=, bytes->len);
  memcpy (text, bytes->data + offset + 4, length);
  text[length] = '\0';
  return offset + 4 + length;
}

/* The fields of a result that has no data: i32 1, i64 2, strings 4 and 5. */
static void
parse_fields (const GByteArray *bytes,
              gsize             offset,
              WireReply        *reply)
{
  guint64 type;

  while ((type = number_at (bytes, offset, 1)) != 0)
    {
      const guint64 id = number_at (bytes, offset + 1, 2);

      offset += 3;
      if (type == 8)
        {
          reply->code = (gint32) number_at (bytes, offset, 4);
          offset += 4;
        }
      else if (type == 10)
        offset += 8;
      else if (type == 11 && id == 4)
        offset = copy_string (bytes, offset, reply->space, sizeof reply->space);
      else if (type == 11)
        offset = copy_string (bytes, offset, reply->message, sizeof reply->message);
      else
        return; /* data: told enough */
    }
}

/* Of a reply or an exception: an exception's text and type are the message and the code. */
void
wire_parse_reply (const GByteArray *payload,
                  WireReply        *reply)
{
  gsize offset;

  memset (reply, 0, sizeof *reply);
  g_assert_cmphex (number_at (payload, 0, 3), ==, 0x800100);
  reply->type = payload->data[3];
  offset = copy_string (payload, 4, reply->method, sizeof reply->method);
  reply->sequence = (gint32) number_at (payload, offset, 4);
  offset += 4;
  if (reply->type == 3)
    parse_fields (payload, offset, reply);
  else if (payload->data[offset] == 12)
    parse_fields (payload, offset + 3, reply);
}

/* Over frames. */
void
wire_execute (WireClient *client,
              gint64      session,
              const char *text,
              WireReply  *reply)
{
  g_autoptr (GByteArray) payload = NULL;

  wire_send_execute (client, 9, session, text);
  payload = wire_receive_frame (client);
  wire_parse_reply (payload, reply);
  g_assert_cmpint (reply->sequence, ==, 9);
  g_assert_cmpstr (reply->method, ==, "execute");
}

/* Over frames. Returns: the session, 0 when the user was refused */
gint64
wire_authenticate (WireClient *client,
                   const char *user,
                   const char *password)
{
  /* head 4 + 4 + 12 + 4, field success 3, error_code 3 + 4, then the session's field */
  const gsize field = 4 + 4 + 12 + 4 + 3 + 7;
  g_autoptr (GByteArray) message = wire_new_authenticate (3, user, password);
  g_autoptr (GByteArray) payload = NULL;
  WireReply reply;

  wire_send_message (client, message);
  payload = wire_receive_frame (client);
  wire_parse_reply (payload, &reply);
  if (reply.code != 0)
    return 0;
  g_assert_cmphex (number_at (payload, field, 3), ==, 0x0a0003);
  return (gint64) number_at (payload, field + 3, 8);
}
