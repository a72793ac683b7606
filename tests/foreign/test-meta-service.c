/* SPDX-License-Identifier: Apache-2.0 */
#include "meta_meta_service.h"
#include "nebula-fixture.h"
#include "raw-peer.h"

/* A service of which the interceptor knows nothing, and what changes when it is told. */

#define LEADER_CHANGED (-4)
#define EXISTED (-2002)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MetaExecReply, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MetaSpacesReply, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MetaHostsReply, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MetaBalanceReply, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MetaHostAddr, g_object_unref)

/* What a user would write down. */
static const NebulaMethodInfo methods[] = {
  { "MetaService", "createSpace", NEBULA_METHOD_NONE, 1, 0 },
  { "MetaService", "dropSpace", NEBULA_METHOD_IDEMPOTENT, 1, 0 },
  { "MetaService", "listSpaces", NEBULA_METHOD_READ_ONLY, 1, 0 },
  { "MetaService", "listHosts", NEBULA_METHOD_READ_ONLY, 4, 2 },
  { "MetaService", "balance", NEBULA_METHOD_NONE, 0, 0 },
  { "MetaService", "audit", NEBULA_METHOD_READ_ONLY, 1, 0 },
  { "MetaService", "execute", NEBULA_METHOD_READ_ONLY, 1, 0 },
  { "MetaService", "heartBeat", NEBULA_METHOD_ONEWAY | NEBULA_METHOD_IDEMPOTENT, 0, 0 },
};

/* A metad: its first answers have a code, the others are good. */
typedef struct
{
  gint32 code;
  guint n_failures;
  guint n_calls; /* atomic */
} Metad;

typedef struct
{
  Fixture road;
  Metad metads[2];
  RawPeer *peers[2];
  MetaMetaServiceIf *meta; /* (owned) */
} Meta;

static void
append_field (GByteArray *bytes, guint8 type, guint8 id)
{
  const guint8 head[] = { type, 0, id };

  g_byte_array_append (bytes, head, sizeof head);
}

static void
append_i32 (GByteArray *bytes, guint8 id, gint32 value)
{
  gint32 number = GINT32_TO_BE (value);

  append_field (bytes, 8, id);
  g_byte_array_append (bytes, (const guint8 *) &number, 4);
}

static void
append_text (GByteArray *bytes, guint8 id, const char *text)
{
  guint32 length = GUINT32_TO_BE (strlen (text));

  append_field (bytes, 11, id);
  g_byte_array_append (bytes, (const guint8 *) &length, 4);
  g_byte_array_append (bytes, (const guint8 *) text, strlen (text));
}

/* The address of the leader. */
static void
append_leader (GByteArray *bytes, guint8 id)
{
  append_field (bytes, 12, id);
  append_text (bytes, 1, "meta2");
  append_i32 (bytes, 2, 9559);
  g_byte_array_append (bytes, (const guint8 *) "", 1);
}

static void
append_result (GByteArray *frame, const char *method, gint32 code)
{
  if (strcmp (method, "count") == 0)
    {
      append_i32 (frame, 0, code);
      return;
    }
  append_field (frame, 12, 0);
  if (strcmp (method, "listHosts") == 0)
    {
      append_text (frame, 2, "not the leader");
      append_i32 (frame, 4, code);
    }
  else
    {
      append_i32 (frame, 1, code);
    }
  if (strcmp (method, "listSpaces") == 0)
    append_leader (frame, 2);
  if (strcmp (method, "createSpace") == 0 || strcmp (method, "dropSpace") == 0
      || strcmp (method, "execute") == 0)
    append_leader (frame, 3);
  g_byte_array_append (frame, (const guint8 *) "", 1);
}

/* The exception that audit declares, with a code that is not the reply's. */
static void
append_refused (GByteArray *frame)
{
  append_field (frame, 12, 1);
  append_i32 (frame, 1, LEADER_CHANGED);
  append_text (frame, 2, "not today");
  g_byte_array_append (frame, (const guint8 *) "", 1);
}

