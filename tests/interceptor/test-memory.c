/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"
#include "raw-peer.h"

#include <dlfcn.h>
#include <malloc.h>
#include <sys/mman.h>
#include <thrift/c_glib/transport/thrift_socket.h>

/*
 * What memory a call takes: no more than its frame, for no longer than it is read. The allocator
 * and the mappings are watched in the thread of the caller only.
 */

extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t count, size_t size);
extern void *__libc_realloc (void *memory, size_t size);
extern void __libc_free (void *memory);

#define MIB (1024 * 1024)

static __thread gboolean is_counting;
static __thread gssize in_use; /* since it was counted */
static __thread gssize most;

static void
count (gssize change)
{
  if (!is_counting)
    return;
  in_use += change;
  most = MAX (most, in_use);
}

void *
malloc (size_t size)
{
  void *memory = __libc_malloc (size);

  count (malloc_usable_size (memory));
  return memory;
}

void *
calloc (size_t number, size_t size)
{
  void *memory = __libc_calloc (number, size);

  count (malloc_usable_size (memory));
  return memory;
}

/* As if it were copied each time: that is what it may come to. */
void *
realloc (void *memory, size_t size)
{
  gssize before = malloc_usable_size (memory);

  memory = __libc_realloc (memory, size);
  count (malloc_usable_size (memory));
  count (-before);
  return memory;
}

void
free (void *memory)
{
  count (-(gssize) malloc_usable_size (memory));
  __libc_free (memory);
}

/* malloc's own mappings do not come by here. */
void *
mmap (void *address, size_t size, int protection, int flags, int fd, off_t offset)
{
  static void *(*next) (void *, size_t, int, int, int, off_t);

  if (next == NULL)
    next = dlsym (RTLD_NEXT, "mmap");
  count (size);
  return next (address, size, protection, flags, fd, offset);
}

void *
mremap (void *address, size_t size, size_t new_size, int flags, ...)
{
  static void *(*next) (void *, size_t, size_t, int, ...);

  if (next == NULL)
    next = dlsym (RTLD_NEXT, "mremap");
  count (new_size - size);
  return next (address, size, new_size, flags);
}

int
munmap (void *address, size_t size)
{
  static int (*next) (void *, size_t);

  if (next == NULL)
    next = dlsym (RTLD_NEXT, "munmap");
  count (-(gssize) size);
  return next (address, size);
}

static void
start_counting (void)
{
  in_use = 0;
  most = 0;
  is_counting = TRUE;
}

static void
stop_counting (void)
{
  is_counting = FALSE;
}

/* A reply whose frame has that many bytes, or so. */
static gboolean
answer_with_text (int fd, const char *method, gint32 sequence, gpointer data)
{
  const guint32 length = GPOINTER_TO_UINT (data);
  const guint32 size = GUINT32_TO_BE (length);
  GByteArray *frame = raw_peer_start_reply (method, sequence);

  g_byte_array_append (frame, (const guint8 *) "\013\0\005", 3);
  g_byte_array_append (frame, (const guint8 *) &size, 4);
  g_byte_array_set_size (frame, frame->len + length);
  return raw_peer_finish_reply (fd, frame);
}

static gboolean
announce_only (int fd, const char *method, gint32 sequence, gpointer data)
{
  const guint32 announced = GUINT32_TO_BE (200 * MIB);
  g_autofree guint8 *bytes = g_malloc0 (100000);

  raw_peer_send (fd, &announced, sizeof announced);
  raw_peer_send (fd, bytes, 100000);
  return FALSE;
}

static const guint8 request[] = {
  0x80, 1,  0, 1, 0, 0, 0, 7, 'e', 'x', 'e', 'c', 'u', 't', 'e', 0, 0, 0, 0, 10, 0, 1, 0, 0, 0, 0,
  0,    0,  0, 1, 11, 0, 2, 0, 0, 0, 7, 'Y', 'I', 'E', 'L', 'D', ' ', '1', 0,
};

/* One call without a stub, which would build a tree of what it reads: how many bytes came.
 * @error: set when none did */
static gsize
call (Fixture *self, GError **error)
{
  ThriftTransport *transport = THRIFT_TRANSPORT (self->interceptor);
  static guint8 piece[64 * 1024];
  gsize total = 0;
  gint32 count;

  if (!thrift_transport_write (transport, (gpointer) request, sizeof request, error)
      || !thrift_transport_flush (transport, error)
      || (count = thrift_transport_read (transport, piece, sizeof piece, error)) < 0)
    return 0;
  for (; count > 0; count = thrift_transport_read (transport, piece, sizeof piece, NULL))
    total += count;
  return total;
}

