/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "nebula-message-private.h"

#include <string.h>

/* An input is a message. Whatever is found must lie within it, and a session that is replaced
 * where it was found must be read back. */

static void
assert_within (const guint8 *data, size_t size, const guint8 *text, gsize length)
{
  if (text == NULL)
    g_assert (length == 0);
  else
    g_assert (text >= data && text <= data + size && length <= (gsize) (data + size - text));
}

static void
replace_session (const guint8 *data, size_t size, const NebulaRequest *request)
{
  g_autofree guint8 *copy = g_malloc (size);
  NebulaMessageHead head;
  NebulaRequest renewed;

  memcpy (copy, data, size);
  nebula_write_be64 (copy + request->session_offset, ~(guint64) request->session);
  g_assert (nebula_message_parse_head (copy, size, &head, NULL));
  g_assert (nebula_request_parse (copy, size, &head, &renewed));
  g_assert (renewed.session == ~request->session);
  g_assert (renewed.session_offset == request->session_offset);
  g_assert (renewed.statement_length == request->statement_length);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  NebulaMessageHead head;
  NebulaRequest request;

  if (!nebula_message_parse_head (data, size, &head, &error))
    {
      g_assert (error != NULL);
      return 0;
    }
  g_assert (error == NULL);
  g_assert (head.body_offset <= size && head.sequence_offset + 4 == head.body_offset);
  assert_within (data, size, (const guint8 *) head.name, head.name_length);
  if (!nebula_request_parse (data, size, &head, &request))
    return 0;
  assert_within (data, size, request.user, request.user_length);
  assert_within (data, size, request.password, request.password_length);
  assert_within (data, size, request.statement, request.statement_length);
  g_assert ((request.session_offset == 0) == (request.user != NULL));
  if (request.session_offset != 0)
    replace_session (data, size, &request);
  return 0;
}
