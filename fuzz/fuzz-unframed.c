/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "nebula-framer-private.h"
#include "nebula-reply-private.h"

#include <string.h>

/* An input is what a server sends without frames. It ends at the same byte however its bytes come,
 * and where the reader of replies thinks that it ends. */

#define LIMIT (1024 * 1024)

/* How many bytes the message has; 0 when it is refused or not whole. */
static gsize
measure (const guint8 *data, size_t size, gsize step)
{
  NebulaFramer framer = { .max_frame_size = LIMIT };
  g_autoptr (GError) error = NULL;
  gsize needed = 0, before = 0, have = 0;
  gboolean going = TRUE;

  nebula_framer_set_framing (&framer, NEBULA_FRAMING_UNFRAMED);
  while (going)
    {
      g_autofree guint8 *exact = g_memdup2 (data, have);

      if (!framer.klass->measure (&framer, exact, have, &needed, &error))
        needed = 0;
      g_assert ((needed == 0) == (error != NULL) && (error != NULL || needed >= before));
      going = needed > have && have < size;
      before = needed;
      have = going ? MIN (have + step, size) : have;
    }
  nebula_framer_clear (&framer);
  return needed <= have ? needed : 0;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  gsize whole = measure (data, size, MAX (size, 1));
  NebulaMessageHead head;
  NebulaReply reply;

  g_assert (measure (data, size, 1) == whole && measure (data, size, 3) == whole);
  if (!nebula_message_parse_head (data, size, &head, NULL)
      || (head.type != NEBULA_MESSAGE_REPLY && head.type != NEBULA_MESSAGE_EXCEPTION))
    return 0;
  /* The reader of replies is stricter, but what it takes ends where it says. */
  if (size <= LIMIT
      && nebula_reply_read (data, size, &head, &nebula_reply_layouts[NEBULA_RESPONSE_OTHER],
                            NEBULA_REPLY_MAX_DEPTH, TRUE, &reply, NULL))
    g_assert (whole == size);
  return 0;
}
