/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"

#include <malloc.h>
#include <string.h>

/*
 * No memory is given back with a password in it. What the caller's thread frees is looked at; the
 * server, which knows the password too, runs in threads of its own.
 */

#define CANARY "qjzv0xk7"

extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t count, size_t size);
extern void __libc_free (void *memory);

static __thread gboolean is_watching;
static __thread guint n_found;

static void
look_at (void *memory)
{
  if (is_watching && memory != NULL
      && memmem (memory, malloc_usable_size (memory), CANARY, strlen (CANARY)) != NULL)
    n_found++;
}

/* What others left in the memory is not ours. */
void *
malloc (size_t size)
{
  return is_watching ? __libc_calloc (1, size) : __libc_malloc (size);
}

void
free (void *memory)
{
  look_at (memory);
  __libc_free (memory);
}

/* Always moves: a copy left behind would be there sometimes. */
void *
realloc (void *memory, size_t size)
{
  void *moved = malloc (size);

  if (memory == NULL || moved == NULL)
    return moved;
  memcpy (moved, memory, MIN (malloc_usable_size (memory), size));
  free (memory);
  return moved;
}

static void
start_watching (void)
{
  n_found = 0;
  is_watching = TRUE;
}

static void
assert_nothing_found (void)
{
  is_watching = FALSE;
  g_assert_cmpuint (n_found, ==, 0);
}

static void
sign_in (Fixture *self)
{
  g_assert_true (nebula_interceptor_sign_in (self->interceptor, NULL, &self->session, NULL));
}

static void
test_set (Fixture *self, gconstpointer data)
{
  g_test_summary ("credentials that were set: sign in, renew, replace, and forget");
  nebula_mock_server_add_user (self->server, "root", CANARY);
  start_watching ();
  nebula_cluster_set_credentials (self->cluster, "root", CANARY);
  sign_in (self);
  nebula_mock_server_expire_sessions (self->server);
  g_assert_cmpint (fixture_execute (self, "YIELD 1", NULL), ==, 0);
  g_assert_true (nebula_interceptor_sign_out (self->interceptor, self->session, NULL));
  nebula_cluster_set_credentials (self->cluster, "root", CANARY " and more");
  nebula_cluster_set_credentials (self->cluster, NULL, NULL);
  assert_nothing_found ();
}

static gboolean
answer (NebulaCluster *cluster,
        const char *session_user,
        char **user,
        char **password,
        gpointer user_data)
{
  *user = g_strdup ("root");
  *password = g_strdup (CANARY);
  return TRUE;
}

static void
test_asked (Fixture *self, gconstpointer data)
{
  g_test_summary ("credentials that were asked for, where none are kept");
  nebula_mock_server_add_user (self->server, "root", CANARY);
  nebula_cluster_set_keep_credentials (self->cluster, FALSE);
  nebula_cluster_set_credentials_func (self->cluster, answer, NULL, NULL);
  start_watching ();
  sign_in (self);
  nebula_mock_server_expire_sessions (self->server);
  g_assert_cmpint (fixture_execute (self, "YIELD 1", NULL), ==, 0);
  fixture_connect (self, nebula_interceptor_new (self->cluster));
  assert_nothing_found ();
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  gint64 id;

  g_test_summary ("credentials that were refused");
  start_watching ();
  nebula_cluster_set_credentials (self->cluster, "root", CANARY);
  g_assert_false (nebula_interceptor_sign_in (self->interceptor, NULL, &id, NULL));
  nebula_cluster_set_credentials (self->cluster, NULL, NULL);
  assert_nothing_found ();
}

static void
test_registered (Fixture *self, gconstpointer data)
{
  g_test_summary ("credentials of a session that was registered, and signed out");
  nebula_mock_server_add_user (self->server, "root", CANARY);
  fixture_open (self);
  start_watching ();
  nebula_cluster_add_session (self->cluster, 4711, "root", CANARY, NULL);
  self->session = 4711;
  g_assert_cmpint (fixture_execute (self, "YIELD 1", NULL), ==, 0);
  g_assert_true (nebula_interceptor_sign_out (self->interceptor, 4711, NULL));
  assert_nothing_found ();
}

/* execute (@session, "YIELD 1 #", the canary, and so many bytes), in pieces as a stub writes it. */
static void
execute_large (Fixture *self, gsize length)
{
  static const guint8 head[] = { 0x80, 1, 0, 1, 0, 0, 0, 7, 'e', 'x', 'e', 'c', 'u', 't', 'e',
                                 0,    0, 0, 0, 10, 0, 1 };
  static const char begin[] = "YIELD 1 #" CANARY;
  ThriftTransport *transport = THRIFT_TRANSPORT (self->interceptor);
  const guint64 id = GUINT64_TO_BE (self->session);
  const guint32 size = GUINT32_TO_BE (strlen (begin) + length);
  guint8 bytes[1000];

  thrift_transport_write (transport, (gpointer) head, sizeof head, NULL);
  thrift_transport_write (transport, (gpointer) &id, sizeof id, NULL);
  thrift_transport_write (transport, (gpointer) "\013\0\002", 3, NULL);
  thrift_transport_write (transport, (gpointer) &size, sizeof size, NULL);
  thrift_transport_write (transport, (gpointer) begin, strlen (begin), NULL);
  memset (bytes, 'x', sizeof bytes);
  for (; length > 0; length -= sizeof bytes)
    thrift_transport_write (transport, bytes, sizeof bytes, NULL);
  thrift_transport_write (transport, (gpointer) "", 1, NULL);
  g_assert_true (thrift_transport_flush (transport, NULL));
  g_assert_cmpint (thrift_transport_read (transport, bytes, sizeof bytes, NULL), >, 0);
}

static void
test_large (Fixture *self, gconstpointer data)
{
  static const gsize lengths[] = { 1000, 100000, 200000, 300000, 1000000, 5000000 };

  g_test_summary ("a large statement, which moves while it is written");
  fixture_log_in (self);
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      start_watching ();
      execute_large (self, lengths[i]);
      assert_nothing_found ();
    }
}

static void
test_found (Fixture *self, gconstpointer data)
{
  char *copy;

  g_test_summary ("a copy that is not wiped is found: so the looking works");
  start_watching ();
  copy = g_strdup (CANARY);
  copy = g_realloc (copy, 4000);
  g_free (copy);
  is_watching = FALSE;
  g_assert_cmpuint (n_found, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/wiped/set", test_set);
  fixture_add ("/wiped/asked", test_asked);
  fixture_add ("/wiped/refused", test_refused);
  fixture_add ("/wiped/registered", test_registered);
  fixture_add ("/wiped/large", test_large);
  fixture_add ("/wiped/found", test_found);
  return g_test_run ();
}
