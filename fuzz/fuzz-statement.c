/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <nebula-retry/nebula-retry.h>
#include <string.h>

/* An input is a statement. What is said of the whole must fit what is said of its sentences. */

typedef struct
{
  gsize size;
  gsize end; /* of the last sentence */
  guint count;
  NebulaStatementSafety safety; /* the worst so far */
} Sentences;

static void
see_sentence (const NebulaSentence *sentence, gpointer user_data)
{
  Sentences *seen = user_data;

  g_assert (sentence->offset >= seen->end);
  g_assert (sentence->offset <= seen->size && sentence->length <= seen->size - sentence->offset);
  g_assert (sentence->kind != NULL && *sentence->kind != '\0');
  g_assert (*nebula_statement_safety_to_string (sentence->safety) != '?');
  seen->end = sentence->offset + sentence->length;
  seen->safety = MAX (seen->safety, sentence->safety);
  seen->count++;
}

/* What is shown of a statement without secrets is the statement, up to a NUL. */
static void
redact (const char *statement, gsize size)
{
  static const char message[] = "SyntaxError: syntax error near `a'";
  g_autofree char *shown = nebula_statement_redact (statement, (gssize) size);
  g_autofree char *said = nebula_statement_redact_message (statement, (gssize) size, message);

  if (nebula_statement_holds_secret (statement, (gssize) size))
    {
      g_assert (strcmp (said, message) != 0);
      return;
    }
  g_assert_cmpstr (said, ==, message);
  g_assert (strncmp (shown, statement, strlen (shown)) == 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  const char *statement = (const char *) data;
  Sentences seen = { .size = size };
  NebulaCallTraits traits = NEBULA_CALL_TRAITS_NONE;
  NebulaStatementSafety safety;

  safety = nebula_statement_get_safety (statement, (gssize) size, &traits);
  g_assert (*nebula_statement_safety_to_string (safety) != '?');
  g_assert ((traits & ~(NEBULA_CALL_COMPOUND | NEBULA_CALL_VERTEX_UPDATE)) == 0);
  g_assert (safety == nebula_statement_get_safety (statement, (gssize) size, NULL));

  nebula_statement_foreach_sentence (statement, (gssize) size, see_sentence, &seen);
  g_assert (safety >= seen.safety);
  if (seen.count > 1)
    g_assert ((traits & NEBULA_CALL_COMPOUND) != 0);

  redact (statement, size);
  if (nebula_statement_starts_with_use (statement, size))
    g_assert (nebula_statement_may_change_space (statement, size));
  return 0;
}
