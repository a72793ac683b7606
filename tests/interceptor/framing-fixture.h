/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-call-private.h"
#include "nebula-fake-channel.h"

G_BEGIN_DECLS

/* The sequence number that the stub writes. */
#define FRAMING_STUB_SEQUENCE 77

/* All bytes at once. */
#define FRAMING_WHOLE G_MAXSIZE

/* No info headers, but the padding of a block without any. */
#define FRAMING_NO_INFO "\0\0"

/**
 * FramingFixture:
 *
 * Calls of "execute" with n = n + 1, over a channel that follows a script, in any framing.
 */
typedef struct
{
  NebulaCall call;
  NebulaManualClock *clock;   /* (owned) */
  NebulaFakeChannel *channel; /* (owned) */
  guint n_channels;           /* how often the call has asked for one */
} FramingFixture;

void framing_set_up (FramingFixture *self, gconstpointer data);
void framing_tear_down (FramingFixture *self, gconstpointer data);

/* @framing: the end of the name of a NebulaFraming */
#define framing_add(path, framing, func) \
  g_test_add (path, FramingFixture, GINT_TO_POINTER (NEBULA_FRAMING_##framing), framing_set_up, \
              func, framing_tear_down)
void framing_append (GByteArray *bytes, gconstpointer data, gsize length);
void framing_append_be32 (GByteArray *bytes, guint32 value);
GByteArray *framing_make_reply (const char *method, gint32 sequence);
GByteArray *framing_make_exception (gint32 sequence, gint32 type, const char *text);
GByteArray *framing_make_frame (GByteArray *message,
                                gint32 sequence,
                                const char *info,
                                gsize info_length);
void framing_expect_frame_of (FramingFixture *self,
                              GByteArray *message,
                              gint32 sequence,
                              const char *info,
                              gsize info_length);
void framing_expect_connection (FramingFixture *self, gint32 sequence);
void framing_expect_execute (FramingFixture *self, gint32 sequence);
gboolean framing_execute (FramingFixture *self, GError **error);
void framing_execute_well (FramingFixture *self);
NebulaOutcome *framing_first_outcome (FramingFixture *self);
GByteArray *framing_make_first_head (gsize message_length,
                                     gint32 sequence,
                                     const char *timeout);
void framing_assert_sent (FramingFixture *self,
                          guint index,
                          const char *head,
                          gsize head_length,
                          const char *method);
void framing_assert_refused (FramingFixture *self, const char *text);
void framing_expect_message (FramingFixture *self,
                             const char *method,
                             gint32 sequence,
                             gsize chunk);

#define framing_expect_frame(self, message, sequence, info) \
  framing_expect_frame_of (self, message, sequence, info, sizeof info - 1)

G_END_DECLS
