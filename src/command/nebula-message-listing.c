/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-code-listing-private.h"

#include <nebula-retry/nebula-retry.h>
#include <stdio.h>

/*
 * The table of graphd's texts as a listing: docs/graphd-messages.md is one.
 */

static const NebulaListingColumn columns[] = {
  { "phase", NEBULA_LISTING_WORD },         { "wire_code", NEBULA_LISTING_NUMBER },
  { "match", NEBULA_LISTING_WORD },         { "text", NEBULA_LISTING_VERBATIM },
  { "tail", NEBULA_LISTING_VERBATIM },      { "real_code", NEBULA_LISTING_NUMBER },
  { "real_name", NEBULA_LISTING_VERBATIM }, { "category", NEBULA_LISTING_WORD },
  { "cause", NEBULA_LISTING_WORD },         { "effect", NEBULA_LISTING_WORD },
  { "pace", NEBULA_LISTING_WORD },          { "source", NEBULA_LISTING_WORD },
};

/* Whether the facts are those of a code that the text names. */
static gboolean
leaves_facts_to_code (const NebulaMessageRule *rule)
{
  return nebula_message_rule_get_real_code (rule) == 0
         && nebula_message_rule_get_cause (rule) == NEBULA_CAUSE_UNKNOWN;
}

static void
add_row (NebulaListing *listing, const NebulaMessageRule *rule)
{
  gint32 real = nebula_message_rule_get_real_code (rule);
  gboolean left = leaves_facts_to_code (rule);
  g_autofree char *wire_code = g_strdup_printf ("%d", nebula_message_rule_get_wire_code (rule));
  g_autofree char *real_code = real != 0 ? g_strdup_printf ("%d", real) : NULL;
  const char *const cells[G_N_ELEMENTS (columns)] = {
    nebula_phase_to_string (nebula_message_rule_get_phase (rule)),
    wire_code,
    nebula_message_rule_is_prefix (rule) ? "prefix" : "contains",
    nebula_message_rule_get_text (rule),
    nebula_message_rule_get_tail (rule),
    real_code,
    real != 0 ? nebula_error_info_get_name (nebula_error_info_for_code (real)) : NULL,
    left ? NULL : nebula_error_category_to_string (nebula_message_rule_get_category (rule)),
    left ? NULL : nebula_cause_to_string (nebula_message_rule_get_cause (rule)),
    nebula_effect_to_string (nebula_message_rule_get_effect (rule)),
    left ? NULL : nebula_pace_to_string (nebula_message_rule_get_pace (rule)),
    nebula_message_rule_get_source (rule),
  };

  nebula_listing_add (listing, cells);
}

static gboolean
stand_together (const NebulaMessageRule *a, const NebulaMessageRule *b)
{
  return nebula_message_rule_get_phase (a) == nebula_message_rule_get_phase (b)
         && nebula_message_rule_get_wire_code (a) == nebula_message_rule_get_wire_code (b);
}

static void
print_group (guint begin, guint end)
{
  g_auto (NebulaListing) listing = { 0 };
  const NebulaMessageRule *rule = nebula_message_rule_at (begin);

  nebula_listing_init (&listing, columns, G_N_ELEMENTS (columns));
  for (guint i = begin; i < end; i++)
    add_row (&listing, nebula_message_rule_at (i));
  printf ("\n## %s, code %d\n\n", nebula_phase_to_string (nebula_message_rule_get_phase (rule)),
          nebula_message_rule_get_wire_code (rule));
  nebula_listing_print_markdown (&listing);
}

static void
print_markdown (void)
{
  guint n = nebula_message_rule_get_count ();
  guint begin = 0;

  puts (
    "# Texts of graphd\n"
    "\n"
    "This page is made from the rules of the library; change them, then print it again:\n"
    "\n"
    "    nebula-interceptor codes --messages --format markdown > docs/graphd-messages.md\n"
    "\n"
    "graphd answers nearly every failure with -1005 and hides the cause in a text. These rules\n"
    "find it again. The first that fits counts: the text begins with what stands here\n"
    "(`prefix`) or has it anywhere (`contains`), and the tail follows, with capitals for what\n"
    "varies. A rule without a real code takes the one that the text names, and without a\n"
    "category the facts of that code, but at least the effect that stands here. The source is\n"
    "the server that says so and the releases of NebulaGraph that do, where it is not all.\n"
    "What a statement does may change the effect: see [safety.md](safety.md). The words are\n"
    "those of [error-codes.md](error-codes.md).");
  for (guint i = 1; i <= n; i++)
    if (i == n || !stand_together (nebula_message_rule_at (i), nebula_message_rule_at (begin)))
      {
        print_group (begin, i);
        begin = i;
      }
}

/**
 * nebula_message_listing_print:
 * @form: how to print
 */
void
nebula_message_listing_print (NebulaListingForm form)
{
  g_auto (NebulaListing) listing = { 0 };

  nebula_listing_init (&listing, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < nebula_message_rule_get_count (); i++)
    add_row (&listing, nebula_message_rule_at (i));
  if (form == NEBULA_LISTING_MARKDOWN)
    print_markdown ();
  else if (form == NEBULA_LISTING_JSON)
    nebula_listing_print_json (&listing);
  else
    nebula_listing_print_text (&listing);
}
