/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-call-private.h"
#include "nebula-fake-channel.h"

G_BEGIN_DECLS

/* When the clocks start: anything that has some time before it does. */
#define CALL_FIXTURE_START (1000 * G_TIME_SPAN_SECOND)

/**
 * CallFixture:
 * @clock: where the calls read the time, and the channel lets it pass
 * @channel: what the calls go over, by a script
 *
 * The engine of an interceptor over a channel that follows a script.
 */
typedef struct
{
  NebulaCall call;
  NebulaManualClock *clock;
  NebulaFakeChannel *channel;
} CallFixture;

/* An engine with the usual settings, without endpoints; it goes over what @factory makes. */
void call_fixture_prepare (NebulaCall *call,
                           NebulaManualClock *clock,
                           NebulaChannelFactory factory,
                           gpointer factory_data);

/* @data: not NULL for a channel that proves nothing. */
void call_fixture_set_up (CallFixture *self, gconstpointer data);
void call_fixture_tear_down (CallFixture *self, gconstpointer data);

/* A whole reply to @method; @body is what follows the head of the message. */
GByteArray *call_fixture_make_reply (const char *method,
                                     gint32 sequence,
                                     const guint8 *body,
                                     gsize length);
void call_fixture_expect (CallFixture *self,
                          const char *method,
                          gint32 sequence,
                          const guint8 *body,
                          gsize length);

/* With a result whose code is @code. */
void call_fixture_expect_code (CallFixture *self,
                               const char *method,
                               gint32 sequence,
                               gint32 code);

/* The stub's side: @frame is a request with its length in front. */
gboolean call_fixture_call (CallFixture *self, GByteArray *frame, GError **error);

/* execute () under another name. */
GByteArray *call_fixture_make_statement (const char *method,
                                         gint64 session,
                                         const char *statement);

/* What was sent, the @index-th time: the method, the session and the statement; "" for none */
char *call_fixture_describe_sent (CallFixture *self, guint index);

G_END_DECLS
