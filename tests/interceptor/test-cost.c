/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"

#include <dlfcn.h>
#include <sys/mman.h>

/*
 * What a call costs that goes well: nothing is allocated, nor mapped. The allocator is watched in
 * the thread of the caller only; the server runs in threads of its own.
 */

extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t count, size_t size);
extern void *__libc_realloc (void *memory, size_t size);

#define MEBIBYTE (1024 * 1024)

static __thread gboolean is_counting;
static __thread guint n_allocations;
static __thread guint n_large; /* of those, how many were of a mebibyte or more */

static void
count (size_t size)
{
  if (!is_counting)
    return;
  n_allocations++;
  n_large += size >= MEBIBYTE;
}

void *
malloc (size_t size)
{
  count (size);
  return __libc_malloc (size);
}

void *
calloc (size_t number, size_t size)
{
  count (number * size);
  return __libc_calloc (number, size);
}

void *
realloc (void *memory, size_t size)
{
  count (size);
  return __libc_realloc (memory, size);
}

void *
mmap (void *address, size_t size, int protection, int flags, int fd, off_t offset)
{
  static void *(*next) (void *, size_t, int, int, int, off_t);

  if (next == NULL)
    next = dlsym (RTLD_NEXT, "mmap");
  count (size);
  return next (address, size, protection, flags, fd, offset);
}

/* One call without a stub, whose own objects would be counted: @request is a message. */
static void
call (Fixture *self, const guint8 *request, gsize length, guint8 *reply, gsize size)
{
  ThriftTransport *transport = THRIFT_TRANSPORT (self->interceptor);

  g_assert_true (thrift_transport_write (transport, (gpointer) request, length, NULL));
  g_assert_true (thrift_transport_flush (transport, NULL));
  g_assert_cmpint (thrift_transport_read (transport, reply, size, NULL), >, 0);
}

/* execute (@session, @statement), as a binary protocol writes it. */
static gsize
make_request (guint8 *bytes, gint64 session, const char *statement)
{
  static const guint8 head[] = { 0x80, 1, 0, 1, 0, 0, 0, 7, 'e', 'x', 'e', 'c', 'u', 't', 'e',
                                 0,    0, 0, 0, 10, 0, 1 };
  guint64 id = GUINT64_TO_BE (session);
  guint32 length = GUINT32_TO_BE (strlen (statement));
  guint8 *at = bytes;

  memcpy (at, head, sizeof head);
  at += sizeof head;
  memcpy (at, &id, 8);
  at += 8;
  memcpy (at, "\013\0\002", 3);
  at += 3;
  memcpy (at, &length, 4);
  at += 4;
  memcpy (at, statement, strlen (statement));
  at += strlen (statement);
  *at++ = 0;
  return at - bytes;
}

static guint
count_allocations (Fixture *self, const char *statement)
{
  guint8 request[256];
  guint8 reply[8192];
  gsize length = make_request (request, self->session, statement);

  call (self, request, length, reply, sizeof reply);
  n_allocations = 0;
  is_counting = TRUE;
  for (guint i = 0; i < 100; i++)
    call (self, request, length, reply, sizeof reply);
  is_counting = FALSE;
  return n_allocations;
}

/* @data: a NebulaFraming */
static void
test_nothing_allocated (Fixture *self, gconstpointer data)
{
  g_test_summary ("a call that goes well allocates nothing, after the first one, in any framing");
  fixture_connect (self, g_object_new (NEBULA_TYPE_INTERCEPTOR, "cluster", self->cluster, "framing",
                                       GPOINTER_TO_INT (data), NULL));
  fixture_use_space (self);
  g_assert_cmpuint (count_allocations (self, "YIELD 1"), ==, 0);
  g_assert_cmpuint (count_allocations (self, "YIELD rows(10)"), ==, 0);
}

static void
test_failure_counted (Fixture *self, gconstpointer data)
{
  g_test_summary ("a failure is counted: so the counting works");
  fixture_use_space (self);
  g_assert_cmpuint (count_allocations (self, "nonsense"), >, 100);
}

static void
test_request_kept (Fixture *self, gconstpointer data)
{
  g_test_summary ("a large request is sent again from where it lies, and never copied");

  g_autofree char *note = g_strnfill (MEBIBYTE, 'x');
  g_autofree char *statement = g_strconcat ("YIELD 1 # ", note, NULL);
  g_autofree guint8 *request = g_malloc (MEBIBYTE + 256);
  guint8 reply[8192];
  gsize length;

  fixture_use_space (self);
  fixture_fault_code (self, "YIELD 1 # x", 2, -4, NULL);
  length = make_request (request, self->session, statement);
  n_large = 0;
  is_counting = TRUE;
  call (self, request, length, reply, sizeof reply);
  is_counting = FALSE;
  g_assert_cmpuint (fixture_get_attempts (self), ==, 3);
  g_assert_cmpuint (n_large, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/cost/nothing-allocated/framed", Fixture, GINT_TO_POINTER (NEBULA_FRAMING_FRAMED),
              fixture_set_up, test_nothing_allocated, fixture_tear_down);
  g_test_add ("/cost/nothing-allocated/header", Fixture, GINT_TO_POINTER (NEBULA_FRAMING_HEADER),
              fixture_set_up, test_nothing_allocated, fixture_tear_down);
  g_test_add ("/cost/nothing-allocated/unframed", Fixture,
              GINT_TO_POINTER (NEBULA_FRAMING_UNFRAMED), fixture_set_up, test_nothing_allocated,
              fixture_tear_down);
  fixture_add ("/cost/failure-counted", test_failure_counted);
  fixture_add ("/cost/request-kept", test_request_kept);
  return g_test_run ();
}
