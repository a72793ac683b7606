/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-bytes-private.h"
#include "nebula-message-rules-private.h"

#include <string.h>

/* Finds the first of the rules of nebula-message-rules.c that a text matches, in one look over the
 * text. */

/* The pairs of phase and code that have rules: seven. */
#define MAX_GROUPS 8

/* Two bytes that stems have one behind the other, each as often as bytes are looked at. */
typedef struct
{
  NebulaBytes first;
  NebulaBytes second;
} Pair;

/* The pairs of a group, ten at most. */
#define MAX_PAIRS 12

/* The rules of one phase and code, in chains by one byte of their stems, the anchor. Texts without
 * a rule, which are most, are passed over by the pairs of an anchor and the byte behind it. Chains
 * are in the order of the rules. */
typedef struct
{
  gint32 wire_code;
  guint8 phase;
  guint8 by_first_byte[256]; /* NEBULA_STEM_PREFIX */
  guint8 by_anchor[256];     /* NEBULA_STEM_CONTAINS */
  guint n_pairs;
  Pair pairs[MAX_PAIRS];
  NebulaBytes lowest; /* of the first bytes of the pairs */
  NebulaBytes highest;
} Group;

typedef struct
{
  Group groups[MAX_GROUPS];
  guint n_groups;
  guint8 next[NEBULA_MAX_MESSAGE_RULES];
  guint8 anchor[NEBULA_MAX_MESSAGE_RULES]; /* offset in the stem */
} Index;

/* The byte of a stem to look for: a capital, because capitals are rare in a text. Never the last
 * one, so that there is a second byte to look at before a chain is tried. */
static guint8
anchor_of_stem (const NebulaMessageRule *rule)
{
  for (guint8 i = 0; rule->kind == NEBULA_STEM_CONTAINS && i + 1 < rule->stem_length; i++)
    {
      if (g_ascii_isupper (rule->stem[i]))
        return i;
    }

  return 0;
}

static const Group *
find_group (const Index *index, NebulaPhase phase, gint32 wire_code)
{
  for (guint i = 0; i < index->n_groups; i++)
    {
      if (index->groups[i].wire_code == wire_code && index->groups[i].phase == phase)
        return &index->groups[i];
    }

  return NULL;
}

static inline NebulaBytes
each (guint8 byte)
{
  return (NebulaBytes){ 0 } + byte;
}

static void
add_pair (Group *group, guint8 first, guint8 second)
{
  for (guint i = 0; i < group->n_pairs; i++)
    {
      if (group->pairs[i].first[0] == first && group->pairs[i].second[0] == second)
        return;
    }

  g_assert (group->n_pairs < MAX_PAIRS);
  group->lowest = group->n_pairs == 0 || first < group->lowest[0] ? each (first) : group->lowest;
  group->highest = first > group->highest[0] ? each (first) : group->highest;
  group->pairs[group->n_pairs++] = (Pair){ each (first), each (second) };
}

static void
add_to_index (Index *index, guint i)
{
  const NebulaMessageRule *rule = &nebula_message_rules[i];
  Group *group = (Group *) find_group (index, rule->phase, rule->wire_code);
  guint8 *head;

  if (group == NULL)
    {
      g_assert (index->n_groups < MAX_GROUPS);
      group = &index->groups[index->n_groups++];
      group->wire_code = rule->wire_code;
      group->phase = rule->phase;
    }

  index->anchor[i] = anchor_of_stem (rule);
  if (rule->kind == NEBULA_STEM_CONTAINS)
    add_pair (group, (guint8) rule->stem[index->anchor[i]],
              (guint8) rule->stem[index->anchor[i] + 1]);
  head = rule->kind == NEBULA_STEM_PREFIX ? group->by_first_byte : group->by_anchor;
  head += (guint8) rule->stem[index->anchor[i]];
  index->next[i] = *head;
  *head = (guint8) (i + 1);
}

static const Index *
get_index (void)
{
  static Index index; /* written once, under @filled */
  static gsize filled = 0;

  if (g_once_init_enter (&filled))
    {
      /* Backwards, because each goes before the ones that are there. */
      for (guint i = nebula_n_message_rules; i > 0; i--)
        add_to_index (&index, i - 1);
      g_once_init_leave (&filled, 1);
    }

  return &index;
}

/* Reads digits with a minus sign or without; saturates. Answers where they end, NULL if there are
 * none. */
static const char *
read_number (const char *text, const char *end, gint64 *number)
{
  gboolean negative = text < end && *text == '-';
  const char *digits = negative ? text + 1 : text;
  const char *at = digits;
  gint64 value = 0;

  for (; at < end && g_ascii_isdigit (*at); at++)
    value = value > (G_MAXINT64 - 9) / 10 ? G_MAXINT64 : value * 10 + (*at - '0');

  *number = negative ? -value : value;
  return at > digits ? at : NULL;
}

static gboolean
starts_with (const char *text, const char *end, const char *word)
{
  gsize length = strlen (word);

  return (gsize) (end - text) >= length && memcmp (text, word, length) == 0;
}

/* "RAFT_LOG_GAP(-3501)"; the name begins two bytes earlier, with the "E_" of the stem. */
static gboolean
match_name_and_code (const char *tail, const char *end, NebulaMessageMatch *match)
{
  const char *at = tail;

  while (at < end && (g_ascii_isupper (*at) || g_ascii_isdigit (*at) || *at == '_'))
    at++;
  if (at == tail || at == end || *at != '(')
    return FALSE;

  match->word = tail - strlen ("E_");
  match->word_length = (gsize) (at - match->word);
  at = read_number (at + 1, end, &match->number);
  return at != NULL && starts_with (at, end, ")");
}