static void
append_be32 (GByteArray *bytes, guint32 value)
{
  value = GUINT32_TO_BE (value);
  g_byte_array_append (bytes, (const guint8 *) &value, sizeof value);
}

static gboolean
answer (int fd, const char *method, gint32 sequence, gpointer data)
{
  Metad *self = data;
  gint32 code = (guint) g_atomic_int_add (&self->n_calls, 1) < self->n_failures ? self->code : 0;
  g_autoptr (GByteArray) body = g_byte_array_new ();
  g_autoptr (GByteArray) frame = g_byte_array_new ();

  if (strcmp (method, "heartBeat") == 0)
    return TRUE;
  append_be32 (body, 0x80010002);
  append_be32 (body, strlen (method));
  g_byte_array_append (body, (const guint8 *) method, strlen (method));
  append_be32 (body, sequence);
  if (strcmp (method, "audit") == 0)
    append_refused (body);
  else
    append_result (body, method, code);
  g_byte_array_append (body, (const guint8 *) "", 1);
  append_be32 (frame, body->len);
  g_byte_array_append (frame, body->data, body->len);
  return raw_peer_send (fd, frame->data, frame->len);
}

/* @data: not NULL when the cluster is told of the methods. */
static void
set_up (Meta *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *endpoints = NULL;

  for (guint i = 0; i < 2; i++)
    self->peers[i] = raw_peer_new (answer, &self->metads[i]);
  endpoints = g_strdup_printf ("%s,%s", raw_peer_get_address (self->peers[0]),
                               raw_peer_get_address (self->peers[1]));
  fixture_set_up_client (&self->road, endpoints);
  if (data != NULL)
    {
      nebula_cluster_add_methods (self->road.cluster, methods, G_N_ELEMENTS (methods), &error);
      g_assert_no_error (error);
    }
  self->meta = g_object_new (META_TYPE_META_SERVICE_CLIENT, "input_protocol", self->road.protocol,
                             "output_protocol", self->road.protocol, NULL);
  fixture_open (&self->road);
}

static void
tear_down (Meta *self, gconstpointer data)
{
  g_clear_object (&self->meta);
  fixture_tear_down_client (&self->road);
  for (guint i = 0; i < 2; i++)
    raw_peer_free (self->peers[i]);
}

/* What the metads answer from now on: @code to the first @n_failures calls of each. */
static void
fail (Meta *self, gint32 code, guint n_failures)
{
  for (guint i = 0; i < 2; i++)
    {
      self->metads[i].code = code;
      self->metads[i].n_failures = n_failures;
      g_atomic_int_set (&self->metads[i].n_calls, 0);
    }
}

static guint
count_calls (Meta *self)
{
  return g_atomic_int_get (&self->metads[0].n_calls) + g_atomic_int_get (&self->metads[1].n_calls);
}

/* Returns: (transfer full): what the stub made of it */
static MetaSpacesReply *
list_spaces (Meta *self)
{
  MetaSpacesReply *reply = g_object_new (META_TYPE_SPACES_REPLY, NULL);
  g_autoptr (GError) error = NULL;

  meta_meta_service_client_list_spaces (self->meta, &reply, &error);
  g_assert_no_error (error);
  return reply;
}

static gint32
change (Meta *self,
        gboolean (*func) (MetaMetaServiceIf *, MetaExecReply **, const gchar *, GError **))
{
  g_autoptr (MetaExecReply) reply = g_object_new (META_TYPE_EXEC_REPLY, NULL);
  g_autoptr (GError) error = NULL;

  func (self->meta, &reply, "garden", &error);
  g_assert_no_error (error);
  if (reply->code != 0)
    g_assert_cmpstr (reply->leader->host, ==, "meta2");
  return reply->code;
}