static void
start (Fixture *self, RawPeer *peer)
{
  g_autoptr (GError) error = NULL;

  fixture_set_up_client (self, raw_peer_get_address (peer));
  fixture_set_policy (self, "max-attempts", 1u, NULL);
  fixture_open (self);
}

static void
test_large (gconstpointer data)
{
  const guint size = GPOINTER_TO_UINT (data);
  RawPeer *peer = raw_peer_new (answer_with_text, GUINT_TO_POINTER (size));
  g_autoptr (GError) error = NULL;
  Fixture fixture = { 0 };

  g_test_summary ("a large reply takes its frame and at most 1 MiB, and gives it back once read");
  start (&fixture, peer);
  for (guint i = 0; i < 3; i++)
    {
      start_counting ();
      g_assert_cmpuint (call (&fixture, &error), >, size);
      stop_counting ();
      g_assert_no_error (error);
      g_assert_cmpint (most, >=, size);
      g_assert_cmpint (most, <=, size + MIB);
      g_assert_cmpint (in_use, <=, 128 * 1024);
    }
  fixture_tear_down_client (&fixture);
  raw_peer_free (peer);
}

#define INFLATED (8 * MIB)

/* A text of many zeros, compressed, behind a header that says so; cut when @data is not NULL. */
static gboolean
answer_compressed (int fd, const char *method, gint32 sequence, gpointer data)
{
  guint8 header[] = { 0, 0, 0, 0, 0x0f, 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0 };
  const guint32 size = GUINT32_TO_BE (INFLATED);
  g_autoptr (GByteArray) frame = raw_peer_start_reply (method, sequence);
  g_autoptr (GConverter) zlib
    = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, -1));
  g_autofree guint8 *bytes = g_malloc (MIB);
  gsize taken, length;
  guint32 number;

  g_byte_array_append (frame, (const guint8 *) "\013\0\005", 3);
  g_byte_array_append (frame, (const guint8 *) &size, 4);
  g_byte_array_set_size (frame, frame->len + INFLATED);
  memset (frame->data + frame->len - INFLATED, 0, INFLATED);
  raw_peer_end_reply (frame);
  g_assert_cmpint (g_converter_convert (zlib, frame->data + 4, frame->len - 4, bytes, MIB,
                                        G_CONVERTER_INPUT_AT_END, &taken, &length, NULL),
                   ==, G_CONVERTER_FINISHED);
  length -= data != NULL ? 1 : 0;
  number = GUINT32_TO_BE (sizeof header - 4 + length);
  memcpy (header, &number, 4);
  number = GUINT32_TO_BE ((guint32) sequence);
  memcpy (header + 8, &number, 4);
  return raw_peer_send (fd, header, sizeof header) && raw_peer_send (fd, bytes, length);
}

static void
check_compressed (gboolean is_cut)
{
  RawPeer *peer = raw_peer_new (answer_compressed, GINT_TO_POINTER (is_cut));
  g_autoptr (GError) error = NULL;
  Fixture fixture = { 0 };

  start (&fixture, peer);
  fixture_connect (&fixture, g_object_new (NEBULA_TYPE_INTERCEPTOR, "cluster", fixture.cluster,
                                           "framing", NEBULA_FRAMING_HEADER, NULL));
  fixture_open (&fixture);
  start_counting ();
  if (is_cut)
    g_assert_cmpuint (call (&fixture, &error), ==, 0);
  else
    g_assert_cmpuint (call (&fixture, &error), >, INFLATED);
  stop_counting ();
  if (is_cut)
    g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  else
    g_assert_no_error (error);
  g_assert_cmpint (most, >, INFLATED);
  g_assert_cmpint (in_use, <=, 256 * 1024);
  fixture_tear_down_client (&fixture);
  raw_peer_free (peer);
}

static void
test_compressed (void)
{
  g_test_summary ("what a compressed reply became is given back once it was read");
  check_compressed (FALSE);
}

static void
test_compressed_cut (void)
{
  g_test_summary ("so is what a compressed reply became before it broke off");
  check_compressed (TRUE);
}

static void
use_thrift_socket (Fixture *self, const char *address)
{
  guint port = g_ascii_strtoull (strchr (address, ':') + 1, NULL, 10);
  g_autoptr (GObject) socket
    = g_object_new (THRIFT_TYPE_SOCKET, "hostname", "127.0.0.1", "port", port, NULL);

  fixture_connect (self, g_object_new (NEBULA_TYPE_INTERCEPTOR, "cluster", self->cluster,
                                       "transport", socket, NULL));
  fixture_open (self);
}

