/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-reader-private.h"

#include "nebula-nearest-private.h"

void
nebula_mock_reader_report (NebulaMockReader *reader, const char *path, const char *format, ...)
{
  va_list args;

  if (reader->problems->len > 0)
    g_string_append_c (reader->problems, '\n');
  if (*path != '\0')
    g_string_append_printf (reader->problems, "%s: ", path);
  va_start (args, format);
  g_string_append_vprintf (reader->problems, format, args);
  va_end (args);
}

void
nebula_mock_reader_report_unknown (NebulaMockReader *reader,
                                   const char *path,
                                   const char *word,
                                   const char *const *words)
{
  const char *meant = nebula_nearest_word (word, words);
  g_autofree char *all = NULL;

  if (meant != NULL)
    {
      nebula_mock_reader_report (reader, path, "\"%s\" is unknown, did you mean \"%s\"?", word,
                                 meant);
      return;
    }
  all = g_strjoinv (", ", (char **) words);
  nebula_mock_reader_report (reader, path, "\"%s\" is unknown, expected one of %s", word, all);
}

gboolean
nebula_mock_reader_check_keys (NebulaMockReader *reader,
                               const char *path,
                               JsonObject *object,
                               const char *const *keys)
{
  g_autoptr (GList) members = json_object_get_members (object);
  gboolean good = TRUE;
  GList *item;

  for (item = members; item != NULL; item = item->next)
    if (!g_strv_contains (keys, item->data))
      {
        g_autofree char *key_path = *path != '\0'
                                      ? g_strdup_printf ("%s.%s", path, (char *) item->data)
                                      : g_strdup (item->data);
        const char *meant = nebula_nearest_word (item->data, keys);
        g_autofree char *all = g_strjoinv (", ", (char **) keys);

        if (meant != NULL)
          nebula_mock_reader_report (reader, key_path, "unknown key, did you mean \"%s\"?", meant);
        else
          nebula_mock_reader_report (reader, key_path, "unknown key, expected one of %s", all);
        good = FALSE;
      }
  return good;
}

/* ---- typed values */

const char *
nebula_mock_reader_type_of (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return "an object";
  if (JSON_NODE_HOLDS_ARRAY (node))
    return "an array";
  if (JSON_NODE_HOLDS_NULL (node))
    return "null";
  switch (json_node_get_value_type (node))
    {
    case G_TYPE_STRING:
      return "a string";
    case G_TYPE_BOOLEAN:
      return "a boolean";
    case G_TYPE_DOUBLE:
      return "a number with a fraction";
    default:
      return "a number";
    }
}

/* Returns: (nullable): NULL after a report */
const char *
nebula_mock_reader_get_string (NebulaMockReader *reader, const char *path, JsonNode *node)
{
  const char *text;

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    {
      nebula_mock_reader_report (reader, path, "is %s, expected a string",
                                 nebula_mock_reader_type_of (node));
      return NULL;
    }
  text = json_node_get_string (node);
  if (*text != '\0')
    return text;
  nebula_mock_reader_report (reader, path, "is empty, expected some text");
  return NULL;
}

gboolean
nebula_mock_reader_get_integer (NebulaMockReader *reader,
                                const char *path,
                                JsonNode *node,
                                gint64 min,
                                gint64 max,
                                gint64 *value)
{
  gint64 number;

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    {
      nebula_mock_reader_report (reader, path, "is %s, expected an integer",
                                 nebula_mock_reader_type_of (node));
      return FALSE;
    }
  number = json_node_get_int (node);
  if (number >= min && number <= max)
    {
      *value = number;
      return TRUE;
    }
  nebula_mock_reader_report (reader, path,
                             "is %" G_GINT64_FORMAT ", expected %" G_GINT64_FORMAT
                             " to %" G_GINT64_FORMAT,
                             number, min, max);
  return FALSE;
}

/* @read: takes one element; the same for each of the array */
void
nebula_mock_reader_foreach (NebulaMockReader *reader,
                            const char *path,
                            JsonNode *node,
                            void (*read) (NebulaMockReader *, const char *, JsonNode *))
{
  JsonArray *array;
  guint i;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      nebula_mock_reader_report (reader, path, "is %s, expected an array",
                                 nebula_mock_reader_type_of (node));
      return;
    }
  array = json_node_get_array (node);
  for (i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *item = g_strdup_printf ("%s[%u]", path, i);

      read (reader, item, json_array_get_element (array, i));
    }
}