static void
test_untold (Meta *self, gconstpointer data)
{
  g_autoptr (MetaSpacesReply) reply = NULL;
  g_autoptr (NebulaCallReport) report = NULL;

  g_test_summary ("nothing is known: a code in field 1 is seen, and nothing is called twice");
  fail (self, LEADER_CHANGED, 1);
  reply = list_spaces (self);
  g_assert_cmpint (reply->code, ==, LEADER_CHANGED);
  g_assert_cmpstr (reply->leader->host, ==, "meta2");
  g_assert_cmpint (reply->leader->port, ==, 9559);
  g_assert_cmpuint (count_calls (self), ==, 1);
  g_assert_cmpint (fixture_get_last_cause (&self->road), ==, NEBULA_CAUSE_LEADER);
  report = nebula_interceptor_get_last_report (self->road.interceptor);
  g_assert_cmpstr (nebula_call_report_get_method (report), ==, "listSpaces");
}

static void
test_untold_error (Meta *self, gconstpointer data)
{
  g_autoptr (MetaSpacesReply) reply = g_object_new (META_TYPE_SPACES_REPLY, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("it can be had as an error, which says that it may have been applied");
  g_object_set (self->road.interceptor, "surface-errors", NEBULA_SURFACE_ERRORS, NULL);
  fail (self, LEADER_CHANGED, 1);
  g_assert_false (meta_meta_service_client_list_spaces (self->meta, &reply, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_cmpint (nebula_error_get_code (error), ==, LEADER_CHANGED);
  g_assert_true (nebula_error_may_have_been_applied (error));
  g_assert_true (g_str_has_prefix (error->message, "listSpaces: "));
}

static void
test_no_code (Meta *self, gconstpointer data)
{
  static const gint32 numbers[] = { 0, 1, 4, -70000, G_MININT32 };

  g_test_summary ("a number in field 1 that is no code of NebulaGraph's is a number");
  g_object_set (self->road.interceptor, "surface-errors", NEBULA_SURFACE_ERRORS, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr (MetaBalanceReply) reply = g_object_new (META_TYPE_BALANCE_REPLY, NULL);
      g_autoptr (GError) error = NULL;
      gint32 count = -1;

      fail (self, numbers[i], 2);
      meta_meta_service_client_balance (self->meta, &reply, &error);
      g_assert_no_error (error);
      g_assert_cmpint (reply->difference, ==, numbers[i]);
      meta_meta_service_client_count (self->meta, &count, &error);
      g_assert_no_error (error);
      g_assert_cmpint (count, ==, numbers[i]);
    }
}

static void
test_told_no_code (Meta *self, gconstpointer data)
{
  g_autoptr (MetaBalanceReply) reply = g_object_new (META_TYPE_BALANCE_REPLY, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("where there is said to be none, not even a code of NebulaGraph's is one");
  g_object_set (self->road.interceptor, "surface-errors", NEBULA_SURFACE_ERRORS, NULL);
  fail (self, LEADER_CHANGED, 1);
  meta_meta_service_client_balance (self->meta, &reply, &error);
  g_assert_no_error (error);
  g_assert_cmpint (reply->difference, ==, LEADER_CHANGED);
}

static void
test_read_again (Meta *self, gconstpointer data)
{
  g_autoptr (MetaSpacesReply) reply = NULL;

  g_test_summary ("what reads is called again, at another endpoint when the leader is elsewhere");
  fail (self, LEADER_CHANGED, 1);
  reply = list_spaces (self);
  g_assert_cmpint (reply->code, ==, 0);
  g_assert_cmpuint (fixture_get_attempts (&self->road), ==, 3);
  g_assert_cmpint (g_atomic_int_get (&self->metads[0].n_calls), >=, 1);
  g_assert_cmpint (g_atomic_int_get (&self->metads[1].n_calls), >=, 1);
}

static void
test_change (Meta *self, gconstpointer data)
{
  g_test_summary ("what changes something is called again only when it may be");
  fail (self, LEADER_CHANGED, 1);
  g_assert_cmpint (change (self, meta_meta_service_client_create_space), ==, LEADER_CHANGED);
  g_assert_cmpuint (count_calls (self), ==, 1);

  fail (self, LEADER_CHANGED, 1);
  g_assert_cmpint (change (self, meta_meta_service_client_drop_space), ==, 0);
  g_assert_cmpuint (count_calls (self), ==, 3);

  fail (self, EXISTED, 1);
  g_assert_cmpint (change (self, meta_meta_service_client_drop_space), ==, EXISTED);
  g_assert_cmpuint (count_calls (self), ==, 1);
}

static void
test_same_name (Meta *self, gconstpointer data)
{
  g_test_summary ("a method may have the name of one of graphd's, when the service is said");
  g_object_set (self->road.interceptor, "service", NEBULA_SERVICE_OTHER, NULL);
  fail (self, LEADER_CHANGED, 1);
  g_assert_cmpint (change (self, meta_meta_service_client_execute), ==, 0);
  g_assert_cmpuint (count_calls (self), ==, 3);
}

static void
test_other_fields (Meta *self, gconstpointer data)
{
  g_autoptr (MetaHostsReply) reply = g_object_new (META_TYPE_HOSTS_REPLY, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("code and text are where they are said to be");
  g_object_set (self->road.interceptor, "surface-errors", NEBULA_SURFACE_ERRORS, NULL);
  fail (self, EXISTED, 9);
  g_assert_false (meta_meta_service_client_list_hosts (self->meta, &reply, &error));
  g_assert_cmpint (nebula_error_get_code (error), ==, EXISTED);
  g_assert_nonnull (strstr (error->message, "not the leader"));
}

static void
test_declared_exception (Meta *self, gconstpointer data)
{
  g_autoptr (MetaSpacesReply) reply = g_object_new (META_TYPE_SPACES_REPLY, NULL);
  MetaRefused *refused = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("an exception that the IDL declares is the stub's, whatever is in it");
  g_object_set (self->road.interceptor, "surface-errors", NEBULA_SURFACE_ERRORS, NULL);
  g_assert_false (meta_meta_service_client_audit (self->meta, &reply, &refused, &error));
  g_assert_nonnull (refused);
  g_assert_cmpstr (refused->why, ==, "not today");
  g_assert_cmpuint (count_calls (self), ==, 1);
  g_object_unref (refused);
}

static void
test_oneway (Meta *self, gconstpointer data)
{
  g_autoptr (MetaHostAddr) host = NULL;
  g_autoptr (MetaSpacesReply) reply = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("what is never answered is not waited for");
  host = g_object_new (META_TYPE_HOST_ADDR, "host", "storage1", "port", 9779, NULL);
  meta_meta_service_client_heart_beat (self->meta, host, &error);
  g_assert_no_error (error);
  reply = list_spaces (self);
  g_assert_cmpint (reply->code, ==, 0);
}

static void
test_policy (Meta *self, gconstpointer data)
{
  static const char json[]
    = "{\"methodConfig\": [{\"name\": [{\"service\": \"MetaService\", \"method\": \"listSpaces\"}],"
      " \"retryPolicy\": {\"maxAttempts\": 2, \"initialBackoff\": \"0.01s\", \"maxBackoff\": \"1s\","
      " \"backoffMultiplier\": 2, \"retryableStatusCodes\": [\"UNAVAILABLE\"]}}]}";
  g_autoptr (NebulaRetryPolicy) policy = NULL;
  g_autoptr (MetaSpacesReply) reply = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("a policy for one of the methods holds for it, by the name of its service");
  policy = nebula_retry_policy_new_from_json (json, -1, &error);
  g_assert_no_error (error);
  nebula_cluster_set_policy (self->road.cluster, policy);
  fail (self, LEADER_CHANGED, 9);
  reply = list_spaces (self);
  g_assert_cmpint (reply->code, ==, LEADER_CHANGED);
  g_assert_cmpuint (count_calls (self), ==, 2);
  g_assert_cmpint (change (self, meta_meta_service_client_drop_space), ==, LEADER_CHANGED);
  g_assert_cmpuint (count_calls (self), >, 4);
}

static void
test_too_late (Meta *self, gconstpointer data)
{
  static const NebulaMethodInfo late = { NULL, "late", NEBULA_METHOD_NONE, 1, 0 };
  g_autoptr (MetaSpacesReply) reply = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("after the first call nothing is added");
  reply = list_spaces (self);
  g_assert_false (nebula_cluster_add_methods (self->road.cluster, &late, 1, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  g_assert_cmpstr (error->message, ==, "methods are added before the first call");
}

static const struct
{
  NebulaMethodInfo info;
  const char *message;
} wrong[] = {
  { { NULL, NULL, NEBULA_METHOD_NONE, 1, 0 }, "method 1 has no name" },
  { { NULL, "", NEBULA_METHOD_NONE, 1, 0 }, "method 1 has no name" },
  { { NULL, "a", (NebulaMethodFlags) 8, 1, 0 }, "method 1 (a) has flags that are not known here" },
  { { NULL, "a", NEBULA_METHOD_NONE, 32, 0 }, "method 1 (a) has its code in a field beyond 31" },
  { { NULL, "a", NEBULA_METHOD_NONE, 1, 32 }, "method 1 (a) has its message in a field beyond 31" },
  { { NULL, "a", NEBULA_METHOD_NONE, 0, 2 }, "method 1 (a) has a message without a code" },
  { { NULL, "a", NEBULA_METHOD_NONE, 2, 2 },
    "method 1 (a) has its code and its message in one field" },
  { { NULL, "a", NEBULA_METHOD_ONEWAY, 1, 0 },
    "method 1 (a) is never answered, and so has no code" },
  { { NULL, "good", NEBULA_METHOD_NONE, 1, 0 }, "method 1 (good) is known already" },
};

static void
test_wrong (void)
{
  g_autoptr (NebulaCluster) cluster = nebula_cluster_new ("localhost", NULL);
  const NebulaMethodInfo good = { "Service", "good", NEBULA_METHOD_READ_ONLY, 31, 30 };

  g_test_summary ("each mistake has its own error, and then none of the methods is added");
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      const NebulaMethodInfo both[] = { good, wrong[i].info };
      g_autoptr (GError) error = NULL;

      g_assert_false (nebula_cluster_add_methods (cluster, both, 2, &error));
      g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT);
      g_assert_cmpstr (error->message, ==, wrong[i].message);
    }
  g_assert_true (nebula_cluster_add_methods (cluster, &good, 1, NULL));
  g_assert_true (nebula_cluster_add_methods (cluster, NULL, 0, NULL));
}

#define TOLD GINT_TO_POINTER (TRUE)

#define add(path, data, func) g_test_add (path, Meta, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/meta-service/untold", NULL, test_untold);
  add ("/meta-service/untold-error", NULL, test_untold_error);
  add ("/meta-service/no-code", NULL, test_no_code);
  add ("/meta-service/told-no-code", TOLD, test_told_no_code);
  add ("/meta-service/read-again", TOLD, test_read_again);
  add ("/meta-service/change", TOLD, test_change);
  add ("/meta-service/same-name", TOLD, test_same_name);
  add ("/meta-service/other-fields", TOLD, test_other_fields);
  add ("/meta-service/declared-exception", TOLD, test_declared_exception);
  add ("/meta-service/oneway", TOLD, test_oneway);
  add ("/meta-service/policy", TOLD, test_policy);
  add ("/meta-service/too-late", TOLD, test_too_late);
  g_test_add_func ("/meta-service/wrong", test_wrong);
  return g_test_run ();
}
