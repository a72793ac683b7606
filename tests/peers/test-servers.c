/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"
#include "peer.h"
#include "values.h"

#include <string.h>

/* Our stubs and the interceptor against servers that others wrote: what they answer is in
 * README.md, and is written down here once more, by hand. */

#define FIRST_SESSION 1001

#define VID_TEXT \
  "Storage Error: The VID must be a 64-bit integer or a string fitting space vertex id length limit."

typedef struct
{
  const char *name;
  const char *variable;
  const char *package;
} Language;

static const Language languages[] = {
  { "cpp", "PEER_CPP", "server on Thrift's C++ library (libthrift-dev)" },
  { "python", "PEER_PYTHON", "server on Thrift's Python library (python3-thrift)" },
};

/* In the order of NebulaFraming. */
static const char *const framings[] = { "framed", "header", "unframed" };

typedef struct
{
  const Language *language;
  NebulaFraming framing;
  void (*run) (Fixture *fixture);
} Case;

static GByteArray *
bytes_of (const char *text)
{
  return g_byte_array_append (g_byte_array_new (), (const guint8 *) text, strlen (text));
}

static GPtrArray *
every_value (void)
{
  NebulaThriftDataSet *inner = g_object_new (NEBULA_THRIFT_TYPE_DATA_SET, NULL);
  GPtrArray *values = g_ptr_array_new_with_free_func (g_object_unref);

  data_set_column (inner, "n");
  data_set_row (inner, value_int (1), NULL);

  g_ptr_array_add (values, value_empty ());
  g_ptr_array_add (values, value_null (NEBULA_THRIFT_NULL_TYPE_BAD_TYPE));
  g_ptr_array_add (values, value_bool (TRUE));
  g_ptr_array_add (values, value_int (G_MININT64));
  g_ptr_array_add (values, value_float (-0.5));
  g_ptr_array_add (values, value_binary ("\0\xff caf\xc3\xa9", 8));
  g_ptr_array_add (values, value_date (2024, 2, 29));
  g_ptr_array_add (values, value_time (23, 59, 58, 999999));
  g_ptr_array_add (values, value_date_time (-44, 3, 12, 1));
  g_ptr_array_add (values, value_vertex (vertex_new ("ann", "person", NULL)));
  g_ptr_array_add (values, value_edge ("ann", "bob", -1));
  g_ptr_array_add (values, value_path (vertex_new ("ann", "person", NULL),
                                       vertex_new ("bob", NULL), NULL));
  g_ptr_array_add (values, value_list (value_int (1), value_string ("two"), NULL));
  g_ptr_array_add (values, value_map ("one", value_int (1), NULL));
  g_ptr_array_add (values, value_set (value_int (1), value_int (2), NULL));
  g_ptr_array_add (values, value_data_set (inner));
  g_ptr_array_add (values, value_point (1.5, -2.5));
  g_ptr_array_add (values, value_line (3));
  g_ptr_array_add (values, value_polygon (1, 4));
  g_ptr_array_add (values, value_duration (86400, 500, 13));
  return values;
}

static NebulaThriftRow *
row_of (NebulaThriftExecutionResponse *response, guint index)
{
  g_assert_nonnull (response);
  g_assert_cmpint (response->error_code, ==, 0);
  g_assert_cmpuint (index, <, response->data->rows->len);
  return response->data->rows->pdata[index];
}

static void
assert_row (NebulaThriftRow *row, GPtrArray *expected)
{
  g_assert_cmpuint (row->values->len, ==, expected->len);
  for (guint i = 0; i < expected->len; i++)
    if (!values_equal (row->values->pdata[i], expected->pdata[i]))
      {
        g_test_message ("value %u is not as it was sent", i);
        g_test_fail ();
      }
}

static void
assert_bytes (GByteArray *bytes, const char *expected)
{
  g_assert_nonnull (bytes);
  g_assert_cmpmem (bytes->data, bytes->len, expected, strlen (expected));
}

/* What the server calls the session that a statement runs in. */
static gint64
get_session (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaThriftExecutionResponse) response
    = fixture_query (self, "RETURN session", &error);
  NebulaThriftValue *value;

  g_assert_no_error (error);
  value = row_of (response, 0)->values->pdata[0];
  return value->iVal;
}

static void
run_values (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaThriftExecutionResponse) response = NULL;
  g_autoptr (GPtrArray) expected = every_value ();

  g_test_summary ("a value of every kind comes as it was sent");
  fixture_log_in (self);
  response = fixture_query (self, "RETURN values", &error);
  g_assert_no_error (error);
  assert_row (row_of (response, 0), expected);
  assert_bytes (response->data->column_names->pdata[19], "19");
}

static void
run_parameters (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaThriftExecutionResponse) response = NULL;
  g_autoptr (GByteArray) statement = bytes_of ("RETURN $p");
  g_autoptr (GPtrArray) values = every_value ();
  g_autoptr (GHashTable) parameters
    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_test_summary ("a value of every kind is read by the server as our stub writes it");
  /* A set of values: Python cannot hold one. */
  g_ptr_array_remove_index (values, 14);
  for (guint i = 0; i < values->len; i++)
    g_hash_table_insert (parameters, g_strdup_printf ("%02u", i), values->pdata[i]);
  fixture_log_in (self);
  response = g_object_new (NEBULA_THRIFT_TYPE_EXECUTION_RESPONSE, NULL);
  nebula_thrift_graph_service_client_execute_with_parameter (
    self->client, &response, self->session, statement, parameters, &error);
  g_assert_no_error (error);
  assert_row (row_of (response, 0), values);
}

