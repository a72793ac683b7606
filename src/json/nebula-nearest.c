/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-nearest-private.h"

#include <string.h>

/* The edit distance of two short words. */
static guint
distance (const char *a, const char *b)
{
  const gsize columns = strlen (b) + 1;
  g_autofree guint *row = g_new (guint, columns);
  gsize i, j;

  for (j = 0; j < columns; j++)
    row[j] = j;
  for (i = 0; a[i] != '\0'; i++)
    {
      guint diagonal = row[0];

      row[0] = i + 1;
      for (j = 1; j < columns; j++)
        {
          const guint replaced = diagonal + (a[i] != b[j - 1]);

          diagonal = row[j];
          row[j] = MIN (MIN (row[j], row[j - 1]) + 1, replaced);
        }
    }
  return row[columns - 1];
}

/* Returns: (nullable): the word that is nearest, unless more than a third of it differs */
const char *
nebula_nearest_word (const char *word, const char *const *words)
{
  const char *best = NULL;
  guint best_distance = G_MAXUINT;

  for (; *words != NULL; words++)
    {
      const guint d = distance (word, *words);

      if (d < best_distance && d <= MAX (1, strlen (*words) / 3))
        {
          best = *words;
          best_distance = d;
        }
    }
  return best;
}
