/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-wire-stream-private.h"

/*
 * NebulaWireStream:
 *
 * What GIO's TLS sits on. GIO's own choice, a GSocketConnection, will not do: the first GSocket
 * makes the whole process ignore SIGPIPE, and it knows neither a deadline on a clock of ours nor
 * how to be torn down under a call.
 *
 * The two halves are "pollable" because GIO's TLS asks for that; it polls only for callers who do
 * not want to wait, and those here only look.
 */

typedef struct
{
  GInputStream parent_instance;

  const NebulaWireFuncs *funcs; /* static */
  gpointer wire;                /* (unowned) */
} NebulaWireInput;

typedef struct
{
  GOutputStream parent_instance;

  const NebulaWireFuncs *funcs; /* static */
  gpointer wire;                /* (unowned) */
} NebulaWireOutput;

static gssize
input_read (GInputStream *stream, void *buffer, gsize size, GCancellable *unused, GError **error)
{
  NebulaWireInput *self = (NebulaWireInput *) stream;

  return self->funcs->receive (self->wire, buffer, size, TRUE, error);
}

static gssize
input_read_nonblocking (GPollableInputStream *stream, void *buffer, gsize size, GError **error)
{
  NebulaWireInput *self = (NebulaWireInput *) stream;

  return self->funcs->receive (self->wire, buffer, size, FALSE, error);
}

static gssize
output_write (GOutputStream *stream,
              const void *bytes,
              gsize length,
              GCancellable *unused,
              GError **error)
{
  NebulaWireOutput *self = (NebulaWireOutput *) stream;

  return self->funcs->send (self->wire, bytes, length, TRUE, error);
}

static gssize
output_write_nonblocking (GPollableOutputStream *stream,
                          const void *bytes,
                          gsize length,
                          GError **error)
{
  NebulaWireOutput *self = (NebulaWireOutput *) stream;

  return self->funcs->send (self->wire, bytes, length, FALSE, error);
}

/* Always worth a try: whoever must not wait is told so then. */
static gboolean
input_is_readable (GPollableInputStream *stream)
{
  return TRUE;
}

static gboolean
output_is_writable (GPollableOutputStream *stream)
{
  return TRUE;
}

/* As input_is_readable () says. */
static GSource *
make_ready_source (GObject *stream, GCancellable *cancellable)
{
  g_autoptr (GSource) at_once = g_timeout_source_new (0);

  return g_pollable_source_new_full (stream, at_once, cancellable);
}

static GSource *
input_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  return make_ready_source (G_OBJECT (stream), cancellable);
}

static GSource *
output_create_source (GPollableOutputStream *stream, GCancellable *cancellable)
{
  return make_ready_source (G_OBJECT (stream), cancellable);
}

static void
input_class_init (gpointer klass, gpointer unused)
{
  G_INPUT_STREAM_CLASS (klass)->read_fn = input_read;
}

static void
input_init_pollable (gpointer iface, gpointer unused)
{
  GPollableInputStreamInterface *pollable = iface;

  pollable->is_readable = input_is_readable;
  pollable->create_source = input_create_source;
  pollable->read_nonblocking = input_read_nonblocking;
}

static void
output_class_init (gpointer klass, gpointer unused)
{
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = output_write;
}

static void
output_init_pollable (gpointer iface, gpointer unused)
{
  GPollableOutputStreamInterface *pollable = iface;

  pollable->is_writable = output_is_writable;
  pollable->create_source = output_create_source;
  pollable->write_nonblocking = output_write_nonblocking;
}

/* By hand, and not by G_DEFINE_TYPE, for the sake of the prefix. */
static GType
input_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    {
      const GInterfaceInfo pollable = { input_init_pollable, NULL, NULL };
      GType made = g_type_register_static_simple (
        G_TYPE_INPUT_STREAM, NEBULA_IO_PREFIX "WireInput", sizeof (GInputStreamClass),
        input_class_init, sizeof (NebulaWireInput), NULL, 0);

      g_type_add_interface_static (made, G_TYPE_POLLABLE_INPUT_STREAM, &pollable);
      g_once_init_leave (&type, made);
    }
  return type;
}

static GType
output_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    {
      const GInterfaceInfo pollable = { output_init_pollable, NULL, NULL };
      GType made = g_type_register_static_simple (
        G_TYPE_OUTPUT_STREAM, NEBULA_IO_PREFIX "WireOutput", sizeof (GOutputStreamClass),
        output_class_init, sizeof (NebulaWireOutput), NULL, 0);

      g_type_add_interface_static (made, G_TYPE_POLLABLE_OUTPUT_STREAM, &pollable);
      g_once_init_leave (&type, made);
    }
  return type;
}

/**
 * nebula_wire_stream_new:
 * @funcs: static: what moves the bytes
 * @wire: for @funcs, until the stream is closed
 *
 * Returns: (transfer full): a stream; closing it does nothing to the wire
 */
GIOStream *
nebula_wire_stream_new (const NebulaWireFuncs *funcs, gpointer wire)
{
  g_autoptr (GInputStream) input = g_object_new (input_get_type (), NULL);
  g_autoptr (GOutputStream) output = g_object_new (output_get_type (), NULL);

  ((NebulaWireInput *) input)->funcs = funcs;
  ((NebulaWireInput *) input)->wire = wire;
  ((NebulaWireOutput *) output)->funcs = funcs;
  ((NebulaWireOutput *) output)->wire = wire;
  return g_simple_io_stream_new (input, output);
}
