/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-endpoint-state-private.h"

struct _NebulaEndpointState
{
  char *name; /* (owned) */
  gint64 pause;
  guint failures;
  gint64 failed_since;
  char *last_error; /* (owned) (nullable) */
};

G_DEFINE_BOXED_TYPE (NebulaEndpointState,
                     nebula_endpoint_state,
                     nebula_endpoint_state_ref,
                     nebula_endpoint_state_unref)

/**
 * nebula_endpoint_state_new:
 * @name: the endpoint's
 * @health: what is known of it
 * @now: the time
 *
 * Returns: (transfer full)
 */
NebulaEndpointState *
nebula_endpoint_state_new (const char *name, const NebulaEndpointHealth *health, gint64 now)
{
  NebulaEndpointState *self = g_atomic_rc_box_new0 (NebulaEndpointState);

  self->name = g_strdup (name);
  self->pause = nebula_endpoint_health_is_set_aside (health, now) ? health->returns_at - now : 0;
  self->failures = health->failures;
  self->failed_since = health->failures > 0 ? now - health->down_since : 0;
  self->last_error = g_strdup (health->last_error);
  return self;
}

/**
 * nebula_endpoint_state_ref:
 *
 * Returns: (transfer full): the same state
 *
 * Since: 0.1
 */
NebulaEndpointState *
nebula_endpoint_state_ref (NebulaEndpointState *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
state_clear (gpointer data)
{
  NebulaEndpointState *self = data;

  g_free (self->name);
  g_free (self->last_error);
}

/**
 * nebula_endpoint_state_unref:
 * @self: (transfer full): a state
 *
 * Since: 0.1
 */
void
nebula_endpoint_state_unref (NebulaEndpointState *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, state_clear);
}

/**
 * nebula_endpoint_state_get_name:
 *
 * Returns: (transfer none): the endpoint as attempts and errors show it: "graph1:9669",
 *   "[::1]:9669", "unix:/run/graphd"
 *
 * Since: 0.1
 */
const char *
nebula_endpoint_state_get_name (NebulaEndpointState *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * nebula_endpoint_state_is_set_aside:
 *
 * Returns: whether new connections go to other endpoints, if those are not set aside too
 *
 * Since: 0.1
 */
gboolean
nebula_endpoint_state_is_set_aside (NebulaEndpointState *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->pause > 0;
}

/**
 * nebula_endpoint_state_get_pause:
 *
 * Returns: how long it was still set aside, in microseconds; 0 when it was not
 *
 * Since: 0.1
 */
gint64
nebula_endpoint_state_get_pause (NebulaEndpointState *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->pause;
}

/**
 * nebula_endpoint_state_get_failures:
 *
 * Returns: how often in a row it was set aside; 0 when it is healthy
 *
 * Since: 0.1
 */
guint
nebula_endpoint_state_get_failures (NebulaEndpointState *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->failures;
}

/**
 * nebula_endpoint_state_get_failed_since:
 *
 * Returns: for how long it has been failing, in microseconds; 0 when it is healthy
 *
 * Since: 0.1
 */
gint64
nebula_endpoint_state_get_failed_since (NebulaEndpointState *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->failed_since;
}

/**
 * nebula_endpoint_state_get_last_error:
 *
 * Returns: (transfer none) (nullable): why it was set aside last, also when it is healthy again;
 *   %NULL when it never was
 *
 * Since: 0.1
 */
const char *
nebula_endpoint_state_get_last_error (NebulaEndpointState *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->last_error;
}
