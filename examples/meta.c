/* SPDX-License-Identifier: Apache-2.0 */

/* A service that is not graphd's, with stubs from its own IDL, meta.thrift: a metad whose replies
 * say with a code that another one leads. The cluster is told what the methods are and where the
 * codes lie; then what may be called twice is called again, at the next metad. */

#include "meta-server.h"
#include "meta_meta_service.h"

#include <nebula-interceptor/nebula-interceptor.h>
#include <thrift/c_glib/protocol/thrift_binary_protocol.h>

static const NebulaMethodInfo methods[] = {
  { "MetaService", "createSpace", NEBULA_METHOD_NONE, 1, 0 },
  { "MetaService", "dropSpace", NEBULA_METHOD_IDEMPOTENT, 1, 0 },
  { "MetaService", "listSpaces", NEBULA_METHOD_READ_ONLY, 1, 0 },
  { "MetaService", "listHosts", NEBULA_METHOD_READ_ONLY, 4, 2 },
};

typedef struct
{
  NebulaInterceptor *interceptor;
  MetaMetaServiceIf *client;
} Meta;

static void
print_n_attempts (Meta *self)
{
  g_autoptr (NebulaCallReport) report = nebula_interceptor_get_last_report (self->interceptor);

  g_print (", attempts: %u\n", nebula_call_report_get_n_attempts (report));
}

static void
list_spaces (Meta *self)
{
  MetaSpacesReply *reply = g_object_new (META_TYPE_SPACES_REPLY, NULL);
  g_autoptr (GError) error = NULL;

  if (meta_meta_service_if_list_spaces (self->client, &reply, &error))
    {
      g_print ("listSpaces: code %d, spaces: %u", reply->code, reply->spaces->len);
      print_n_attempts (self);
    }
  else
    {
      g_print ("%s\n", error->message);
    }
  g_object_unref (reply);
}

/* createSpace and dropSpace look alike to whoever calls them. */
static void
change (Meta *self,
        gboolean (*func) (MetaMetaServiceIf *, MetaExecReply **, const gchar *, GError **),
        const char *space)
{
  MetaExecReply *reply = g_object_new (META_TYPE_EXEC_REPLY, NULL);
  g_autoptr (GError) error = NULL;

  if (func (self->client, &reply, space, &error))
    {
      g_autoptr (NebulaCallReport) report = nebula_interceptor_get_last_report (self->interceptor);

      g_print ("%s: code %d", nebula_call_report_get_method (report), reply->code);
      /* A reply that is handed over is the program's to read, and so is the leader in it. */
      if (reply->code != 0)
        g_print (", the leader is at %s", reply->leader->host);
      print_n_attempts (self);
    }
  else
    {
      g_print ("%s\n", error->message);
    }
  g_object_unref (reply);
}

static void
list_hosts (Meta *self)
{
  MetaHostsReply *reply = g_object_new (META_TYPE_HOSTS_REPLY, NULL);
  g_autoptr (GError) error = NULL;

  if (meta_meta_service_if_list_hosts (self->client, &reply, &error))
    g_print ("listHosts: hosts: %u\n", reply->hosts->len);
  else
    g_print ("%s\n", error->message);
  g_object_unref (reply);
}

static void
run (Meta *self, MetaServers *servers)
{
  /* Whoever is asked first does not lead, and neither does he after each election. */
  list_spaces (self);

  /* It may have been done, so the program has to look before it does it again. */
  meta_servers_elect (servers);
  change (self, meta_meta_service_if_create_space, "garden");
  list_spaces (self);
  change (self, meta_meta_service_if_create_space, "garden");
  list_spaces (self);

  meta_servers_elect (servers);
  change (self, meta_meta_service_if_drop_space, "garden");

  /* As for graphd, a failure can be had as an error. */
  g_object_set (self->interceptor, "surface-errors", NEBULA_SURFACE_ERRORS, NULL);
  list_hosts (self);
}

int
main (void)
{
  g_autoptr (MetaServers) servers = meta_servers_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaCluster) cluster = NULL;
  g_autoptr (NebulaInterceptor) interceptor = NULL;
  gpointer protocol;
  Meta meta;

  cluster = nebula_cluster_new (meta_servers_get_endpoints (servers), &error);
  if (cluster == NULL
      || !nebula_cluster_add_methods (cluster, methods, G_N_ELEMENTS (methods), &error))
    g_error ("%s", error->message);

  interceptor = nebula_interceptor_new (cluster);
  protocol = g_object_new (THRIFT_TYPE_BINARY_PROTOCOL, "transport", interceptor, NULL);
  meta.interceptor = interceptor;
  meta.client = g_object_new (META_TYPE_META_SERVICE_CLIENT, "input_protocol", protocol,
                              "output_protocol", protocol, NULL);
  if (thrift_transport_open (THRIFT_TRANSPORT (interceptor), &error))
    run (&meta, servers);
  else
    g_print ("%s\n", error->message);
  g_object_unref (meta.client);
  g_object_unref (protocol);
  return error == NULL ? 0 : 1;
}
