/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fake-channel.h"

#include <string.h>

typedef enum
{
  STEP_OPEN,
  STEP_SEND,
  STEP_RECEIVE,
} StepKind;

static const gchar *const step_names[] = { "open", "send", "receive" };

typedef struct
{
  StepKind kind;
  gint64 takes;   /* microseconds, until the first answer */
  GError *error;  /* (owned) (nullable): the result, if it is a failure */
  gsize taken;    /* of a send that fails */
  GBytes *bytes;  /* (owned) (nullable): to receive */
  gsize position; /* how many of them were received */
  gsize chunk;    /* how many come at once */
  gboolean cancels;
} Step;

struct _NebulaFakeChannel
{
  NebulaChannel parent_instance;

  NebulaManualClock *clock; /* (owned) */
  GQueue steps;             /* (owned) (element-type Step): what is still expected */
  GPtrArray *sent;          /* (owned) (element-type GBytes): what was taken, send by send */
  gboolean is_open;
  gboolean alive;
  guint n_opens;
  guint n_closes;
};

/* The same with another class flag. */
typedef NebulaFakeChannel NebulaFakeOpaqueChannel;
typedef NebulaFakeChannelClass NebulaFakeOpaqueChannelClass;

GType nebula_fake_opaque_channel_get_type (void);

G_DEFINE_TYPE (NebulaFakeChannel, nebula_fake_channel, NEBULA_TYPE_CHANNEL)
G_DEFINE_TYPE (NebulaFakeOpaqueChannel, nebula_fake_opaque_channel, NEBULA_TYPE_FAKE_CHANNEL)

static void
step_free (gpointer data)
{
  Step *step = data;

  g_clear_error (&step->error);
  g_clear_pointer (&step->bytes, g_bytes_unref);
  g_free (step);
}

static Step *
add_step (NebulaFakeChannel *self, StepKind kind, gint64 takes)
{
  Step *step = g_new0 (Step, 1);

  step->kind = kind;
  step->takes = takes;
  g_queue_push_tail (&self->steps, step);
  return step;
}

/* The step that this call is, still in the queue. */
static Step *
expected_step (NebulaFakeChannel *self, StepKind kind)
{
  Step *step = g_queue_peek_head (&self->steps);

  if (step == NULL)
    g_error ("%s was not expected, the script has ended", step_names[kind]);
  if (step->kind != kind)
    g_error ("%s was not expected, but %s", step_names[kind], step_names[step->kind]);

  return step;
}

static void
end_step (NebulaFakeChannel *self)
{
  step_free (g_queue_pop_head (&self->steps));
}

/* Lets the time of @step pass: FALSE with an error when the limit comes first. */
static gboolean
pass_time (NebulaFakeChannel *self, Step *step, const NebulaLimit *limit, GError **error)
{
  gint64 takes = step->takes;

  if (step->cancels)
    {
      g_assert_nonnull (limit->cancellable);
      g_cancellable_cancel (limit->cancellable);
    }
  if (g_cancellable_set_error_if_cancelled (limit->cancellable, error))
    return FALSE;

  /* Only the first chunk is waited for. */
  step->takes = 0;
  if (takes == 0)
    return TRUE;
  if (takes >= nebula_limit_get_remaining (limit))
    {
      if (limit->deadline == G_MAXINT64)
        g_error ("%s would never end", step_names[step->kind]);
      nebula_manual_clock_advance (self->clock, nebula_limit_get_remaining (limit));
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "timed out");
      return FALSE;
    }
  nebula_manual_clock_advance (self->clock, takes);

  return TRUE;
}

static gboolean
fail (const GError *result, GError **error)
{
  if (result != NULL)
    g_propagate_error (error, g_error_copy (result));

  return result != NULL;
}

static void
nebula_fake_channel_close (NebulaChannel *channel)
{
  NebulaFakeChannel *self = NEBULA_FAKE_CHANNEL (channel);

  if (self->is_open)
    self->n_closes++;
  self->is_open = FALSE;
}

static gboolean
nebula_fake_channel_open (NebulaChannel *channel, const NebulaLimit *limit, GError **error)
{
  NebulaFakeChannel *self = NEBULA_FAKE_CHANNEL (channel);
  Step *step = expected_step (self, STEP_OPEN);

  nebula_fake_channel_close (channel);
  self->n_opens++;
  self->is_open = pass_time (self, step, limit, error) && !fail (step->error, error);
  self->alive = TRUE;
  end_step (self);

  return self->is_open;
}

static gboolean
nebula_fake_channel_is_alive (NebulaChannel *channel)
{
  NebulaFakeChannel *self = NEBULA_FAKE_CHANNEL (channel);

  return self->is_open && self->alive;
}

static gboolean
check_open (NebulaFakeChannel *self, GError **error)
{
  if (!self->is_open)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "not connected");

  return self->is_open;
}

static gboolean
nebula_fake_channel_send (NebulaChannel *channel,
                          const guint8 *bytes,
                          gsize length,
                          gsize *taken,
                          const NebulaLimit *limit,
                          GError **error)
{
  NebulaFakeChannel *self = NEBULA_FAKE_CHANNEL (channel);
  gboolean done;
  Step *step;

  if (!check_open (self, error))
    return FALSE;

  step = expected_step (self, STEP_SEND);
  done = pass_time (self, step, limit, error) && !fail (step->error, error);
  *taken = done ? length : MIN (step->taken, length);
  g_ptr_array_add (self->sent, g_bytes_new (bytes, *taken));
  end_step (self);

  return done;
}