static void
run_rows (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaThriftExecutionResponse) response = NULL;

  g_test_summary ("a large result comes whole");
  fixture_log_in (self);
  response = fixture_query (self, "RETURN rows", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (response->data->rows->len, ==, 20000);
  for (guint i = 0; i < 20000; i++)
    {
      GPtrArray *values = row_of (response, i)->values;
      g_autofree char *text = g_strdup_printf ("row %u", i);

      g_assert_cmpint (((NebulaThriftValue *) values->pdata[0])->iVal, ==, i);
      assert_bytes (((NebulaThriftValue *) values->pdata[1])->sVal, text);
    }
}

static void
run_failure (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaThriftExecutionResponse) response = NULL;

  g_test_summary ("a failure for good is handed over at once, as it came");
  fixture_log_in (self);
  response = fixture_query (self, "RETURN vid", &error);
  g_assert_no_error (error);
  g_assert_cmpint (response->error_code, ==, -1005);
  assert_bytes (response->error_msg, VID_TEXT);
  g_assert_cmpuint (fixture_get_attempts (self), ==, 1);
  g_assert_cmpint (fixture_get_last_cause (self), ==, NEBULA_CAUSE_DATA);
}

static void
run_leader (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("two replies from where the leader is no more, and then the third is a success");
  fixture_log_in (self);
  g_assert_cmpint (fixture_execute (self, "RETURN leader", &error), ==, 0);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture_get_attempts (self), ==, 3);
  g_assert_cmpint (fixture_get_last_cause (self), ==, NEBULA_CAUSE_LEADER);
}

static void
run_expired (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaThriftExecutionResponse) response = NULL;

  g_test_summary ("a session that the server forgot is renewed, and its space set again");
  fixture_use_space (self);
  g_assert_cmpint (self->session, ==, FIRST_SESSION);
  g_assert_cmpint (get_session (self), ==, FIRST_SESSION);
  g_assert_cmpint (fixture_execute (self, "EXPIRE SESSION", &error), ==, 0);
  g_assert_no_error (error);

  g_assert_cmpint (get_session (self), ==, FIRST_SESSION + 1);
  response = fixture_query (self, "RETURN 1", &error);
  g_assert_no_error (error);
  assert_bytes (response->space_name, "test");
}

static void
run_json (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL;

  g_test_summary ("JSON: a lost session is renewed, a failure is handed over");
  fixture_use_space (self);
  g_assert_cmpint (fixture_execute (self, "EXPIRE SESSION", &error), ==, 0);
  json = fixture_execute_json (self, "RETURN 1", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (json, ==, "{\"errors\":[{\"code\":0}],\"results\":[{\"spaceName\":\"test\"}]}");

  g_free (json);
  json = fixture_execute_json (self, "RETURN vid", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (json, ==, "{\"errors\":[{\"code\":-1005,\"message\":\"" VID_TEXT "\"}],"
                             "\"results\":[{\"spaceName\":\"test\"}]}");
  g_assert_cmpint (fixture_get_last_cause (self), ==, NEBULA_CAUSE_DATA);
}

static void
run_refused (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a wrong password is refused once");
  fixture_open (self);
  g_assert_cmpint (fixture_authenticate (self, "wrong", &error), ==, -1001);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture_get_attempts (self), ==, 1);
}

static void
run_signout (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  gint64 gone;

  g_test_summary ("nothing is awaited after a sign-out, and the connection goes on");
  fixture_log_in (self);
  gone = self->session;
  nebula_thrift_graph_service_client_signout (self->client, gone, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fixture_authenticate (self, "nebula", &error), ==, 0);
  g_assert_cmpint (get_session (self), ==, FIRST_SESSION + 1);
  self->session = gone;
  g_assert_cmpint (fixture_execute (self, "RETURN 1", &error), ==, -1002);
  g_assert_no_error (error);
}

static void
test_case (gconstpointer data)
{
  const Case *self = data;
  g_autofree char *endpoint = NULL;
  Fixture fixture = { 0 };
  Peer *peer;

  if (peer_is_missing (self->language->variable, self->language->package))
    return;
  peer = peer_start (self->language->variable, framings[self->framing]);
  endpoint = g_strconcat ("127.0.0.1:", peer_get_first_line (peer), NULL);
  fixture_set_up_client (&fixture, endpoint);
  fixture_connect (&fixture, g_object_new (NEBULA_TYPE_INTERCEPTOR, "cluster", fixture.cluster,
                                           "framing", self->framing, NULL));
  self->run (&fixture);
  fixture_tear_down_client (&fixture);
  peer_stop (peer);
}

static const struct
{
  const char *name;
  void (*run) (Fixture *fixture);
} runs[] = {
  { "values", run_values },   { "parameters", run_parameters },
  { "rows", run_rows },       { "failure", run_failure },
  { "leader", run_leader },   { "expired", run_expired },
  { "json", run_json },       { "refused", run_refused },
  { "signout", run_signout },
};

static void
add_cases (const Language *language, NebulaFraming framing)
{
  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    {
      g_autofree char *path
        = g_strdup_printf ("/servers/%s/%s/%s", language->name, framings[framing], runs[i].name);
      Case *data = g_new0 (Case, 1);

      data->language = language;
      data->framing = framing;
      data->run = runs[i].run;
      g_test_add_data_func_full (path, data, test_case, g_free);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    for (guint j = 0; j < G_N_ELEMENTS (framings); j++)
      add_cases (&languages[i], (NebulaFraming) j);
  return g_test_run ();
}
