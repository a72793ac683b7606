/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-channel-private.h"

G_BEGIN_DECLS

/*
 * NebulaFakeChannel:
 *
 * A channel that follows a script: a list of steps, each of which is one expected call and its
 * result (a step with bytes to receive serves as many calls as it has chunks). A call that the
 * script does not expect ends the program, and so does finalizing a fake whose script was not
 * played to its end.
 *
 * Every expect function takes the microseconds that the call needs. They pass on the fake's clock,
 * which should be the clock of the limit too: when they would reach the limit's deadline, the clock
 * is moved to the deadline only, the step is over, and the call fails with %G_IO_ERROR_TIMED_OUT.
 * %NEBULA_FAKE_FOREVER is a call that never ends by itself.
 */

#define NEBULA_FAKE_FOREVER G_MAXINT64

#define NEBULA_TYPE_FAKE_CHANNEL (nebula_fake_channel_get_type ())
G_DECLARE_FINAL_TYPE (NebulaFakeChannel, nebula_fake_channel, NEBULA, FAKE_CHANNEL, NebulaChannel)

/* One that proves what was not sent, like a socket, and one that does not, like TLS. */
NebulaFakeChannel *nebula_fake_channel_new (NebulaManualClock *clock);
NebulaFakeChannel *nebula_fake_channel_new_opaque (NebulaManualClock *clock);

/* The script. */
void nebula_fake_channel_expect_open (NebulaFakeChannel *self, gint64 takes);
void nebula_fake_channel_expect_open_error (NebulaFakeChannel *self,
                                            gint64 takes,
                                            GQuark domain,
                                            gint code);
void nebula_fake_channel_expect_send (NebulaFakeChannel *self, gint64 takes);
void nebula_fake_channel_expect_send_error (NebulaFakeChannel *self,
                                            gint64 takes,
                                            gsize taken,
                                            GIOErrorEnum code);
void nebula_fake_channel_expect_receive (NebulaFakeChannel *self,
                                         gint64 takes,
                                         gconstpointer bytes,
                                         gsize length,
                                         gsize chunk);
void nebula_fake_channel_expect_receive_error (NebulaFakeChannel *self,
                                               gint64 takes,
                                               GIOErrorEnum code);

/* Somebody cancels the cancellable of the limit during the step added last. */
void nebula_fake_channel_cancel_last_step (NebulaFakeChannel *self);

/* What nebula_channel_is_alive() answers while the channel is open; TRUE until told otherwise, and
 * again after each open. */
void nebula_fake_channel_set_alive (NebulaFakeChannel *self, gboolean alive);

/* What happened. */
gboolean nebula_fake_channel_is_done (NebulaFakeChannel *self);
gboolean nebula_fake_channel_is_open (NebulaFakeChannel *self);
guint nebula_fake_channel_get_n_opens (NebulaFakeChannel *self);
guint nebula_fake_channel_get_n_closes (NebulaFakeChannel *self);
guint nebula_fake_channel_get_n_sends (NebulaFakeChannel *self);
GBytes *nebula_fake_channel_get_sent (NebulaFakeChannel *self, guint index);

G_END_DECLS
