/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <nebula-retry/nebula-retry.h>

#include <string.h>

/* An input is a phase, traits, a version, a code (four bytes, the first one highest) and a message.
 * Whatever they are, what comes out must be something that a caller can go by. */

#define HEAD 7

/* As many bytes of a message as an outcome keeps. */
#define MAX_MESSAGE 4096

static void
read_head (const guint8 *data, NebulaReplyFacts *facts)
{
  static const NebulaServerVersion versions[] = {
    NEBULA_SERVER_VERSION_DEFAULT, NEBULA_SERVER_VERSION (1, 0, 0), NEBULA_SERVER_VERSION (2, 0, 0),
    NEBULA_SERVER_VERSION (2, 6, 0), NEBULA_SERVER_VERSION (3, 0, 0),
    NEBULA_SERVER_VERSION (3, 3, 0), NEBULA_SERVER_VERSION (3, 8, 0),
  };

  facts->phase = data[0] % (NEBULA_PHASE_VERIFY + 1);
  facts->traits = data[1] & (NEBULA_CALL_COMPOUND | NEBULA_CALL_VERTEX_UPDATE |
                             NEBULA_CALL_SPACE_KNOWN);
  facts->server_version = versions[data[2] % G_N_ELEMENTS (versions)];
  facts->code = (gint32) ((guint32) data[3] << 24 | (guint32) data[4] << 16 |
                          (guint32) data[5] << 8 | data[6]);
}

/* Each word of an outcome is one that exists, and they do not contradict each other. */
static void
check_words (const NebulaOutcome *outcome)
{
  NebulaErrorCategory category = nebula_outcome_get_category (outcome);
  NebulaPace pace = nebula_outcome_get_pace (outcome);

  g_assert (*nebula_error_category_to_string (category) != '?');
  g_assert (*nebula_cause_to_string (nebula_outcome_get_cause (outcome)) != '?');
  g_assert (*nebula_effect_to_string (nebula_outcome_get_effect (outcome)) != '?');
  g_assert (*nebula_pace_to_string (pace) != '?');
  g_assert (*nebula_grpc_status_to_string (nebula_outcome_get_grpc_status (outcome)) != '?');
  g_assert (*nebula_outcome_get_rule (outcome) != '\0');
  if (category == NEBULA_ERROR_CATEGORY_RETRYABLE || category == NEBULA_ERROR_CATEGORY_SESSION)
    g_assert (pace != NEBULA_PACE_NONE);
  if (category == NEBULA_ERROR_CATEGORY_FATAL)
    g_assert (pace == NEBULA_PACE_NONE);
  g_assert ((pace == NEBULA_PACE_PUSHBACK) == (nebula_outcome_get_pushback (outcome) >= 0));
}

/* What must never happen, whatever a server says. */
static void
check_rules (const NebulaReplyFacts *facts, const NebulaOutcome *outcome)
{
  NebulaErrorCategory category = nebula_outcome_get_category (outcome);
  NebulaCause cause = nebula_outcome_get_cause (outcome);

  g_assert ((category == NEBULA_ERROR_CATEGORY_OK) == (facts->code == 0));
  g_assert (nebula_outcome_get_wire_code (outcome) == facts->code);
  g_assert (!nebula_outcome_is_never_sent (outcome));
  if (facts->code == -1005 || facts->phase != NEBULA_PHASE_EXECUTE)
    g_assert (category != NEBULA_ERROR_CATEGORY_SESSION || cause == NEBULA_CAUSE_HANDSHAKE);
  if (facts->code == -1005 && (facts->traits & NEBULA_CALL_COMPOUND) != 0)
    g_assert (nebula_outcome_get_effect (outcome) != NEBULA_EFFECT_NONE);
  if ((facts->traits & NEBULA_CALL_SPACE_KNOWN) == 0)
    g_assert (cause != NEBULA_CAUSE_SPACE_LOST);
}

static void
check_message (const NebulaReplyFacts *facts, const NebulaOutcome *outcome)
{
  const char *message = nebula_outcome_get_message (outcome);
  gsize length = (gsize) facts->message_length;

  g_assert (g_utf8_validate (message, -1, NULL));
  g_assert (strlen (message) <= MAX_MESSAGE);
  if (facts->code != 0 && length <= MAX_MESSAGE &&
      g_utf8_validate_len (facts->message, length, NULL))
    g_assert (strlen (message) == length && memcmp (message, facts->message, length) == 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autoptr (NebulaOutcome) outcome = NULL;
  g_autoptr (NebulaOutcome) copy = NULL;
  g_autoptr (GError) error = NULL;
  NebulaReplyFacts facts = { 0 };

  if (size < HEAD)
    return 0;

  read_head (data, &facts);
  facts.message = (const char *) data + HEAD;
  facts.message_length = (gssize) (size - HEAD);
  outcome = nebula_outcome_new_from_facts (&facts);
  check_words (outcome);
  check_rules (&facts, outcome);
  check_message (&facts, outcome);

  error = nebula_error_new_for_outcome (outcome, NULL, "fuzz");
  g_assert (g_utf8_validate (error->message, -1, NULL));
  copy = nebula_outcome_new_from_error (error, NEBULA_SEND_STATE_MAYBE);
  g_assert (copy == outcome);
  return 0;
}
