/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoints-fixture.h"

static NebulaMockServer *
start_server (void)
{
  NebulaMockServer *server = nebula_mock_server_new ();
  g_autoptr (GError) error = NULL;

  nebula_mock_server_add_user (server, "root", "nebula");
  nebula_mock_server_add_space (server, "test");
  nebula_mock_server_start (server, NULL, 0, &error);
  g_assert_no_error (error);
  return server;
}

char *
endpoints_fixture_list (EndpointsFixture *self, const char *digits)
{
  GString *list = g_string_new (NULL);

  for (const char *c = digits; *c != '\0'; c++)
    g_string_append_printf (list, "%s%s", list->len > 0 ? "," : "",
                            nebula_mock_server_get_address (self->servers[*c - '0']));
  return g_string_free (list, FALSE);
}

/* A new interceptor, not open. */
void
endpoints_fixture_reconnect (EndpointsFixture *self)
{
  fixture_connect (&self->road, nebula_interceptor_new (self->road.cluster));
}

void
endpoints_fixture_limit (EndpointsFixture *self, guint n)
{
  g_autofree char *digits = g_strndup ("012", n);
  g_autofree char *list = endpoints_fixture_list (self, digits);
  g_autoptr (GError) error = NULL;

  g_object_unref (self->road.cluster);
  self->road.cluster = nebula_cluster_new (list, &error);
  g_assert_no_error (error);
  nebula_cluster_set_clock (self->road.cluster, NEBULA_CLOCK (self->road.clock));
  nebula_cluster_set_seed (self->road.cluster, 1);
  fixture_set_policy (&self->road, NULL);
  endpoints_fixture_reconnect (self);
}

void
endpoints_fixture_set_up (EndpointsFixture *self, gconstpointer data)
{
  fixture_set_up (&self->road, NULL);
  self->servers[0] = g_object_ref (self->road.server);
  for (guint i = 1; i < ENDPOINTS_N_SERVERS; i++)
    self->servers[i] = start_server ();
  endpoints_fixture_limit (self, ENDPOINTS_N_SERVERS);
}

void
endpoints_fixture_tear_down (EndpointsFixture *self, gconstpointer data)
{
  fixture_tear_down (&self->road, NULL);
  for (guint i = 0; i < ENDPOINTS_N_SERVERS; i++)
    {
      nebula_mock_server_stop (self->servers[i]);
      g_assert_finalize_object (self->servers[i]);
    }
}

/* @fault: (transfer full) */
void
endpoints_fixture_fault (EndpointsFixture *self, guint server, NebulaMockFault *fault)
{
  nebula_mock_server_add_fault (self->servers[server], fault);
  nebula_mock_fault_unref (fault);
}

/* As if its process had ended. */
void
endpoints_fixture_stop_listening (EndpointsFixture *self, guint server)
{
  nebula_mock_server_set_listening (self->servers[server], FALSE);
  nebula_mock_server_close_connections (self->servers[server]);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->servers[server]));
}

char *
endpoints_fixture_count_calls (EndpointsFixture *self, const char *method)
{
  GString *counts = g_string_new (NULL);

  for (guint i = 0; i < ENDPOINTS_N_SERVERS; i++)
    g_string_append_printf (counts, "%s%u", i > 0 ? " " : "",
                            nebula_mock_server_get_calls (self->servers[i], method));
  return g_string_free (counts, FALSE);
}

char *
endpoints_fixture_describe_states (EndpointsFixture *self)
{
  g_autoptr (GPtrArray) states = nebula_cluster_get_endpoint_states (self->road.cluster);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < states->len; i++)
    {
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                              nebula_endpoint_state_is_set_aside (states->pdata[i]) ? "aside"
                                                                                    : "well");
      if (nebula_endpoint_state_get_failures (states->pdata[i]) > 0)
        g_string_append_printf (text, ":%u", nebula_endpoint_state_get_failures (states->pdata[i]));
    }
  return g_string_free (text, FALSE);
}

/* Executes @statement, which has to succeed. */
void
endpoints_fixture_execute (EndpointsFixture *self, const char *statement)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (fixture_execute (&self->road, statement, &error), ==, 0);
  g_assert_no_error (error);
}
