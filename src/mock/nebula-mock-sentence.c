/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-statement-private.h"

NebulaMockSentence *
nebula_mock_sentence_new (void)
{
  NebulaMockSentence *sentence = g_new0 (NebulaMockSentence, 1);

  sentence->vertices = g_ptr_array_new_with_free_func (g_free);
  sentence->names = g_ptr_array_new_with_free_func (g_free);
  sentence->values = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  sentence->assignments =
    g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_mock_assignment_free);
  sentence->properties = g_ptr_array_new_with_free_func (g_free);
  return sentence;
}

void
nebula_mock_sentence_free (NebulaMockSentence *sentence)
{
  g_free (sentence->name);
  g_ptr_array_unref (sentence->vertices);
  g_ptr_array_unref (sentence->names);
  g_ptr_array_unref (sentence->values);
  g_ptr_array_unref (sentence->assignments);
  g_ptr_array_unref (sentence->properties);
  g_free (sentence);
}

gboolean
nebula_mock_sentence_needs_space (const NebulaMockSentence *sentence)
{
  switch (sentence->kind)
    {
    case NEBULA_MOCK_SENTENCE_INSERT_VERTEX:
    case NEBULA_MOCK_SENTENCE_UPDATE_VERTEX:
    case NEBULA_MOCK_SENTENCE_DELETE_VERTEX:
    case NEBULA_MOCK_SENTENCE_FETCH:
    case NEBULA_MOCK_SENTENCE_TRAVERSE:
      return TRUE;
    default:
      return FALSE;
    }
}