static gssize
nebula_fake_channel_receive (NebulaChannel *channel,
                             guint8 *buffer,
                             gsize size,
                             const NebulaLimit *limit,
                             GError **error)
{
  NebulaFakeChannel *self = NEBULA_FAKE_CHANNEL (channel);
  const guint8 *bytes;
  gsize length;
  gsize count;
  Step *step;

  if (!check_open (self, error))
    return -1;

  step = expected_step (self, STEP_RECEIVE);
  if (!pass_time (self, step, limit, error) || fail (step->error, error))
    {
      end_step (self);
      return -1;
    }

  bytes = g_bytes_get_data (step->bytes, &length);
  count = MIN (MIN (size, step->chunk), length - step->position);
  memcpy (buffer, bytes + step->position, count);
  step->position += count;
  if (step->position == length)
    end_step (self);

  return (gssize) count;
}

static void
nebula_fake_channel_finalize (GObject *object)
{
  NebulaFakeChannel *self = NEBULA_FAKE_CHANNEL (object);
  Step *step = g_queue_peek_head (&self->steps);

  if (step != NULL)
    g_error ("the script has not ended, it expects %s", step_names[step->kind]);
  g_ptr_array_unref (self->sent);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (nebula_fake_channel_parent_class)->finalize (object);
}

static void
nebula_fake_channel_class_init (NebulaFakeChannelClass *klass)
{
  NebulaChannelClass *channel_class = NEBULA_CHANNEL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = nebula_fake_channel_finalize;

  channel_class->open = nebula_fake_channel_open;
  channel_class->close = nebula_fake_channel_close;
  channel_class->is_alive = nebula_fake_channel_is_alive;
  channel_class->send = nebula_fake_channel_send;
  channel_class->receive = nebula_fake_channel_receive;
  channel_class->proves_unsent = TRUE;
}

static void
nebula_fake_channel_init (NebulaFakeChannel *self)
{
  g_queue_init (&self->steps);
  self->sent = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
}

static void
nebula_fake_opaque_channel_class_init (NebulaFakeOpaqueChannelClass *klass)
{
  NEBULA_CHANNEL_CLASS (klass)->proves_unsent = FALSE;
}

static void
nebula_fake_opaque_channel_init (NebulaFakeOpaqueChannel *self)
{
}

NebulaFakeChannel *
nebula_fake_channel_new (NebulaManualClock *clock)
{
  NebulaFakeChannel *self = g_object_new (NEBULA_TYPE_FAKE_CHANNEL, NULL);

  self->clock = g_object_ref (clock);
  return self;
}

NebulaFakeChannel *
nebula_fake_channel_new_opaque (NebulaManualClock *clock)
{
  NebulaFakeChannel *self = g_object_new (nebula_fake_opaque_channel_get_type (), NULL);

  self->clock = g_object_ref (clock);
  return self;
}

void
nebula_fake_channel_expect_open (NebulaFakeChannel *self, gint64 takes)
{
  add_step (self, STEP_OPEN, takes);
}

void
nebula_fake_channel_expect_open_error (NebulaFakeChannel *self,
                                       gint64 takes,
                                       GQuark domain,
                                       gint code)
{
  Step *step = add_step (self, STEP_OPEN, takes);

  step->error = g_error_new_literal (domain, code, "fake: cannot open");
}

void
nebula_fake_channel_expect_send (NebulaFakeChannel *self, gint64 takes)
{
  add_step (self, STEP_SEND, takes);
}

/* @taken holds when the time of the step runs out, too. */
void
nebula_fake_channel_expect_send_error (NebulaFakeChannel *self,
                                       gint64 takes,
                                       gsize taken,
                                       GIOErrorEnum code)
{
  Step *step = add_step (self, STEP_SEND, takes);

  step->taken = taken;
  step->error = g_error_new_literal (G_IO_ERROR, (gint) code, "fake: cannot send");
}

void
nebula_fake_channel_expect_receive (NebulaFakeChannel *self,
                                    gint64 takes,
                                    gconstpointer bytes,
                                    gsize length,
                                    gsize chunk)
{
  Step *step = add_step (self, STEP_RECEIVE, takes);

  g_assert (length > 0 && chunk > 0);
  step->bytes = g_bytes_new (bytes, length);
  step->chunk = chunk;
}

void
nebula_fake_channel_expect_receive_error (NebulaFakeChannel *self, gint64 takes, GIOErrorEnum code)
{
  Step *step = add_step (self, STEP_RECEIVE, takes);

  step->error = g_error_new_literal (G_IO_ERROR, (gint) code, "fake: cannot receive");
}

void
nebula_fake_channel_cancel_last_step (NebulaFakeChannel *self)
{
  Step *step = g_queue_peek_tail (&self->steps);

  g_assert_nonnull (step);
  step->cancels = TRUE;
}

void
nebula_fake_channel_set_alive (NebulaFakeChannel *self, gboolean alive)
{
  self->alive = alive;
}

/* Whether everything that was expected has happened. */
gboolean
nebula_fake_channel_is_done (NebulaFakeChannel *self)
{
  return g_queue_is_empty (&self->steps);
}

gboolean
nebula_fake_channel_is_open (NebulaFakeChannel *self)
{
  return self->is_open;
}

guint
nebula_fake_channel_get_n_opens (NebulaFakeChannel *self)
{
  return self->n_opens;
}

/* Closes of a channel that was open. */
guint
nebula_fake_channel_get_n_closes (NebulaFakeChannel *self)
{
  return self->n_closes;
}

guint
nebula_fake_channel_get_n_sends (NebulaFakeChannel *self)
{
  return self->sent->len;
}

/* What was taken of the send number @index, from 0. It stays the fake's. */
GBytes *
nebula_fake_channel_get_sent (NebulaFakeChannel *self, guint index)
{
  g_assert_cmpuint (index, <, self->sent->len);

  return self->sent->pdata[index];
}
