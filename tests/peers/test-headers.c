/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"
#include "peer.h"

#include <string.h>

/* What headers carry, with servers that others wrote: what they read in ours, and what they do to
 * their replies. */

typedef struct
{
  const char *path;
  const char *variable;
  const char *package;
  const char *mode;
  NebulaFraming framing;
  void (*run) (Fixture *fixture);
} Case;

/* @statement: returns a text */
static void
assert_text (Fixture *self, const char *statement, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaThriftExecutionResponse) response = fixture_query (self, statement, &error);
  NebulaThriftRow *row;
  NebulaThriftValue *value;

  g_assert_no_error (error);
  g_assert_cmpint (response->error_code, ==, 0);
  row = response->data->rows->pdata[0];
  value = row->values->pdata[0];
  g_assert_cmpmem (value->sVal->data, value->sVal->len, expected, strlen (expected));
}

static void
assert_timeout (Fixture *self, const char *expected)
{
  assert_text (self, "RETURN timeout", expected);
}

static void
run_client (Fixture *self)
{
  g_test_summary ("the server reads who asks, in the first request and in no other");
  fixture_log_in (self);
  assert_text (self, "RETURN client", "{\"agent\":\"nebula-interceptor/" NEBULA_VERSION "\"},");
}

static void
run_no_client (Fixture *self)
{
  g_test_summary ("and nothing of it where there is no header");
  fixture_log_in (self);
  assert_text (self, "RETURN client", ",");
}

static void
run_timeout (Fixture *self)
{
  g_test_summary ("the server reads how long the reply is waited for");
  fixture_log_in (self);
  assert_timeout (self, "120000");
  fixture_set_policy (self, "attempt-timeout", (gint64) 5500 * 1000, NULL);
  assert_timeout (self, "5500");
  fixture_set_policy (self, "total-timeout", (gint64) 0, NULL);
  assert_timeout (self, "");
}

static void
run_no_timeout (Fixture *self)
{
  g_test_summary ("a server that takes all kinds gets no header in the others");
  fixture_log_in (self);
  assert_timeout (self, "");
}

static void
run_compressed (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaThriftExecutionResponse) response = NULL;
  NebulaThriftRow *row;
  NebulaThriftValue *value;

  g_test_summary ("replies that the server compresses come as they were");
  fixture_use_space (self);
  assert_timeout (self, "120000");
  response = fixture_query (self, "RETURN rows", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (response->data->rows->len, ==, 20000);
  row = response->data->rows->pdata[19999];
  value = row->values->pdata[1];
  g_assert_cmpmem (value->sVal->data, value->sVal->len, "row 19999", 9);
}

static void
run_grown (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a reply that is small on the way and too large behind it is refused");
  g_object_set (self->interceptor, "max-frame-size", 500000, NULL);
  fixture_log_in (self);
  g_assert_cmpint (fixture_execute (self, "RETURN rows", &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_nonnull (strstr (error->message,
                            "sent a compressed frame that grows beyond max-frame-size (500000 bytes)"));
  assert_timeout (self, "120000");
}

#define CPP "PEER_CPP", "server on Thrift's C++ library (libthrift-dev)"
#define PYTHON "PEER_PYTHON", "server on Thrift's Python library (python3-thrift)"

static const Case cases[] = {
  { "cpp/timeout", CPP, "header", NEBULA_FRAMING_HEADER, run_timeout },
  { "cpp/no-timeout", CPP, "framed", NEBULA_FRAMING_FRAMED, run_no_timeout },
  { "cpp/client", CPP, "header", NEBULA_FRAMING_HEADER, run_client },
  { "cpp/no-client", CPP, "framed", NEBULA_FRAMING_FRAMED, run_no_client },
  { "cpp/compressed", CPP, "header-zlib", NEBULA_FRAMING_HEADER, run_compressed },
  { "cpp/grown", CPP, "header-zlib", NEBULA_FRAMING_HEADER, run_grown },
  { "python/timeout", PYTHON, "header", NEBULA_FRAMING_HEADER, run_timeout },
  { "python/no-timeout", PYTHON, "framed", NEBULA_FRAMING_FRAMED, run_no_timeout },
  { "python/client", PYTHON, "header", NEBULA_FRAMING_HEADER, run_client },
  { "python/no-client", PYTHON, "framed", NEBULA_FRAMING_FRAMED, run_no_client },
  { "python/compressed", PYTHON, "header-zlib", NEBULA_FRAMING_HEADER, run_compressed },
  { "python/grown", PYTHON, "header-zlib", NEBULA_FRAMING_HEADER, run_grown },
};

static void
test_case (gconstpointer data)
{
  const Case *self = data;
  g_autofree char *endpoint = NULL;
  Fixture fixture = { 0 };
  Peer *peer;

  if (peer_is_missing (self->variable, self->package))
    return;
  peer = peer_start (self->variable, self->mode);
  endpoint = g_strconcat ("127.0.0.1:", peer_get_first_line (peer), NULL);
  fixture_set_up_client (&fixture, endpoint);
  fixture_connect (&fixture, g_object_new (NEBULA_TYPE_INTERCEPTOR, "cluster", fixture.cluster,
                                           "framing", self->framing, NULL));
  self->run (&fixture);
  fixture_tear_down_client (&fixture);
  peer_stop (peer);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/headers/", cases[i].path, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  return g_test_run ();
}
