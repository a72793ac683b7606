/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-pool-factory-private.h"

/* A function of the user's with its data: constant, and reference counted, so that one that is
 * replaced lives on while another thread is inside it. */
typedef struct
{
  NebulaPoolStubFunc func;
  gpointer user_data;
  GDestroyNotify destroy; /* (nullable) */
} StubMaker;

struct _NebulaPoolFactory
{
  NebulaCluster *cluster;    /* (owned), constant */
  NebulaFraming framing;     /* constant */
  gint64 max_connection_age; /* constant */
  GType stub_type;           /* G_TYPE_NONE for none, constant */

  GMutex lock;
  StubMaker *stub_maker; /* (owned) (nullable), guarded by the lock */
};

static void
stub_maker_clear (gpointer data)
{
  StubMaker *self = data;

  if (self->destroy != NULL)
    self->destroy (self->user_data);
}

static void
stub_maker_unref (StubMaker *self)
{
  g_atomic_rc_box_release_full (self, stub_maker_clear);
}

/* @stub_type: G_TYPE_NONE for no stub but what a function makes */
NebulaPoolFactory *
nebula_pool_factory_new (NebulaCluster *cluster,
                         NebulaFraming framing,
                         gint64 max_connection_age,
                         GType stub_type)
{
  NebulaPoolFactory *self = g_new0 (NebulaPoolFactory, 1);

  self->cluster = g_object_ref (cluster);
  self->framing = framing;
  self->max_connection_age = max_connection_age;
  self->stub_type = stub_type;
  g_mutex_init (&self->lock);
  return self;
}

void
nebula_pool_factory_free (NebulaPoolFactory *self)
{
  g_clear_pointer (&self->stub_maker, stub_maker_unref);
  g_clear_object (&self->cluster);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* @func: (nullable): %NULL goes back to the type */
void
nebula_pool_factory_set_stub_func (NebulaPoolFactory *self,
                                   NebulaPoolStubFunc func,
                                   gpointer user_data,
                                   GDestroyNotify destroy)
{
  StubMaker *maker = NULL;
  StubMaker *old;

  if (func != NULL)
    {
      maker = g_atomic_rc_box_new0 (StubMaker);
      *maker = (StubMaker){ func, user_data, destroy };
    }
  g_mutex_lock (&self->lock);
  old = self->stub_maker;
  self->stub_maker = maker;
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&old, stub_maker_unref);
}

/* (transfer full) (nullable) */
static StubMaker *
get_stub_maker (NebulaPoolFactory *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->stub_maker != NULL ? g_atomic_rc_box_acquire (self->stub_maker) : NULL;
}

/* (transfer full) */
NebulaInterceptor *
nebula_pool_factory_make_interceptor (NebulaPoolFactory *self)
{
  return g_object_new (NEBULA_TYPE_INTERCEPTOR, "cluster", self->cluster, "framing", self->framing,
                       "max-connection-age", self->max_connection_age, NULL);
}

/* (transfer full) (nullable): what goes on top of @protocol */
gpointer
nebula_pool_factory_make_stub (NebulaPoolFactory *self,
                               NebulaInterceptor *interceptor,
                               ThriftProtocol *protocol)
{
  StubMaker *maker = get_stub_maker (self);
  gpointer stub;

  if (maker != NULL)
    {
      stub = maker->func (interceptor, protocol, maker->user_data);
      stub_maker_unref (maker);
      return stub;
    }
  if (self->stub_type == G_TYPE_NONE)
    return NULL;
  return g_object_new (self->stub_type, "input_protocol", protocol, "output_protocol", protocol,
                       NULL);
}
