/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-mock/nebula-mock.h>

G_BEGIN_DECLS

/* A client of the mock that knows nothing of Thrift but its bytes, which are written out here. */
typedef struct
{
  int      fd;
  gboolean framed;
} WireClient;

NebulaMockServer *wire_start_server (void);
void wire_stop_server (NebulaMockServer *server);
void wire_connect (WireClient *client, NebulaMockServer *server, gboolean framed);
void wire_close (WireClient *client);
void wire_send (WireClient *client, const void *data, gsize length);
GByteArray *wire_receive (WireClient *client, gsize length);
gboolean wire_is_closed (WireClient *client);
gboolean wire_is_reset (WireClient *client);
gboolean wire_has_ended (WireClient *client);

void wire_put (GByteArray *bytes, gsize width, guint64 value);
void wire_put_string (GByteArray *bytes, const char *text);
GByteArray *wire_new_execute (const char *method,
                              gint32 sequence,
                              gint64 session,
                              const char *text);
GByteArray *wire_new_authenticate (gint32 sequence, const char *user, const char *password);
void wire_send_message (WireClient *client, const GByteArray *message);
void wire_send_execute (WireClient *client, gint32 sequence, gint64 session, const char *text);
GByteArray *wire_receive_frame (WireClient *client);

/* What is told of an ExecutionResponse. */
typedef struct
{
  gint32 sequence;
  gint32 code;
  char   method[32];
  char   message[512];
  char   space[64];
  guint  type;
} WireReply;

void wire_parse_reply (const GByteArray *payload, WireReply *reply);
void wire_execute (WireClient *client, gint64 session, const char *text, WireReply *reply);
gint64 wire_authenticate (WireClient *client, const char *user, const char *password);

G_END_DECLS
