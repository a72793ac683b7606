/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-policy-reader-private.h"

#include <string.h>

/* Durations as JSON has them in proto3: decimal seconds with an s behind. */

/* What proto3 allows: 10,000 years. */
#define MAX_GRPC_SECONDS G_GINT64_CONSTANT (315576000000)

/* Of what fits 64 bits in microseconds. */
#define MAX_SECONDS (G_MAXINT64 / G_TIME_SPAN_SECOND)

/* Nanoseconds. */
#define MAX_DIGITS 9

typedef struct
{
  const char *text; /* (unowned) */
  gsize length;     /* without the s */
  gsize n_whole;    /* digits before the point */
  gsize n_fraction; /* digits behind it */
  gboolean point;
} Parts;

static gsize
count_digits (const char *text, gsize length)
{
  gsize n = 0;

  while (n < length && g_ascii_isdigit (text[n]))
    n++;

  return n;
}

/* Answers FALSE unless it is digits, at most one point, digits. */
static gboolean
split (Parts *parts)
{
  gsize rest;

  parts->n_whole = count_digits (parts->text, parts->length);
  parts->point = parts->n_whole < parts->length && parts->text[parts->n_whole] == '.';
  rest = parts->n_whole + parts->point;
  parts->n_fraction = count_digits (parts->text + rest, parts->length - rest);

  return rest + parts->n_fraction == parts->length && parts->n_whole + parts->n_fraction > 0;
}

/* What is below a microsecond counts as one, so that nothing above 0 becomes 0. */
static gint64
fraction_microseconds (const Parts *parts)
{
  const char *digits = parts->text + parts->n_whole + 1;
  gint64 nanoseconds = 0;

  for (gsize i = 0; i < MAX_DIGITS; i++)
    nanoseconds = nanoseconds * 10 + (i < parts->n_fraction ? digits[i] - '0' : 0);

  return (nanoseconds + 999) / 1000;
}

/* Answers a value above the largest one for what does not fit. */
static gint64
whole_seconds (const Parts *parts)
{
  gint64 seconds = 0;

  for (gsize i = 0; i < parts->n_whole && seconds <= MAX_SECONDS; i++)
    seconds = seconds * 10 + (parts->text[i] - '0');

  return seconds;
}

static const char *
find_note (const Parts *parts, gboolean space)
{
  if (space)
    return "gRPC's Go takes no space before the s";
  if (parts->n_whole == 0)
    return "gRPC's C-core wants a digit before the point";
  if (parts->point && parts->n_fraction == 0)
    return "gRPC's C-core wants a digit behind the point";

  return NULL;
}

/* Private: reads a duration. With @grpc what only one of C-core and Go takes is taken too, and
 * @note says so; @problem says what is wrong when the answer is FALSE. Both are static. */
gboolean
nebula_policy_parse_duration (const char *text,
                              gboolean grpc,
                              gint64 *microseconds,
                              const char **problem,
                              const char **note)
{
  Parts parts = { text, strlen (text), 0, 0, FALSE };
  gboolean space = FALSE;
  gint64 seconds;

  *note = NULL;
  *problem = "is no duration";
  if (parts.length == 0 || text[parts.length - 1] != 's')
    return FALSE;
  parts.length--;
  while (grpc && parts.length > 0 && text[parts.length - 1] == ' ')
    {
      parts.length--;
      space = TRUE;
    }
  if (parts.length > 0 && text[0] == '-')
    {
      *problem = "is below 0";
      return FALSE;
    }
  if (!split (&parts))
    return FALSE;
  *note = find_note (&parts, space);
  if (*note != NULL && !grpc)
    return FALSE;
  *problem = "has more than nine digits behind the point";
  if (parts.n_fraction > MAX_DIGITS)
    return FALSE;
  *problem = "is too long";
  seconds = whole_seconds (&parts);
  if (seconds > (grpc ? MAX_GRPC_SECONDS : MAX_SECONDS))
    return FALSE;

  return !__builtin_add_overflow (seconds * G_TIME_SPAN_SECOND, fraction_microseconds (&parts),
                                  microseconds);
}

/* Private: adds @microseconds as a duration; with the fewest digits. */
void
nebula_policy_write_duration (JsonBuilder *builder, gint64 microseconds)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (text, "%" G_GINT64_FORMAT ".%06d", microseconds / G_TIME_SPAN_SECOND,
                   (int) (microseconds % G_TIME_SPAN_SECOND));
  while (text->str[text->len - 1] == '0')
    g_string_truncate (text, text->len - 1);
  if (text->str[text->len - 1] == '.')
    g_string_truncate (text, text->len - 1);
  g_string_append_c (text, 's');
  json_builder_add_string_value (builder, text->str);
}
