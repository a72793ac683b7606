/* SPDX-License-Identifier: Apache-2.0 */
#include "meta-server.h"

#include "meta_meta_service.h"

#include <gio/gio.h>
#include <thrift/c_glib/protocol/thrift_binary_protocol.h>
#include <thrift/c_glib/transport/thrift_memory_buffer.h>

/* Two metads with one list of spaces: whoever does not lead says so with a code, and who does. */

#define N_SERVERS 2
#define LEADER_CHANGED (-4)
#define NO_HOSTS (-2001)

/* More than a message of these here has. */
#define MESSAGE_LIMIT 4096

#define NO_LEADER N_SERVERS

typedef struct
{
  MetaMetaServiceHandler parent_instance;

  MetaServers *servers; /* (unowned) */
  guint number;
  guint16 port;
  GSocketListener *listener; /* (owned) */
  GThread *thread;           /* (owned) */
} Metad;

typedef MetaMetaServiceHandlerClass MetadClass;

struct _MetaServers
{
  Metad *metads[N_SERVERS];  /* (owned) */
  GCancellable *cancellable; /* (owned): ends the threads */
  char *endpoints;           /* (owned) */
  GMutex lock;               /* guards all below */
  guint leader;              /* NO_LEADER: whoever is asked next is not the one */
  GPtrArray *spaces;         /* (owned) of char */
};

GType metad_get_type (void);
G_DEFINE_TYPE (Metad, metad, META_TYPE_META_SERVICE_HANDLER)

/* Returns: (nullable) (transfer full): who leads, when that is somebody else */
static MetaHostAddr *
get_other_leader (Metad *self)
{
  MetaServers *servers = self->servers;

  if (servers->leader == NO_LEADER)
    servers->leader = (self->number + 1) % N_SERVERS;
  if (servers->leader == self->number)
    return NULL;
  return g_object_new (META_TYPE_HOST_ADDR, "host", "127.0.0.1", "port",
                       servers->metads[servers->leader]->port, NULL);
}

/* Returns: whether this one leads; else @reply says who does */
static gboolean
check_leader (Metad *self, gpointer reply)
{
  MetaHostAddr *leader = get_other_leader (self);

  g_object_set (reply, "code", leader == NULL ? 0 : LEADER_CHANGED, NULL);
  if (leader == NULL)
    return TRUE;
  g_object_set (reply, "leader", leader, NULL);
  g_object_unref (leader);
  return FALSE;
}

static gboolean
create_space (MetaMetaServiceIf *iface, MetaExecReply **reply, const char *name, GError **error)
{
  Metad *self = (Metad *) iface;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->servers->lock);

  if (check_leader (self, *reply))
    g_ptr_array_add (self->servers->spaces, g_strdup (name));
  return TRUE;
}

static gboolean
drop_space (MetaMetaServiceIf *iface, MetaExecReply **reply, const char *name, GError **error)
{
  Metad *self = (Metad *) iface;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->servers->lock);
  GPtrArray *spaces = self->servers->spaces;
  guint index;

  if (check_leader (self, *reply)
      && g_ptr_array_find_with_equal_func (spaces, name, g_str_equal, &index))
    g_ptr_array_remove_index (spaces, index);
  return TRUE;
}

static gboolean
list_spaces (MetaMetaServiceIf *iface, MetaSpacesReply **reply, GError **error)
{
  Metad *self = (Metad *) iface;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->servers->lock);

  if (check_leader (self, *reply))
    g_object_set (*reply, "spaces", self->servers->spaces, NULL);
  return TRUE;
}

static gboolean
list_hosts (MetaMetaServiceIf *iface, MetaHostsReply **reply, GError **error)
{
  g_object_set (*reply, "code", NO_HOSTS, "reason", "no storaged has signed on", NULL);
  return TRUE;
}

static void
metad_class_init (MetadClass *klass)
{
  klass->create_space = create_space;
  klass->drop_space = drop_space;
  klass->list_spaces = list_spaces;
  klass->list_hosts = list_hosts;
}

static void
metad_init (Metad *self)
{
}

/* ---- frames: what c_glib's own server has, but for an end */

