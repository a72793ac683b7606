/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-code-listing-private.h"

#include "nebula-wording-private.h"

#include <stdio.h>
#include <string.h>

/*
 * The table of error codes as a listing: docs/error-codes.md is one.
 */

static const NebulaListingColumn columns[] = {
  { "code", NEBULA_LISTING_NUMBER },      { "name", NEBULA_LISTING_VERBATIM },
  { "category", NEBULA_LISTING_WORD },    { "cause", NEBULA_LISTING_WORD },
  { "effect", NEBULA_LISTING_WORD },      { "pace", NEBULA_LISTING_WORD },
  { "grpc_status", NEBULA_LISTING_WORD }, { "documented", NEBULA_LISTING_WORD },
  { "meaning", NEBULA_LISTING_WORD },
};

static void
add_row (NebulaListing *listing, const NebulaErrorInfo *info)
{
  g_autofree char *number = g_strdup_printf ("%d", nebula_error_info_get_code (info));
  const char *const cells[G_N_ELEMENTS (columns)] = {
    number,
    nebula_error_info_get_name (info),
    nebula_error_category_to_string (nebula_error_info_get_category (info)),
    nebula_cause_to_string (nebula_error_info_get_cause (info)),
    nebula_effect_to_string (nebula_error_info_get_effect (info)),
    nebula_pace_to_string (nebula_error_info_get_pace (info)),
    nebula_grpc_status_to_string (nebula_error_info_get_grpc_status (info)),
    nebula_error_info_is_documented (info) ? "yes" : "no",
    nebula_error_info_get_meaning (info),
  };

  nebula_listing_add (listing, cells);
}

/* Whose range a code is in, as the library says it of the next number there that nobody knows: the
 * row of that number, one for each range. */
static const NebulaErrorInfo *
find_range (gint32 code)
{
  while (nebula_error_info_lookup (code) != NULL)
    code--;
  return nebula_error_info_for_code (code);
}

/* "Unknown code of graphd" is the meaning of what is not in the table. */
static void
print_range (GPtrArray *infos, guint begin, guint end)
{
  static const char unknown[] = "Unknown code";
  g_auto (NebulaListing) listing = { 0 };
  gint32 first = nebula_error_info_get_code (infos->pdata[begin]);
  gint32 last = nebula_error_info_get_code (infos->pdata[end - 1]);
  const char *whose = nebula_error_info_get_meaning (find_range (first));

  nebula_listing_init (&listing, columns, G_N_ELEMENTS (columns));
  for (guint i = begin; i < end; i++)
    add_row (&listing, infos->pdata[i]);
  if (g_str_has_prefix (whose, unknown))
    whose += strlen (unknown);
  if (first == last)
    printf ("\n## Code%s: %d\n\n", whose, first);
  else
    printf ("\n## Codes%s: %d to %d\n\n", whose, first, last);
  nebula_listing_print_markdown (&listing);
}

static void
print_word (const char *word, const char *meaning)
{
  printf ("| `%s` | %s |\n", word, meaning);
}

static void
print_words (void)
{
  puts ("\n## Category: who must act\n\n| category | meaning |\n|---|---|");
  for (int i = NEBULA_ERROR_CATEGORY_OK; i <= NEBULA_ERROR_CATEGORY_SESSION; i++)
    print_word (nebula_error_category_to_string ((NebulaErrorCategory) i),
                nebula_wording_of_category ((NebulaErrorCategory) i));
  puts ("\n## Effect: what the failed attempt may have done\n\n| effect | meaning |\n|---|---|");
  for (int i = NEBULA_EFFECT_NONE; i <= NEBULA_EFFECT_APPLIED; i++)
    print_word (nebula_effect_to_string ((NebulaEffect) i),
                nebula_wording_of_effect ((NebulaEffect) i));
  puts ("\n## Pace: when another attempt makes sense\n\n| pace | meaning |\n|---|---|");
  for (int i = NEBULA_PACE_NONE; i <= NEBULA_PACE_PUSHBACK; i++)
    print_word (nebula_pace_to_string ((NebulaPace) i), nebula_wording_of_pace ((NebulaPace) i));
}

static void
print_markdown (GPtrArray *infos)
{
  guint begin = 0;

  puts (
    "# Error codes\n"
    "\n"
    "This page is made from the table of the library; change that, then print it again:\n"
    "\n"
    "    nebula-interceptor codes --format markdown > docs/error-codes.md\n"
    "\n"
    "It says what each code means when nothing but the number is known. graphd hides most\n"
    "causes in a text behind -1005: see [graphd-messages.md](graphd-messages.md). `documented`\n"
    "says whether the documentation of NebulaGraph has the code. A number that is not here is\n"
    "`FATAL`, and may have been applied.");
  print_words ();
  for (guint i = 1; i <= infos->len; i++)
    if (i == infos->len
        || find_range (nebula_error_info_get_code (infos->pdata[i]))
             != find_range (nebula_error_info_get_code (infos->pdata[begin])))
      {
        print_range (infos, begin, i);
        begin = i;
      }
}

/**
 * nebula_code_listing_print:
 * @infos: (element-type NebulaErrorInfo): the rows
 * @form: how to print
 */
void
nebula_code_listing_print (GPtrArray *infos, NebulaListingForm form)
{
  g_auto (NebulaListing) listing = { 0 };

  nebula_listing_init (&listing, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < infos->len; i++)
    add_row (&listing, infos->pdata[i]);
  if (form == NEBULA_LISTING_MARKDOWN)
    print_markdown (infos);
  else if (form == NEBULA_LISTING_JSON)
    nebula_listing_print_json (&listing);
  else
    nebula_listing_print_text (&listing);
}
