/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-error-info.h>

#include "nebula-error-history-private.h"
#include "nebula-error-table-private.h"

#include <string.h>

/**
 * SECTION:nebula-error-info
 * @title: NebulaErrorInfo
 * @short_description: the table of NebulaGraph's error codes
 *
 * What a code means when nothing but the number is known: category, cause, effect, pace, gRPC
 * status. A text that comes with the code may say more: that is #NebulaOutcome.
 */

/* Numbers are thousands, one for each server, with the known ones near the start of each: -3600 is
 * the farthest. So a table of bytes in two dimensions answers any number with one load. */
#define N_THOUSANDS 9
#define N_IN_THOUSAND 601

/* Row plus 1, so that 0 is "no row". */
G_STATIC_ASSERT (NEBULA_N_CODES < G_MAXUINT8);

typedef struct
{
  guint8 by_code[N_THOUSANDS][N_IN_THOUSAND];
  guint8 by_name[NEBULA_N_CODES]; /* rows, in the order of their names */
} Indexes;

/* The longest name has 35 characters; a longer text is no name. */
#define MAX_NAME 63

static int
compare_names (gconstpointer a, gconstpointer b, gpointer unused)
{
  return strcmp (nebula_error_table[*(const guint8 *) a].name,
                 nebula_error_table[*(const guint8 *) b].name);
}

static const Indexes *
get_indexes (void)
{
  static Indexes indexes; /* written once, under @filled */
  static gsize filled = 0;

  if (g_once_init_enter (&filled))
    {
      for (guint i = 0; i < NEBULA_N_CODES; i++)
        {
          guint number = (guint) -nebula_error_table[i].code;

          g_assert (number / 1000 < N_THOUSANDS && number % 1000 < N_IN_THOUSAND);
          indexes.by_code[number / 1000][number % 1000] = (guint8) (i + 1);
          indexes.by_name[i] = (guint8) i;
        }
      g_qsort_with_data (indexes.by_name, NEBULA_N_CODES, 1, compare_names, NULL);
      g_once_init_leave (&filled, 1);
    }

  return &indexes;
}

static NebulaCodeRange
range_of_code (gint32 code)
{
  if (code > 0)
    return NEBULA_CODE_RANGE_NONE;

  /* Raft's numbers lie inside those of storaged. */
  if (code <= -3500 && code > -3600)
    return NEBULA_CODE_RANGE_RAFT;

  switch (code / 1000)
    {
    case 0:
      return NEBULA_CODE_RANGE_GENERAL;
    case -1:
      return NEBULA_CODE_RANGE_GRAPHD;
    case -2:
      return NEBULA_CODE_RANGE_METAD;
    case -3:
      return NEBULA_CODE_RANGE_STORAGED;
    case -4:
      return NEBULA_CODE_RANGE_DRAINER;
    case -5:
      return NEBULA_CODE_RANGE_CACHE;
    case -7:
      return NEBULA_CODE_RANGE_LICENSE;
    default:
      return NEBULA_CODE_RANGE_NONE;
    }
}

/**
 * nebula_error_info_lookup:
 * @code: a number as a reply carries it (0 or negative)
 *
 * Finds the row of a known code, in constant time.
 *
 * Returns: (transfer none) (nullable): the row, %NULL for a number that has none. Static and
 *   constant; safe in any thread.
 *
 * Since: 0.1
 */
const NebulaErrorInfo *
nebula_error_info_lookup (gint32 code)
{
  guint number, row;

  if (code > 0 || code <= -(N_THOUSANDS * 1000))
    return NULL;

  number = (guint) -code;
  if (number % 1000 >= N_IN_THOUSAND)
    return NULL;

  row = get_indexes ()->by_code[number / 1000][number % 1000];
  return row != 0 ? &nebula_error_table[row - 1] : NULL;
}

/**
 * nebula_error_info_lookup_by_name:
 * @name: (nullable): a name as NebulaGraph's IDL spells it, such as "E_LEADER_CHANGED"
 *
 * Finds the row of a name. Upper and lower case differ. The numbers of some names changed between
 * releases, so a number in hand is better evidence than a name.
 *
 * Returns: (transfer none) (nullable): the row, %NULL for %NULL or a name that has none. Static
 *   and constant; safe in any thread.
 *
 * Since: 0.1
 */
