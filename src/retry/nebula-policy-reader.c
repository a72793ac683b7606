/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-policy-reader-private.h"

#include "nebula-nearest-private.h"

#include <math.h>
#include <string.h>

/* Reads the members of JSON objects into structures, by tables. Nothing ends the reading: what is
 * wrong is noted with its path, so that all of it is known at once. */

/* Of a value that is quoted in a message. */
#define MAX_SHOWN 60

/* What one file may say is wrong about another is as much as anybody reads. */
#define MAX_COMPLAINTS 100

static void
note (GPtrArray *notes, const char *path, char *text)
{
  g_autofree char *owned = text;

  if (notes->len < MAX_COMPLAINTS)
    g_ptr_array_add (notes, g_strdup_printf ("%s: %s", *path != '\0' ? path : "the file", owned));
}

/* Private: @path is "" for the file as a whole. */
void
nebula_policy_reader_error (NebulaPolicyReader *self, const char *path, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  note (self->errors, path, g_strdup_vprintf (format, args));
  va_end (args);
}

/* Private */
void
nebula_policy_reader_warn (NebulaPolicyReader *self, const char *path, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  note (self->warnings, path, g_strdup_vprintf (format, args));
  va_end (args);
}

/* Private: "0 is too small, expected an integer of 1 or more" */
void
nebula_policy_reader_wrong (NebulaPolicyReader *self,
                            const char *path,
                            JsonNode *node,
                            const char *problem,
                            const char *expected)
{
  g_autofree char *text = NULL;

  if (JSON_NODE_HOLDS_OBJECT (node) || JSON_NODE_HOLDS_ARRAY (node))
    {
      nebula_policy_reader_error (self, path, "%s is wrong, expected %s",
                                  JSON_NODE_HOLDS_OBJECT (node) ? "an object" : "an array",
                                  expected);
      return;
    }

  text = json_to_string (node, FALSE);
  if (g_utf8_strlen (text, -1) > MAX_SHOWN)
    {
      g_autofree char *start = g_utf8_substring (text, 0, MAX_SHOWN);

      g_free (text);
      text = g_strconcat (start, "…", NULL);
    }
  nebula_policy_reader_error (self, path, "%s %s, expected %s", text, problem, expected);
}

/* Returns: (nullable): the one of @known that was probably meant */
static const char *
find_meant (const char *text, GPtrArray *known)
{
  const char *meant = NULL;

  g_ptr_array_add (known, NULL);
  /* The nearest word is found in time that grows with the length. */
  if (strlen (text) <= MAX_SHOWN)
    meant = nebula_nearest_word (text, (const char *const *) known->pdata);
  g_ptr_array_set_size (known, (int) known->len - 1);

  return meant;
}

/* Private: the error of a word that is none of @known, with the one that was probably meant. */
void
nebula_policy_reader_unknown (NebulaPolicyReader *self,
                              const char *path,
                              const char *text,
                              GPtrArray *known,
                              const char *expected)
{
  const char *meant = find_meant (text, known);

  if (meant != NULL)
    nebula_policy_reader_error (self, path, "%s, did you mean \"%s\"?", expected, meant);
  else
    nebula_policy_reader_error (self, path, "%s", expected);
}

/* Private: an error for each key of @object that is none of @known. */
void
nebula_policy_reader_check_keys (NebulaPolicyReader *self,
                                 JsonObject *object,
                                 const char *path,
                                 GPtrArray *known,
                                 const char *what)
{
  g_autoptr (GList) keys = json_object_get_members (object);

  for (GList *item = keys; item != NULL; item = item->next)
    if (!g_ptr_array_find_with_equal_func (known, item->data, g_str_equal, NULL))
      {
        g_autofree char *at = nebula_policy_path (path, item->data);

        nebula_policy_reader_unknown (self, at, item->data, known, what);
      }
}

