/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "nebula-framer-private.h"

#include <string.h>

/* An input is what a server sends in framing header. What is found must lie within the frame, or be
 * inflated within the limit; and bytes that come one by one say the same as all at once. */

#define LIMIT (64 * 1024)

static void
assert_within (const guint8 *data, gsize size, const NebulaSlice *slice)
{
  const guint8 *begin = (const guint8 *) slice->bytes;

  if (begin == NULL)
    g_assert (slice->length == 0);
  else
    g_assert (begin >= data && slice->length <= (gsize) (data + size - begin));
}

/* How many bytes the frame has; 0 when it is refused or not whole. */
static gsize
measure (NebulaFramer *framer, const guint8 *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  gsize needed, before = 0;

  for (gsize have = 0; have <= size; have++)
    {
      g_autofree guint8 *exact = g_memdup2 (data, have);

      if (!framer->klass->measure (framer, exact, have, &needed, &error))
        {
          g_assert (error != NULL);
          return 0;
        }
      g_assert (error == NULL && needed >= before);
      if (needed <= have)
        return needed;
      before = needed;
    }
  return 0;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  NebulaFramer framer = { .max_frame_size = LIMIT };
  g_autofree guint8 *frame = NULL;
  g_autoptr (GError) error = NULL;
  NebulaFrame result = { 0 };
  gsize length;

  nebula_framer_set_framing (&framer, NEBULA_FRAMING_HEADER);
  length = measure (&framer, data, size);
  if (length > 0)
    {
      frame = g_memdup2 (data, length);
      if (framer.klass->unwrap (&framer, frame, length, 1, &result, &error))
        {
          g_assert (error == NULL && result.message != NULL && result.length <= LIMIT);
          assert_within (frame, length, &result.exception_code);
          assert_within (frame, length, &result.exception_name);
          assert_within (frame, length, &result.exception_text);
          /* A sanitizer sees whether all of it may be read. */
          g_free (g_memdup2 (result.message, result.length));
        }
      else
        g_assert (error != NULL);
    }
  nebula_framer_clear (&framer);
  return 0;
}