const NebulaErrorInfo *
nebula_error_info_lookup_by_name (const char *name)
{
  const Indexes *indexes;
  guint low = 0, high = NEBULA_N_CODES;

  if (name == NULL)
    return NULL;

  indexes = get_indexes ();
  while (low < high)
    {
      guint middle = (low + high) / 2;
      const NebulaErrorInfo *info = &nebula_error_table[indexes->by_name[middle]];
      int order = strcmp (name, info->name);

      if (order == 0)
        return info;
      if (order < 0)
        high = middle;
      else
        low = middle + 1;
    }

  return NULL;
}

const NebulaErrorInfo *
nebula_error_info_lookup_by_name_len (const char *name, gsize length)
{
  char copy[MAX_NAME + 1];

  if (length > MAX_NAME)
    return NULL;

  memcpy (copy, name, length);
  copy[length] = '\0';
  return nebula_error_info_lookup_by_name (copy);
}

/**
 * nebula_error_info_for_code:
 * @code: any number
 *
 * Finds what to assume about a code. A number without a row of its own falls to a row for its
 * range (general, graphd, metad, storaged, raft, drainer, cache, licence), any other to one for
 * unknown numbers: %NEBULA_ERROR_CATEGORY_FATAL and %NEBULA_EFFECT_MAYBE, so that it is never
 * retried by default. Those rows have a name such as "E_UNKNOWN_STORAGED", the number of E_UNKNOWN
 * (-8000), and are not counted by nebula_error_info_get_count().
 *
 * Returns: (transfer none): a row, never %NULL. Static and constant; safe in any thread.
 *
 * Since: 0.1
 */
const NebulaErrorInfo *
nebula_error_info_for_code (gint32 code)
{
  const NebulaErrorInfo *info = nebula_error_info_lookup (code);

  return info != NULL ? info : &nebula_error_unknown_table[range_of_code (code)];
}

/**
 * nebula_error_info_for_code_in_version:
 * @code: any number
 * @version: the version of the server that it came from
 *
 * As nebula_error_info_for_code(), for a server that may be too old for today's numbering. A number
 * that meant what another one means today has the row of that other one; so the number of the row
 * can differ from @code. A number that @version did not have yet, but that means something today,
 * falls to the row for its range when its meaning has changed since.
 *
 * Returns: (transfer none): a row, never %NULL. Static and constant; safe in any thread.
 *
 * Since: 0.1
 */
const NebulaErrorInfo *
nebula_error_info_for_code_in_version (gint32 code, NebulaServerVersion version)
{
  const NebulaErrorInfo *info = nebula_error_info_lookup_in_version (code, version);

  return info != NULL ? info : &nebula_error_unknown_table[range_of_code (code)];
}

/* NULL for a number that @version has no row for. */
const NebulaErrorInfo *
nebula_error_info_lookup_in_version (gint32 code, NebulaServerVersion version)
{
  const NebulaCodeChange *change = nebula_error_history_find (code, version);

  if (change == NULL)
    return nebula_error_info_lookup (code);
  if (change->info.code != 0)
    return &change->info;
  return change->today != 0 ? nebula_error_info_lookup (change->today) : NULL;
}

gboolean
nebula_error_info_is_unknown (const NebulaErrorInfo *info)
{
  return info >= nebula_error_unknown_table
         && info < nebula_error_unknown_table + NEBULA_N_CODE_RANGES;
}

/**
 * nebula_error_info_at:
 * @index: from 0 to nebula_error_info_get_count() - 1
 *
 * Walks the table: from 0 (SUCCEEDED) down to -8000 (E_UNKNOWN).
 *
 * Returns: (transfer none) (nullable): the row, %NULL past the end. Static and constant; safe in
 *   any thread.
 *
 * Since: 0.1
 */
const NebulaErrorInfo *
nebula_error_info_at (guint index)
{
  return index < NEBULA_N_CODES ? &nebula_error_table[index] : NULL;
}

/**
 * nebula_error_info_get_count:
 *
 * Counts the known codes.
 *
 * Returns: the number of rows. Safe in any thread.
 *
 * Since: 0.1
 */