/* Private: keys that would not look like part of a path are quoted. */
char *
nebula_policy_path (const char *parent, const char *key)
{
  gboolean plain = g_ascii_isalpha (*key)
                   && strspn (key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789_-")
                        == strlen (key);

  if (!plain)
    {
      g_autofree char *quoted = g_strescape (key, NULL);

      return g_strdup_printf ("%s[\"%.200s\"]", parent, quoted);
    }
  return *parent != '\0' ? g_strdup_printf ("%s.%s", parent, key) : g_strdup (key);
}

/* Private: (nullable) when @node is none; that has been said then. */
JsonObject *
nebula_policy_read_object (NebulaPolicyReader *reader,
                           JsonNode *node,
                           const char *path,
                           gboolean may_be_empty)
{
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      nebula_policy_reader_wrong (reader, path, node, "is wrong", "an object");
      return NULL;
    }
  if (!may_be_empty && json_object_get_size (json_node_get_object (node)) == 0)
    nebula_policy_reader_error (reader, path, "the object is empty, expected at least one key");

  return json_node_get_object (node);
}

/* Private: (nullable) when @node is none; that has been said then. */
JsonArray *
nebula_policy_read_array (NebulaPolicyReader *reader,
                          JsonNode *node,
                          const char *path,
                          const char *expected)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    return json_node_get_array (node);

  nebula_policy_reader_wrong (reader, path, node, "is wrong", expected);
  return NULL;
}

/* Whether find_member() finds @key for one of the fields. */
static gboolean
is_read (const NebulaField *fields, const char *key)
{
  for (const NebulaField *field = fields; field->key != NULL; field++)
    if (g_str_equal (key, field->key)
        || ((field->flags & NEBULA_FIELD_GRPC) != 0 && !g_ascii_strcasecmp (key, field->key)))
      return TRUE;

  return FALSE;
}

/* gRPC passes over what it does not know; but a slip of the pen must not switch off without a word
 * what it was meant to say. */
static void
warn_about_slips (NebulaPolicyReader *reader,
                  JsonObject *object,
                  const char *path,
                  const NebulaField *fields,
                  GPtrArray *known)
{
  g_autoptr (GList) keys = json_object_get_members (object);

  for (GList *item = keys; item != NULL; item = item->next)
    {
      const char *meant = is_read (fields, item->data) ? NULL : find_meant (item->data, known);

      if (meant != NULL)
        {
          g_autofree char *at = nebula_policy_path (path, item->data);

          nebula_policy_reader_warn (reader, at, "nobody knows this key, did you mean \"%s\"?",
                                     meant);
        }
    }
}

static void
check_keys (NebulaPolicyReader *reader,
            JsonObject *object,
            const char *path,
            const NebulaField *fields)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new ();

  for (const NebulaField *field = fields; field->key != NULL; field++)
    g_ptr_array_add (known, (gpointer) field->key);
  if ((fields[0].flags & NEBULA_FIELD_GRPC) != 0)
    warn_about_slips (reader, object, path, fields, known);
  else
    nebula_policy_reader_check_keys (reader, object, path, known, "nobody knows this key");
}

/* Go's reader takes a key in any case, C-core's only in its own. */
static JsonNode *
find_member (NebulaPolicyReader *reader,
             JsonObject *object,
             const char *path,
             const NebulaField *field)
{
  JsonNode *node = json_object_get_member (object, field->key);
  g_autoptr (GList) keys = NULL;

  if (node != NULL || (field->flags & NEBULA_FIELD_GRPC) == 0)
    return node;

  keys = json_object_get_members (object);
  for (GList *item = keys; item != NULL; item = item->next)
    if (g_ascii_strcasecmp (item->data, field->key) == 0)
      {
        g_autofree char *at = nebula_policy_path (path, item->data);

        nebula_policy_reader_warn (reader, at, "only gRPC's Go reads this as %s", field->key);
        return json_object_get_member (object, item->data);
      }

  return NULL;
}

static char *
describe_words (const NebulaField *field)
{
  GString *words = g_string_new (field->word (0));

  for (int i = 1; strcmp (field->word (i), "?") != 0; i++)
    g_string_append_printf (words, "%s%s", strcmp (field->word (i + 1), "?") ? ", " : " or ",
                            field->word (i));

  return g_string_free (words, FALSE);
}

