/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-frame.h"
#include "nebula-message-private.h"

#include <errno.h>
#include <gio/gio.h>
#include <nebula-mock/nebula-mock-server.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* A peer that answers at once, so that what is measured is the client. Its replies are the mock's,
 * byte for byte: each is asked for once, before the first client connects. It prints its port and
 * serves until its input ends. A statement that begins with AGAIN fails the first time on its
 * connection with a code that is worth another attempt, and succeeds the second time. */

#define AGAIN "/*again*/"

/* The part of a statement where what the peer goes by has to stand. */
#define STATEMENT_HEAD 64

/* The sizes that replies are kept of. */
static const guint row_counts[] = {
  0, 1, 10, 1000, 2000, 5000, 10000, 20000, 30000, 50000, 100000
};

typedef struct
{
  GByteArray *frame; /* (owned): with its length before it */
  gsize sequence_at; /* where in it the sequence number lies */
} Reply;

static Reply verified;
static Reply logged_in;
static Reply rows[G_N_ELEMENTS (row_counts)];
static Reply failed;

static int
connect_to (guint16 port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  if (fd < 0 || connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
    g_error ("connect: %s", g_strerror (errno));
  return fd;
}

/* What is received at once at least: nearly every request in one go. */
#define ROOM (64 * 1024)

/* Receives one frame; nobody here sends the next before he has his reply. */
static gboolean
receive_frame (int fd, GByteArray *frame)
{
  gsize have = 0, size = 4;

  while (have < size)
    {
      gssize count;

      g_byte_array_set_size (frame, MAX (size, ROOM));
      count = recv (fd, frame->data + have, frame->len - have, 0);
      if (count <= 0)
        return FALSE;
      have += count;
      if (have >= 4)
        size = 4 + (gsize) nebula_read_be32 (frame->data);
    }
  g_byte_array_set_size (frame, size);
  return TRUE;
}

static void
parse_head (const GByteArray *frame, NebulaMessageHead *head)
{
  g_autoptr (GError) error = NULL;

  if (!nebula_message_parse_head (frame->data + 4, frame->len - 4, head, &error))
    g_error ("%s", error->message);
}

static Reply
ask (int fd, GByteArray *request)
{
  Reply reply = { g_byte_array_new (), 0 };
  NebulaMessageHead head;

  if (send (fd, request->data, request->len, MSG_NOSIGNAL) != (gssize) request->len
      || !receive_frame (fd, reply.frame))
    g_error ("the mock does not answer");
  parse_head (reply.frame, &head);
  reply.sequence_at = 4 + head.sequence_offset;
  return reply;
}

/* The session of a reply to authenticate: its first field of 64 bits. */
static gint64
find_session (const Reply *reply)
{
  static const guint8 head[] = { 10, 0, 3 };
  const guint8 *at = memmem (reply->frame->data, reply->frame->len, head, sizeof head);

  g_assert_nonnull (at);
  return (gint64) nebula_read_be64 (at + sizeof head);
}

/* A reply to execute that has nothing but a code: the leader moved. */
static Reply
make_failure (void)
{
  static const guint8 message[] = { 0,   0,   0,   37,  0x80, 1,    0,    2,    0,    0,  0, 7,
                                    'e', 'x', 'e', 'c', 'u',  't',  'e',  0,    0,    0,  0, 12,
                                    0,   0,   8,   0,   1,    0xff, 0xff, 0xff, 0xfc, 10, 0, 2,
                                    0,   0,   0,   0,   0,    0,    0,    1,    0,    0 };
  Reply reply = { g_byte_array_new (), 0 };
  NebulaMessageHead head;

  g_byte_array_append (reply.frame, message, sizeof message);
  nebula_write_be32 (reply.frame->data, sizeof message - 4);
  parse_head (reply.frame, &head);
  reply.sequence_at = 4 + head.sequence_offset;
  return reply;
}

static void
learn_replies (void)
{
  g_autoptr (NebulaMockServer) mock = nebula_mock_server_new ();
  g_autoptr (GByteArray) request = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  gint64 session;
  int fd;

  if (!nebula_mock_server_start (mock, NULL, 0, &error))
    g_error ("%s", error->message);
  fd = connect_to (nebula_mock_server_get_port (mock));
  bench_frame_verify (request);
  verified = ask (fd, request);
  bench_frame_authenticate (request, "root", "nebula");
  logged_in = ask (fd, request);
  session = find_session (&logged_in);
  for (guint i = 0; i < G_N_ELEMENTS (row_counts); i++)
    {
      g_autofree char *statement = g_strdup_printf ("YIELD rows(%u)", row_counts[i]);

      bench_frame_execute (request, session, (const guint8 *) statement, strlen (statement));
      rows[i] = ask (fd, request);
    }
  failed = make_failure ();
  close (fd);
}

static const Reply *
find_rows (guint count)
{
  for (guint i = 0; i < G_N_ELEMENTS (row_counts); i++)
    if (row_counts[i] == count)
      return &rows[i];
  return &rows[1];
}

/* @again: whether this connection has failed the statement already */
static const Reply *
answer_statement (const NebulaRequest *request, gboolean *again)
{
  char head[STATEMENT_HEAD + 1] = { 0 };
  const char *count;

  if (request->statement != NULL)
    memcpy (head, request->statement, MIN (request->statement_length, STATEMENT_HEAD));
  if (g_str_has_prefix (head, AGAIN))
    {
      *again = !*again;
      if (*again)
        return &failed;
    }
  count = strstr (head, "rows(");
  return find_rows (count != NULL ? atoi (count + 5) : 1);
}

static const Reply *
answer (const GByteArray *frame, const NebulaMessageHead *head, gboolean *again)
{
  NebulaRequest request;

  if (strncmp (head->name, "verifyClientVersion", head->name_length) == 0)
    return &verified;
  if (strncmp (head->name, "authenticate", head->name_length) == 0)
    return &logged_in;
  nebula_request_parse (frame->data + 4, frame->len - 4, head, &request);
  return answer_statement (&request, again);
}

static gboolean
send_reply (int fd, const Reply *reply, gint32 sequence)
{
  guint8 *bytes = reply->frame->data;
  guint32 wire = GUINT32_TO_BE (sequence);
  gsize rest = reply->sequence_at + 4;
  struct iovec parts[] = { { bytes, reply->sequence_at },
                           { &wire, 4 },
                           { bytes + rest, reply->frame->len - rest } };
  struct msghdr message = { .msg_iov = parts, .msg_iovlen = G_N_ELEMENTS (parts) };
  gssize sent = sendmsg (fd, &message, MSG_NOSIGNAL);
  gsize done = sent;

  /* A large one takes some turns, and its head went with the first. */
  while (sent > 0 && done < reply->frame->len)
    {
      sent = send (fd, bytes + done, reply->frame->len - done, MSG_NOSIGNAL);
      done += sent;
    }
  return sent > 0;
}

static gpointer
serve (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  gboolean again = FALSE;
  int on = 1;

  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  while (receive_frame (fd, frame))
    {
      NebulaMessageHead head;

      parse_head (frame, &head);
      if (strncmp (head.name, "signout", head.name_length) == 0)
        continue;
      if (!send_reply (fd, answer (frame, &head, &again), head.sequence))
        break;
    }
  close (fd);
  return NULL;
}

static gpointer
wait_for_end (gpointer data)
{
  char byte;

  while (read (STDIN_FILENO, &byte, 1) > 0)
    ;
  _exit (0);
}

int
main (void)
{
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t size = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  learn_replies ();
  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  if (fd < 0 || bind (fd, (struct sockaddr *) &address, sizeof address) != 0
      || listen (fd, SOMAXCONN) != 0 || getsockname (fd, (struct sockaddr *) &address, &size) != 0)
    g_error ("%s", g_strerror (errno));
  printf ("%u\n", ntohs (address.sin_port));
  fflush (stdout);
  g_thread_unref (g_thread_new ("end", wait_for_end, NULL));
  for (;;)
    {
      int client = accept (fd, NULL, NULL);

      if (client >= 0)
        g_thread_unref (g_thread_new ("serve", serve, GINT_TO_POINTER (client)));
    }
}