static gpointer
new_protocol (GByteArray *bytes)
{
  gpointer buffer = g_object_new (THRIFT_TYPE_MEMORY_BUFFER, "buf", bytes, "buf_size",
                                  MESSAGE_LIMIT, "owner", FALSE, NULL);
  gpointer protocol = g_object_new (THRIFT_TYPE_BINARY_PROTOCOL, "transport", buffer, NULL);

  g_object_unref (buffer);
  return protocol;
}

/* Returns: (transfer full): the reply to a request, both without a frame */
static GByteArray *
process (Metad *self, GByteArray *request)
{
  GByteArray *reply = g_byte_array_new ();
  gpointer in = new_protocol (request), out = new_protocol (reply);
  gpointer processor = g_object_new (META_TYPE_META_SERVICE_PROCESSOR, "handler", self, NULL);

  thrift_processor_process (processor, in, out, NULL);
  g_object_unref (processor);
  g_object_unref (in);
  g_object_unref (out);
  return reply;
}

static gboolean
serve_call (Metad *self, GIOStream *stream)
{
  GInputStream *in = g_io_stream_get_input_stream (stream);
  GOutputStream *out = g_io_stream_get_output_stream (stream);
  GCancellable *cancellable = self->servers->cancellable;
  g_autoptr (GByteArray) request = g_byte_array_new ();
  g_autoptr (GByteArray) reply = NULL;
  guint32 length;
  gsize count;

  if (!g_input_stream_read_all (in, &length, 4, &count, cancellable, NULL) || count < 4)
    return FALSE;
  length = GUINT32_FROM_BE (length);
  if (length > MESSAGE_LIMIT)
    return FALSE;
  g_byte_array_set_size (request, length);
  if (!g_input_stream_read_all (in, request->data, length, &count, cancellable, NULL)
      || count < length)
    return FALSE;
  reply = process (self, request);
  length = GUINT32_TO_BE (reply->len);
  g_byte_array_prepend (reply, (const guint8 *) &length, 4);
  return g_output_stream_write_all (out, reply->data, reply->len, NULL, cancellable, NULL);
}

/* One client at a time, until the servers are freed. */
static gpointer
serve (gpointer data)
{
  Metad *self = data;
  GSocketConnection *connection;

  while (
    (connection = g_socket_listener_accept (self->listener, NULL, self->servers->cancellable, NULL))
    != NULL)
    {
      while (serve_call (self, G_IO_STREAM (connection)))
        ;
      g_object_unref (connection);
    }
  return NULL;
}

static void
listen_on_loopback (Metad *self)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  self->listener = g_socket_listener_new ();
  if (!g_socket_listener_add_address (self->listener, wanted, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &address, &error))
    g_error ("%s", error->message);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

/* Returns: (transfer full): two that listen */
MetaServers *
meta_servers_new (void)
{
  MetaServers *self = g_new0 (MetaServers, 1);

  g_mutex_init (&self->lock);
  self->cancellable = g_cancellable_new ();
  self->spaces = g_ptr_array_new_with_free_func (g_free);
  self->leader = NO_LEADER;
  for (guint i = 0; i < N_SERVERS; i++)
    {
      self->metads[i] = g_object_new (metad_get_type (), NULL);
      self->metads[i]->servers = self;
      self->metads[i]->number = i;
      listen_on_loopback (self->metads[i]);
    }
  self->endpoints = g_strdup_printf ("127.0.0.1:%u,127.0.0.1:%u", self->metads[0]->port,
                                     self->metads[1]->port);
  for (guint i = 0; i < N_SERVERS; i++)
    self->metads[i]->thread = g_thread_new ("metad", serve, self->metads[i]);
  return self;
}

/* Returns: (transfer none): both of them, as nebula_cluster_new() takes them */
const char *
meta_servers_get_endpoints (MetaServers *self)
{
  return self->endpoints;
}

/* The lead is lost: whoever is asked next is told that the other one has it. */
void
meta_servers_elect (MetaServers *self)
{
  g_mutex_lock (&self->lock);
  self->leader = NO_LEADER;
  g_mutex_unlock (&self->lock);
}

void
meta_servers_free (MetaServers *self)
{
  g_cancellable_cancel (self->cancellable);
  for (guint i = 0; i < N_SERVERS; i++)
    {
      g_thread_join (self->metads[i]->thread);
      g_object_unref (self->metads[i]->listener);
      g_object_unref (self->metads[i]);
    }
  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->spaces);
  g_mutex_clear (&self->lock);
  g_free (self->endpoints);
  g_free (self);
}
