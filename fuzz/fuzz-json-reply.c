/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "nebula-json-reply-private.h"

/* An input is a JSON text. What is found must lie within it, stand between quotes there, and be
 * UTF-8 when it is unescaped, as must be anything else that is unescaped. */

static void
check_text (const char *data, size_t size, const char *text, gsize length)
{
  g_autofree char *plain = nebula_json_unescape (text, length);

  if (text == NULL)
    {
      g_assert (length == 0 && plain == NULL);
      return;
    }
  g_assert (text > data && text + length < data + size);
  g_assert (text[-1] == '"' && text[length] == '"');
  g_assert (g_utf8_validate (plain, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  const char *text = (const char *) data;
  g_autofree char *plain = NULL;
  NebulaJsonReply reply;

  if (!nebula_json_reply_read (text, size, &reply))
    g_assert (!reply.has_code && reply.message == NULL && reply.space == NULL);
  check_text (text, size, reply.message, reply.message_length);
  check_text (text, size, reply.space, reply.space_length);
  plain = nebula_json_unescape (size > 0 ? text : "", size);
  g_assert (g_utf8_validate (plain, -1, NULL));
  return 0;
}
