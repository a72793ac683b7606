/* SPDX-License-Identifier: Apache-2.0 */
#include "raw-peer.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Far more than a request of these tests has. */
#define REQUEST_LIMIT 4096

struct _RawPeer
{
  RawPeerFunc func;
  gpointer data;
  int listener;
  char *address;    /* (owned) */
  GThread *thread;  /* (owned) */
  guint n_accepted; /* the thread's, until it has ended */
};

/* @fd takes all of it, or the other end is gone. */
gboolean
raw_peer_send (int fd, gconstpointer bytes, gsize length)
{
  const guint8 *at = bytes;

  while (length > 0)
    {
      gssize count = send (fd, at, length, MSG_NOSIGNAL);

      if (count <= 0)
        return FALSE;
      at += count;
      length -= count;
    }
  return TRUE;
}

static gboolean
receive (int fd, gpointer bytes, gsize length)
{
  return recv (fd, bytes, length, MSG_WAITALL) == (gssize) length;
}

static void
append_be32 (GByteArray *bytes, guint32 value)
{
  value = GUINT32_TO_BE (value);
  g_byte_array_append (bytes, (const guint8 *) &value, sizeof value);
}

/* Returns: (transfer full): a frame up to code 0 and latency 0 inside the result, which goes on */
GByteArray *
raw_peer_start_reply (const char *method, gint32 sequence)
{
  static const guint8 result[]
    = { 12, 0, 0, 8, 0, 1, 0, 0, 0, 0, 10, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0 };
  GByteArray *frame = g_byte_array_new ();

  append_be32 (frame, 0);
  append_be32 (frame, 0x80010002);
  append_be32 (frame, strlen (method));
  g_byte_array_append (frame, (const guint8 *) method, strlen (method));
  append_be32 (frame, sequence);
  g_byte_array_append (frame, result, sizeof result);
  return frame;
}

/* Ends the response and the result. */
void
raw_peer_end_reply (GByteArray *frame)
{
  guint32 length;

  g_byte_array_append (frame, (const guint8 *) "\0", 2);
  length = GUINT32_TO_BE (frame->len - 4);
  memcpy (frame->data, &length, 4);
}

/* Ends the reply and sends it. Takes @frame. */
gboolean
raw_peer_finish_reply (int fd, GByteArray *frame)
{
  gboolean sent;

  raw_peer_end_reply (frame);
  sent = raw_peer_send (fd, frame->data, frame->len);
  g_byte_array_unref (frame);
  return sent;
}

static guint32
read_be32 (const guint8 *bytes)
{
  guint32 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT32_FROM_BE (value);
}

/* Where the message begins in what a frame holds: behind the header, if there is one. */
static const guint8 *
find_message (const guint8 *bytes)
{
  if (bytes[0] != 0x0f || bytes[1] != 0xff)
    return bytes;
  return bytes + 10 + 4 * (bytes[8] << 8 | bytes[9]);
}

/* Reads one request: framed, with a header, or bare. A bare one says nowhere how long it is, but a
 * client sends it in one go.
 * Returns: (nullable): its message */
static const guint8 *
receive_request (int fd, guint8 *request, gboolean *is_bare)
{
  guint32 length;

  if (!receive (fd, request, 4))
    return NULL;
  *is_bare = request[0] == 0x80;
  if (*is_bare)
    return recv (fd, request + 4, REQUEST_LIMIT - 4, 0) > 0 ? request : NULL;
  length = read_be32 (request);
  if (length > REQUEST_LIMIT || !receive (fd, request, length))
    return NULL;
  return find_message (request);
}

static gboolean
answer_hello (int fd, const char *method, gint32 sequence, gboolean is_bare)
{
  g_autoptr (GByteArray) frame = raw_peer_start_reply (method, sequence);

  raw_peer_end_reply (frame);
  if (is_bare)
    g_byte_array_remove_range (frame, 0, 4);
  return raw_peer_send (fd, frame->data, frame->len);
}

static gboolean
serve_call (RawPeer *self, int fd)
{
  guint8 request[REQUEST_LIMIT];
  gboolean is_bare = FALSE;
  const guint8 *message = receive_request (fd, request, &is_bare);
  g_autofree char *method = NULL;
  guint32 name_length;
  gint32 sequence;

  if (message == NULL)
    return FALSE;
  name_length = read_be32 (message + 4);
  method = g_strndup ((const char *) message + 8, name_length);
  sequence = read_be32 (message + 8 + name_length);
  if (strcmp (method, "verifyClientVersion") == 0)
    return answer_hello (fd, method, sequence, is_bare);
  return self->func (fd, method, sequence, self->data);
}

static gpointer
serve (gpointer data)
{
  RawPeer *self = data;
  int fd;

  while ((fd = accept (self->listener, NULL, NULL)) >= 0)
    {
      int on = 1;

      self->n_accepted++;
      setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      while (serve_call (self, fd))
        ;
      close (fd);
    }
  return NULL;
}

RawPeer *
raw_peer_new (RawPeerFunc func, gpointer data)
{
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t size = sizeof address;
  RawPeer *self = g_new0 (RawPeer, 1);

  self->func = func;
  self->data = data;
  self->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  g_assert_cmpint (bind (self->listener, (struct sockaddr *) &address, size), ==, 0);
  g_assert_cmpint (listen (self->listener, 8), ==, 0);
  getsockname (self->listener, (struct sockaddr *) &address, &size);
  self->address = g_strdup_printf ("127.0.0.1:%u", ntohs (address.sin_port));
  self->thread = g_thread_new ("raw-peer", serve, self);
  return self;
}

const char *
raw_peer_get_address (RawPeer *self)
{
  return self->address;
}

/* The client has to be gone, or the peer waits for it.
 * Returns: how many connections there were */
guint
raw_peer_free (RawPeer *self)
{
  guint n_accepted;

  shutdown (self->listener, SHUT_RDWR);
  g_thread_join (self->thread);
  n_accepted = self->n_accepted;
  close (self->listener);
  g_free (self->address);
  g_free (self);
  return n_accepted;
}