static char *
describe (const NebulaField *field)
{
  switch (field->kind)
    {
    case NEBULA_FIELD_BOOLEAN:
      return g_strdup ("true or false");
    case NEBULA_FIELD_COUNT:
      return g_strdup_printf ("an integer of %d or more", (int) field->minimum);
    case NEBULA_FIELD_NUMBER:
      return g_strdup ("a number above 0");
    case NEBULA_FIELD_DURATION:
      return g_strdup_printf ("a duration%s such as \"0.25s\"",
                              field->minimum > 0 ? " above 0" : "");
    case NEBULA_FIELD_WORD:
      return describe_words (field);
    case NEBULA_FIELD_OBJECT:
    case NEBULA_FIELD_CUSTOM:
    default:
      return g_strdup (field->expected);
    }
}

/* Private: reads those members of @node that @fields has into @base. Other members are errors,
 * unless the table is gRPC's. */
void
nebula_policy_read_fields (NebulaPolicyReader *reader,
                           JsonNode *node,
                           const char *path,
                           const NebulaField *fields,
                           gpointer base)
{
  JsonObject *object = nebula_policy_read_object (reader, node, path, TRUE);

  if (object == NULL)
    return;
  check_keys (reader, object, path, fields);

  for (const NebulaField *field = fields; field->key != NULL; field++)
    {
      JsonNode *member = find_member (reader, object, path, field);
      g_autofree char *at = nebula_policy_path (path, field->key);

      /* In proto3 null is as good as nothing. */
      if (member != NULL && JSON_NODE_HOLDS_NULL (member)
          && (field->flags & NEBULA_FIELD_GRPC) != 0)
        member = NULL;
      if (member != NULL)
        nebula_policy_read_value (reader, member, at, field, base);
      else if ((field->flags & NEBULA_FIELD_REQUIRED) != 0)
        {
          g_autofree char *expected = describe (field);

          nebula_policy_reader_error (reader, at, "is missing, expected %s", expected);
        }
    }
}

static void
read_boolean (NebulaPolicyReader *reader,
              JsonNode *node,
              const char *path,
              const NebulaField *field,
              gpointer target)
{
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    *(gboolean *) target = json_node_get_boolean (node);
  else
    nebula_policy_reader_wrong (reader, path, node, "is wrong", "true or false");
}

