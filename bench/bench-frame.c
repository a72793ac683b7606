/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-frame.h"

#include <string.h>

/* The few requests that are measured, written by hand: what is raw must need nothing else. */

/* The types of fields. */
#define STOP 0
#define I64 10
#define STRING 11
#define STRUCT 12

static void
put (GByteArray *frame, gconstpointer bytes, gsize length)
{
  g_byte_array_append (frame, bytes, (guint) length);
}

static void
put_be32 (GByteArray *frame, guint32 number)
{
  number = GUINT32_TO_BE (number);
  put (frame, &number, 4);
}

static void
put_field (GByteArray *frame, guint8 type, guint8 id)
{
  const guint8 head[] = { type, 0, id };

  put (frame, head, sizeof head);
}

static void
put_string (GByteArray *frame, guint8 id, gconstpointer text, gsize length)
{
  put_field (frame, STRING, id);
  put_be32 (frame, (guint32) length);
  put (frame, text, length);
}

static void
put_stop (GByteArray *frame)
{
  static const guint8 stop = STOP;

  put (frame, &stop, 1);
}

static void
begin (GByteArray *frame, const char *method)
{
  static const guint8 version[] = { 0x80, 1, 0, 1 };

  g_byte_array_set_size (frame, 0);
  put_be32 (frame, 0); /* the length, when it is known */
  put (frame, version, sizeof version);
  put_be32 (frame, (guint32) strlen (method));
  put (frame, method, strlen (method));
  put_be32 (frame, 1); /* sequence number */
}

static void
end (GByteArray *frame)
{
  guint32 length = GUINT32_TO_BE (frame->len + 1 - 4);

  put_stop (frame);
  memcpy (frame->data, &length, 4);
}

void
bench_frame_verify (GByteArray *frame)
{
  begin (frame, "verifyClientVersion");
  put_field (frame, STRUCT, 1);
  put_string (frame, 1, "3.0.0", 5);
  put_stop (frame);
  end (frame);
}

void
bench_frame_authenticate (GByteArray *frame, const char *user, const char *password)
{
  begin (frame, "authenticate");
  put_string (frame, 1, user, strlen (user));
  put_string (frame, 2, password, strlen (password));
  end (frame);
}

void
bench_frame_execute (GByteArray *frame, gint64 session, const guint8 *statement, gsize length)
{
  gint64 wire = GINT64_TO_BE (session);

  begin (frame, "execute");
  put_field (frame, I64, 1);
  put (frame, &wire, 8);
  put_string (frame, 2, statement, length);
  end (frame);
}
