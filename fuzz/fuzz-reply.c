/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "nebula-reply-private.h"

/* An input is a byte for the response, one for the depth, and a message. What the walk accepts is
 * decoded once more by a reader of another make: recursive, and sure of itself. */

typedef struct
{
  const guint8 *at;
  const guint8 *end;
} Decoder;

static guint32
take (Decoder *decoder, guint size)
{
  guint32 value = 0;

  g_assert ((gsize) (decoder->end - decoder->at) >= size);
  for (guint i = 0; i < size; i++)
    value = value << 8 | *decoder->at++;
  return value;
}

static void decode_value (Decoder *decoder, guint8 type, guint depth);

static void
decode_struct (Decoder *decoder, guint depth)
{
  guint64 seen = 0;
  guint8 type;

  g_assert (depth > 0);
  while ((type = take (decoder, 1)) != 0)
    {
      guint32 id = take (decoder, 2);

      if (id < 64)
        {
          g_assert (((seen >> id) & 1) == 0);
          seen |= G_GUINT64_CONSTANT (1) << id;
        }
      decode_value (decoder, type, depth - 1);
    }
}

static void
decode_container (Decoder *decoder, gboolean map, guint depth)
{
  guint8 key = map ? take (decoder, 1) : 0;
  guint8 value = take (decoder, 1);
  gint32 count = (gint32) take (decoder, 4);

  g_assert (depth > 0);
  g_assert (count >= 0 && count <= decoder->end - decoder->at);
  for (gint32 i = 0; i < count; i++)
    {
      if (map)
        decode_value (decoder, key, depth - 1);
      decode_value (decoder, value, depth - 1);
    }
}

static void
decode_value (Decoder *decoder, guint8 type, guint depth)
{
  static const guint8 sizes[] = { [2] = 1, [3] = 1, [4] = 8, [6] = 2, [8] = 4, [10] = 8 };

  if (type < G_N_ELEMENTS (sizes))
    {
      g_assert (sizes[type] > 0);
      take (decoder, sizes[type]);
    }
  else if (type == 11)
    {
      guint32 length = take (decoder, 4);

      g_assert (length <= G_MAXINT32 && length <= (gsize) (decoder->end - decoder->at));
      decoder->at += length;
    }
  else if (type == 12)
    decode_struct (decoder, depth);
  else
    {
      g_assert (type >= 13 && type <= 15);
      decode_container (decoder, type == 13, depth);
    }
}

static void
check_within (const guint8 *data, size_t size, const char *text, gsize length)
{
  const guint8 *begin = (const guint8 *) text;

  if (text == NULL)
    g_assert (length == 0);
  else
    g_assert (begin >= data && begin <= data + size && length <= (gsize) (data + size - begin));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) early_error = NULL;
  NebulaMessageHead head;
  const NebulaReplyLayout *layout;
  NebulaReply reply, early;
  Decoder decoder;
  guint depth;
  gboolean accepted, early_accepted;

  if (size < 2 || !nebula_message_parse_head (data + 2, size - 2, &head, NULL))
    return 0;
  layout = &nebula_reply_layouts[data[0] % NEBULA_N_RESPONSES];
  depth = data[1];
  data += 2;
  size -= 2;
  accepted = nebula_reply_read (data, size, &head, layout, depth, TRUE, &reply, &error);
  early_accepted = nebula_reply_read (data, size, &head, layout, depth, FALSE, &early,
                                      &early_error);
  g_assert (accepted == (error == NULL) && early_accepted == (early_error == NULL));
  check_within (data, size, early.message, early.message_length);
  check_within (data, size, early.space, early.space_length);
  if (!accepted)
    return 0;
  /* Reading less finds the same. */
  g_assert (early_accepted && early.has_code == reply.has_code && early.code == reply.code);
  g_assert (early.message == reply.message && early.space == reply.space);
  g_assert (early.has_result == reply.has_result && early.session == reply.session);
  decoder = (Decoder){ data + head.body_offset, data + size };
  decode_struct (&decoder, depth);
  g_assert (decoder.at == decoder.end);
  return 0;
}