/* @data: not NULL over a transport that the user brings */
static void
test_announced (gconstpointer data)
{
  RawPeer *peer = raw_peer_new (announce_only, NULL);
  g_autoptr (GError) error = NULL;
  Fixture fixture = { 0 };

  g_test_summary ("200 MiB are announced and 100,000 bytes come: no more than 256 KiB are taken");
  start (&fixture, peer);
  if (data != NULL)
    use_thrift_socket (&fixture, raw_peer_get_address (peer));
  start_counting ();
  g_assert_cmpuint (call (&fixture, &error), ==, 0);
  stop_counting ();
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_cmpint (most, >=, 100004);
  g_assert_cmpint (most, <=, 256 * 1024 + 32 * 1024);
  g_assert_cmpint (in_use, <=, 32 * 1024);
  fixture_tear_down_client (&fixture);
  raw_peer_free (peer);
}

/* A transport that answers every call at once, without a network: with code 0 and nothing else. */
typedef struct
{
  ThriftTransport parent_instance;
  guint8 reply[35];
  guint position;
} Echo;

typedef ThriftTransportClass EchoClass;

static GType echo_get_type (void);
G_DEFINE_TYPE (Echo, echo, THRIFT_TYPE_TRANSPORT)

static gboolean
echo_is_open (ThriftTransport *transport)
{
  return TRUE;
}

static gboolean
echo_open (ThriftTransport *transport, GError **error)
{
  return TRUE;
}

/* The whole frame of a request comes at once, with its sequence number where a reply has it. */
static gboolean
echo_write (ThriftTransport *transport, gpointer bytes, guint32 length, GError **error)
{
  static const guint8 reply[] = {
    0, 0, 0, 31, 0x80, 1, 0, 2, 0, 0, 0, 7, 'e', 'x', 'e', 'c', 'u', 't', 'e', 0, 0, 0, 0, 12, 0, 0,
    8, 0, 1,  0, 0,    0, 0, 0, 0,
  };
  Echo *self = (Echo *) transport;

  memcpy (self->reply, reply, sizeof reply);
  memcpy (self->reply + 19, (guint8 *) bytes + 19, 4);
  self->position = 0;
  return TRUE;
}

static gint32
echo_read (ThriftTransport *transport, gpointer bytes, guint32 length, GError **error)
{
  Echo *self = (Echo *) transport;

  length = MIN (length, sizeof self->reply - self->position);
  memcpy (bytes, self->reply + self->position, length);
  self->position += length;
  return length;
}

static void
echo_class_init (EchoClass *klass)
{
  klass->is_open = echo_is_open;
  klass->open = echo_open;
  klass->close = echo_open;
  klass->flush = echo_open;
  klass->write = echo_write;
  klass->read = echo_read;
}

static void
echo_init (Echo *self)
{
}

static void
test_million (void)
{
  Fixture fixture = { 0 };
  g_autoptr (GObject) echo = g_object_new (echo_get_type (), NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("a million small calls one after the other take no memory at all");
  fixture_set_up_client (&fixture, "127.0.0.1:1");
  fixture_connect (&fixture, g_object_new (NEBULA_TYPE_INTERCEPTOR, "transport", echo, "service",
                                           NEBULA_SERVICE_OTHER, NULL));
  fixture_open (&fixture);
  g_assert_cmpuint (call (&fixture, &error), ==, 31);
  g_assert_no_error (error);
  start_counting ();
  for (guint i = 0; i < 1000000; i++)
    g_assert_cmpuint (call (&fixture, NULL), ==, 31);
  stop_counting ();
  g_assert_cmpint (most, ==, 0);
  fixture_tear_down_client (&fixture);
}

int
main (int argc, char **argv)
{
  static const guint sizes[] = { 100 * 1000, 300 * 1000, 3 * MIB, 40 * MIB, 120 * MIB };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/memory/large/%u", sizes[i]);

      g_test_add_data_func (path, GUINT_TO_POINTER (sizes[i]), test_large);
    }
  g_test_add_func ("/memory/compressed", test_compressed);
  g_test_add_func ("/memory/compressed-cut", test_compressed_cut);
  g_test_add_data_func ("/memory/announced", NULL, test_announced);
  g_test_add_data_func ("/memory/announced-transport", "transport", test_announced);
  g_test_add_func ("/memory/million", test_million);
  return g_test_run ();
}