/* Session ids and metad's codes come with a sign or without, the codes of memory always with one,
 * partitions and seconds never. */
static gboolean
sign_fits (guint8 tail, gboolean negative)
{
  switch (tail)
    {
    case NEBULA_TAIL_CODE_AND_PARENTHESIS:
      return negative;
    case NEBULA_TAIL_NUMBER_NOT_FOUND:
    case NEBULA_TAIL_SECONDS:
      return !negative;
    default:
      return TRUE;
    }
}

static gboolean
match_tail (const NebulaMessageRule *rule,
            const char *tail,
            const char *end,
            NebulaMessageMatch *match)
{
  /* What follows the number. */
  static const char *const after[] = {
    [NEBULA_TAIL_NUMBER_NOT_FOUND] = " not found",
    [NEBULA_TAIL_CODE_AND_PARENTHESIS] = ")",
    [NEBULA_TAIL_CODE_AND_MARK] = "!",
    [NEBULA_TAIL_NUMBER_DOES_NOT_EXIST] = "] does not exist",
    [NEBULA_TAIL_SECONDS] = " seconds",
  };
  NebulaMessageMatch found = { .rule = rule };
  gboolean matches = TRUE;

  if (rule->tail == NEBULA_TAIL_NAME_AND_CODE)
    {
      matches = match_name_and_code (tail, end, &found);
    }
  else if (rule->tail != NEBULA_TAIL_ANYTHING)
    {
      const char *at = read_number (tail, end, &found.number);

      matches = at != NULL && sign_fits (rule->tail, *tail == '-')
                && starts_with (at, end, after[rule->tail]);
    }

  if (matches)
    *match = found;
  return matches;
}

/* Tries the rules of a chain at one place of the text. @limit is the first rule that is not worth
 * trying, because an earlier one matched already. Answers the rule that matched, else @limit. */
static guint
try_chain (const Index *index,
           guint chain,
           const char *text,
           const char *at,
           const char *end,
           NebulaMessageMatch *match,
           guint limit)
{
  for (guint i = chain; i != 0 && i - 1 < limit; i = index->next[i - 1])
    {
      const NebulaMessageRule *rule = &nebula_message_rules[i - 1];
      gsize length = rule->stem_length;
      gsize anchor = index->anchor[i - 1];
      const char *start;

      if ((gsize) (at - text) < anchor || (gsize) (end - at) + anchor < length)
        continue;

      start = at - anchor;

      /* The last byte first: most stems of a chain begin alike. */
      if (start[length - 1] == rule->stem[length - 1] && memcmp (start, rule->stem, length) == 0
          && match_tail (rule, start + length, end, match))
        return i - 1;
    }

  return limit;
}

/* At which byte the first one is that is not 0, of which there is one. */
static inline guint
find_any (NebulaBytes bytes)
{
  guint64 halves[2];

  memcpy (halves, &bytes, NEBULA_N_BYTES);
  return halves[0] != 0
           ? (guint) __builtin_ctzll (GUINT64_FROM_LE (halves[0])) / 8
           : (guint) __builtin_ctzll (GUINT64_FROM_LE (halves[1])) / 8 + NEBULA_N_BYTES / 2;
}

/* Answers at which place the first pair is, else NEBULA_N_BYTES. Reads one byte more. */
static inline guint
find_pair (const Group *group, const char *at)
{
  NebulaBytes first = nebula_bytes_load (at);
  NebulaBytes second = nebula_bytes_load (at + 1);
  NebulaBytes found = { 0 };

  /* Nearly all are capitals, which are rare. */
  if (!nebula_bytes_is_any ((NebulaBytes) ((first >= group->lowest) & (first <= group->highest))))
    return NEBULA_N_BYTES;

  for (guint i = 0; i < group->n_pairs; i++)
    found |= (NebulaBytes) ((first == group->pairs[i].first) & (second == group->pairs[i].second));

  return nebula_bytes_is_any (found) ? find_any (found) : NEBULA_N_BYTES;
}

/* Skips the places where no chain begins. Answers @end when none does any more. */
static const char *
next_anchor (const Group *group, const char *at, const char *end)
{
  char rest[NEBULA_N_BYTES + 1] = { 0 };
  guint place;

  for (; end - at > NEBULA_N_BYTES; at += NEBULA_N_BYTES)
    {
      place = find_pair (group, at);
      if (place < NEBULA_N_BYTES)
        return at + place;
    }

  /* No stem has a NUL. */
  memcpy (rest, at, (gsize) (end - at));
  place = find_pair (group, rest);
  return place < NEBULA_N_BYTES ? at + place : end;
}

/* Finds the first rule that matches a text of @length bytes, which may hold any bytes. Linear in
 * @length, without allocating. */
gboolean
nebula_message_rules_match (NebulaPhase phase,
                            gint32 wire_code,
                            const char *text,
                            gsize length,
                            NebulaMessageMatch *match)
{
  const Index *index = get_index ();
  const Group *group = find_group (index, phase, wire_code);
  const char *end = text + length;
  guint best = nebula_n_message_rules;

  if (group == NULL || length == 0)
    return FALSE;

  best = try_chain (index, group->by_first_byte[(guint8) *text], text, text, end, match, best);

  for (const char *at = next_anchor (group, text, end); at < end;
       at = next_anchor (group, at + 1, end))
    best = try_chain (index, group->by_anchor[(guint8) *at], text, at, end, match, best);

  return best < nebula_n_message_rules;
}

/* The rules in their order; NULL behind the last. */
const NebulaMessageRule *
nebula_message_rules_at (guint i)
{
  return i < nebula_n_message_rules ? &nebula_message_rules[i] : NULL;
}