static gboolean
is_text (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

/* C-core takes a number in quotes wherever it takes a number, as proto3's JSON does. */
static gboolean
get_number (NebulaPolicyReader *reader,
            JsonNode *node,
            const char *path,
            const NebulaField *field,
            double *number)
{
  if (is_text (node) && (field->flags & NEBULA_FIELD_GRPC) != 0)
    {
      const char *text = json_node_get_string (node);
      char *end;

      if (strspn (text, "+-.0123456789eE") != strlen (text) || *text == '\0')
        return FALSE;
      *number = g_ascii_strtod (text, &end);
      if (*end != '\0')
        return FALSE;
      nebula_policy_reader_warn (reader, path, "gRPC's Go takes no number in quotes");
      return TRUE;
    }

  if (!JSON_NODE_HOLDS_VALUE (node)
      || (json_node_get_value_type (node) != G_TYPE_INT64
          && json_node_get_value_type (node) != G_TYPE_DOUBLE))
    return FALSE;
  *number = json_node_get_double (node);

  return TRUE;
}

/* 3.0 is an integer for JSON, and for both of gRPC's readers it is not: so it is not for us. */
static gboolean
is_fraction (JsonNode *node, double number)
{
  return floor (number) != number
         || (!is_text (node) && json_node_get_value_type (node) == G_TYPE_DOUBLE);
}

static void
read_count (NebulaPolicyReader *reader,
            JsonNode *node,
            const char *path,
            const NebulaField *field,
            gpointer target)
{
  guint maximum = field->maximum > 0 ? field->maximum : G_MAXUINT;
  g_autofree char *expected = describe (field);
  double number;

  if (!get_number (reader, node, path, field, &number))
    nebula_policy_reader_wrong (reader, path, node, "is no integer", expected);
  else if (isnan (number) || is_fraction (node, number))
    nebula_policy_reader_wrong (reader, path, node, "is no integer", expected);
  else if (number < (double) field->minimum)
    nebula_policy_reader_wrong (reader, path, node, "is too small", expected);
  else if (number > maximum)
    {
      g_autofree char *most = g_strdup_printf ("at most %u", maximum);

      nebula_policy_reader_wrong (reader, path, node, "is too large", most);
    }
  else
    *(guint *) target = (guint) number;
}

static void
read_number (NebulaPolicyReader *reader,
             JsonNode *node,
             const char *path,
             const NebulaField *field,
             gpointer target)
{
  g_autofree char *expected = describe (field);
  double number;

  if (!get_number (reader, node, path, field, &number))
    nebula_policy_reader_wrong (reader, path, node, "is no number", expected);
  else if (!(number > 0))
    nebula_policy_reader_wrong (reader, path, node, "is too small", expected);
  else if (!isfinite (number))
    nebula_policy_reader_error (reader, path, "the number is too large, expected %s", expected);
  else
    *(double *) target = number;
}

static void
read_duration (NebulaPolicyReader *reader,
               JsonNode *node,
               const char *path,
               const NebulaField *field,
               gpointer target)
{
  g_autofree char *expected = describe (field);
  const char *problem = "is no duration";
  const char *notice = NULL;
  gint64 duration = 0;

  if (!is_text (node)
      || !nebula_policy_parse_duration (json_node_get_string (node),
                                        (field->flags & NEBULA_FIELD_GRPC) != 0, &duration,
                                        &problem, &notice))
    nebula_policy_reader_wrong (reader, path, node, problem, expected);
  else if (duration < field->minimum)
    nebula_policy_reader_wrong (reader, path, node, "is too short", expected);
  else
    *(gint64 *) target = duration;
  if (notice != NULL)
    nebula_policy_reader_warn (reader, path, "%s", notice);
}

/* Private: -1 for a text that is none of the words. */
int
nebula_policy_find_word (const char *(*word) (int value), const char *text)
{
  for (int i = 0; strcmp (word (i), "?") != 0; i++)
    if (strcmp (word (i), text) == 0)
      return i;

  return -1;
}

static void
read_word (NebulaPolicyReader *reader,
           JsonNode *node,
           const char *path,
           const NebulaField *field,
           gpointer target)
{
  g_autofree char *words = describe_words (field);
  g_autofree char *expected = NULL;
  g_autofree char *shown = NULL;
  g_autoptr (GPtrArray) known = g_ptr_array_new ();
  int value;

  if (!is_text (node))
    {
      nebula_policy_reader_wrong (reader, path, node, "is wrong", words);
      return;
    }
  value = nebula_policy_find_word (field->word, json_node_get_string (node));
  if (value >= 0)
    {
      *(int *) target = value;
      return;
    }

  for (int i = 0; strcmp (field->word (i), "?") != 0; i++)
    g_ptr_array_add (known, (gpointer) field->word (i));
  shown = json_to_string (node, FALSE);
  expected = strlen (shown) <= MAX_SHOWN
               ? g_strdup_printf ("%s is not known, expected %s", shown, words)
               : g_strdup_printf ("this is not known, expected %s", words);
  nebula_policy_reader_unknown (reader, path, json_node_get_string (node), known, expected);
}

/* Private: reads @node, a value of @field, into the structure at @base. */
void
nebula_policy_read_value (NebulaPolicyReader *reader,
                          JsonNode *node,
                          const char *path,
                          const NebulaField *field,
                          gpointer base)
{
  gpointer target = (char *) base + field->offset;

  switch (field->kind)
    {
    case NEBULA_FIELD_BOOLEAN:
      read_boolean (reader, node, path, field, target);
      break;
    case NEBULA_FIELD_COUNT:
      read_count (reader, node, path, field, target);
      break;
    case NEBULA_FIELD_NUMBER:
      read_number (reader, node, path, field, target);
      break;
    case NEBULA_FIELD_DURATION:
      read_duration (reader, node, path, field, target);
      break;
    case NEBULA_FIELD_WORD:
      read_word (reader, node, path, field, target);
      break;
    case NEBULA_FIELD_OBJECT:
      nebula_policy_read_fields (reader, node, path, field->fields, base);
      break;
    case NEBULA_FIELD_CUSTOM:
    default:
      field->read (reader, node, path, base);
      break;
    }
}