guint
nebula_error_info_get_count (void)
{
  return NEBULA_N_CODES;
}

/**
 * nebula_error_info_get_code:
 * @info: (nullable): a row
 *
 * Gets the number; -8000 for the rows of unknown numbers, and for %NULL.
 *
 * Returns: the number. Safe in any thread.
 *
 * Since: 0.1
 */
gint32
nebula_error_info_get_code (const NebulaErrorInfo *info)
{
  return info != NULL ? info->code : nebula_error_unknown_table[NEBULA_CODE_RANGE_NONE].code;
}

/**
 * nebula_error_info_get_name:
 * @info: (nullable): a row
 *
 * Gets the name that NebulaGraph's IDL gives the code.
 *
 * Returns: (transfer none): a static string, "E_UNKNOWN_NUMBER" for %NULL. Safe in any thread.
 *
 * Since: 0.1
 */
const char *
nebula_error_info_get_name (const NebulaErrorInfo *info)
{
  return info != NULL ? info->name : nebula_error_unknown_table[NEBULA_CODE_RANGE_NONE].name;
}

/**
 * nebula_error_info_get_category:
 * @info: (nullable): a row
 *
 * Gets who must act.
 *
 * Returns: the category, %NEBULA_ERROR_CATEGORY_FATAL for %NULL. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaErrorCategory
nebula_error_info_get_category (const NebulaErrorInfo *info)
{
  return info != NULL ? (NebulaErrorCategory) info->category : NEBULA_ERROR_CATEGORY_FATAL;
}

/**
 * nebula_error_info_get_cause:
 * @info: (nullable): a row
 *
 * Gets why it failed.
 *
 * Returns: the cause, %NEBULA_CAUSE_UNKNOWN for %NULL. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaCause
nebula_error_info_get_cause (const NebulaErrorInfo *info)
{
  return info != NULL ? (NebulaCause) info->cause : NEBULA_CAUSE_UNKNOWN;
}

/**
 * nebula_error_info_get_effect:
 * @info: (nullable): a row
 *
 * Gets what the failed attempt may have done.
 *
 * Returns: the effect, %NEBULA_EFFECT_MAYBE for %NULL. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaEffect
nebula_error_info_get_effect (const NebulaErrorInfo *info)
{
  return info != NULL ? (NebulaEffect) info->effect : NEBULA_EFFECT_MAYBE;
}

/**
 * nebula_error_info_get_pace:
 * @info: (nullable): a row
 *
 * Gets how long to wait before another attempt.
 *
 * Returns: the pace, %NEBULA_PACE_NONE for %NULL. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaPace
nebula_error_info_get_pace (const NebulaErrorInfo *info)
{
  return info != NULL ? (NebulaPace) info->pace : NEBULA_PACE_NONE;
}

/**
 * nebula_error_info_get_grpc_status:
 * @info: (nullable): a row
 *
 * Gets the status code that gRPC would use, as gRPC's retry policies list them.
 *
 * Returns: the status, %NEBULA_GRPC_UNKNOWN for %NULL. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaGrpcStatus
nebula_error_info_get_grpc_status (const NebulaErrorInfo *info)
{
  return info != NULL ? (NebulaGrpcStatus) info->grpc_status : NEBULA_GRPC_UNKNOWN;
}

/**
 * nebula_error_info_is_documented:
 * @info: (nullable): a row
 *
 * Tells whether NebulaGraph's own documentation lists the code. The others come from its IDL.
 *
 * Returns: %TRUE if it does; %FALSE for %NULL. Safe in any thread.
 *
 * Since: 0.1
 */
gboolean
nebula_error_info_is_documented (const NebulaErrorInfo *info)
{
  return info != NULL && info->documented;
}

/**
 * nebula_error_info_get_meaning:
 * @info: (nullable): a row
 *
 * Gets the meaning in English, one line.
 *
 * Returns: (transfer none): a static string, never %NULL. Safe in any thread.
 *
 * Since: 0.1
 */
const char *
nebula_error_info_get_meaning (const NebulaErrorInfo *info)
{
  return info != NULL ? info->meaning : nebula_error_unknown_table[NEBULA_CODE_RANGE_NONE].meaning;
}
