/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-scenario-private.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "nebula-json-syntax-private.h"
#include "nebula-mock-message-private.h"
#include "nebula-nearest-private.h"

/* Errors are G_IO_ERROR_INVALID_DATA: a test only shows them, and one more domain would be one more
 * thing to link against. */

/* A delay longer than this is a slip of the pen: what is never answered is `silence`. */
#define DELAY_MAX_MS 3600000

typedef struct
{
  NebulaMockScenario *scenario; /* (unowned) */
  GString            *problems; /* (owned): one line for each */
} Reading;

static const char *const scenario_keys[] = { "users", "spaces", "faults", NULL };
static const char *const fault_keys[] = { "kind",    "method", "contains", "calls",
                                          "code",    "message", "ms",      NULL };

static void report (Reading *reading, const char *path, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

static void
report (Reading    *reading,
        const char *path,
        const char *format,
        ...)
{
  va_list args;

  if (reading->problems->len > 0)
    g_string_append_c (reading->problems, '\n');
  if (*path != '\0')
    g_string_append_printf (reading->problems, "%s: ", path);
  va_start (args, format);
  g_string_append_vprintf (reading->problems, format, args);
  va_end (args);
}

static void
report_unknown (Reading           *reading,
                const char        *path,
                const char        *word,
                const char *const *words)
{
  const char *meant = nebula_nearest_word (word, words);
  g_autofree char *all = NULL;

  if (meant != NULL)
    {
      report (reading, path, "\"%s\" is unknown, did you mean \"%s\"?", word, meant);
      return;
    }
  all = g_strjoinv (", ", (char **) words);
  report (reading, path, "\"%s\" is unknown, expected one of %s", word, all);
}

static gboolean
check_keys (Reading           *reading,
            const char        *path,
            JsonObject        *object,
            const char *const *keys)
{
  g_autoptr (GList) members = json_object_get_members (object);
  gboolean good = TRUE;
  GList *item;

  for (item = members; item != NULL; item = item->next)
    if (!g_strv_contains (keys, item->data))
      {
        g_autofree char *key_path =
          *path != '\0' ? g_strdup_printf ("%s.%s", path, (char *) item->data)
                        : g_strdup (item->data);
        const char *meant = nebula_nearest_word (item->data, keys);
        g_autofree char *all = g_strjoinv (", ", (char **) keys);

        if (meant != NULL)
          report (reading, key_path, "unknown key, did you mean \"%s\"?", meant);
        else
          report (reading, key_path, "unknown key, expected one of %s", all);
        good = FALSE;
      }
  return good;
}

/* ---- typed values */

static const char *
type_of (JsonNode *node)
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
static const char *
read_string (Reading    *reading,
             const char *path,
             JsonNode   *node)
{
  const char *text;

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    {
      report (reading, path, "is %s, expected a string", type_of (node));
      return NULL;
    }
  text = json_node_get_string (node);
  if (*text != '\0')
    return text;
  report (reading, path, "is empty, expected some text");
  return NULL;
}

static gboolean
read_integer (Reading    *reading,
              const char *path,
              JsonNode   *node,
              gint64      min,
              gint64      max,
              gint64     *value)
{
  gint64 number;

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    {
      report (reading, path, "is %s, expected an integer", type_of (node));
      return FALSE;
    }
  number = json_node_get_int (node);
  if (number >= min && number <= max)
    {
      *value = number;
      return TRUE;
    }
  report (reading, path,
          "is %" G_GINT64_FORMAT ", expected %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, number,
          min, max);
  return FALSE;
}

/* ---- one fault */

typedef struct
{
  NebulaMockFaultKind kind;
  const char *method;   /* (unowned) (nullable) */
  const char *contains; /* (unowned) (nullable) */
  gint64      first;
  gint64      last;
  gint64      code;
  const char *message;  /* (unowned) (nullable) */
  gint64      ms;
  gboolean    has_code; /* code or message was given */
  gboolean    good;
} FaultReading;

static const char *
kind_nick (NebulaMockFaultKind kind)
{
  g_autoptr (GEnumClass) kinds = g_type_class_ref (NEBULA_TYPE_MOCK_FAULT_KIND);

  return g_enum_get_value (kinds, kind)->value_nick;
}

static gboolean
read_kind (Reading             *reading,
           const char          *path,
           JsonObject          *object,
           NebulaMockFaultKind *kind)
{
  g_autoptr (GEnumClass) kinds = g_type_class_ref (NEBULA_TYPE_MOCK_FAULT_KIND);
  g_autofree char *kind_path = g_strdup_printf ("%s.kind", path);
  g_autofree const char **nicks = g_new0 (const char *, kinds->n_values + 1);
  JsonNode *node = json_object_get_member (object, "kind");
  const GEnumValue *value;
  const char *nick;
  guint i;

  if (node == NULL)
    {
      report (reading, kind_path, "is missing, expected what goes wrong");
      return FALSE;
    }
  nick = read_string (reading, kind_path, node);
  if (nick == NULL)
    return FALSE;
  value = g_enum_get_value_by_nick (kinds, nick);
  if (value != NULL)
    {
      *kind = value->value;
      return TRUE;
    }
  for (i = 0; i < kinds->n_values; i++)
    nicks[i] = kinds->values[i].value_nick;
  report_unknown (reading, kind_path, nick, nicks);
  return FALSE;
}

/* "calls": n, or [n, m] */
static gboolean
read_calls (Reading      *reading,
            const char   *path,
            JsonNode     *node,
            FaultReading *fault)
{
  g_autofree char *first = g_strconcat (path, "[0]", NULL);
  g_autofree char *last = g_strconcat (path, "[1]", NULL);
  JsonArray *pair;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      if (!read_integer (reading, path, node, 1, G_MAXUINT, &fault->first))
        return FALSE;
      fault->last = fault->first;
      return TRUE;
    }
  pair = json_node_get_array (node);
  if (json_array_get_length (pair) != 2)
    {
      report (reading, path, "has %u elements, expected the first and the last call",
              json_array_get_length (pair));
      return FALSE;
    }
  if (!read_integer (reading, first, json_array_get_element (pair, 0), 1, G_MAXUINT,
                     &fault->first))
    return FALSE;
  return read_integer (reading, last, json_array_get_element (pair, 1), fault->first, G_MAXUINT,
                       &fault->last);
}

static gboolean
read_method (Reading      *reading,
             const char   *path,
             JsonNode     *node,
             FaultReading *fault)
{
  const char *method = read_string (reading, path, node);

  if (method == NULL)
    return FALSE;
  if (!g_strv_contains (nebula_mock_methods, method))
    {
      report_unknown (reading, path, method, nebula_mock_methods);
      return FALSE;
    }
  fault->method = method;
  return TRUE;
}

static gboolean
read_contains (Reading      *reading,
               const char   *path,
               JsonNode     *node,
               FaultReading *fault)
{
  fault->contains = read_string (reading, path, node);
  return fault->contains != NULL;
}

static gboolean
read_code (Reading      *reading,
           const char   *path,
           JsonNode     *node,
           FaultReading *fault)
{
  fault->has_code = TRUE;
  return read_integer (reading, path, node, G_MININT32, G_MAXINT32, &fault->code);
}

static gboolean
read_message (Reading      *reading,
              const char   *path,
              JsonNode     *node,
              FaultReading *fault)
{
  fault->has_code = TRUE;
  fault->message = read_string (reading, path, node);
  return fault->message != NULL;
}

static gboolean
read_ms (Reading      *reading,
         const char   *path,
         JsonNode     *node,
         FaultReading *fault)
{
  return read_integer (reading, path, node, 0, DELAY_MAX_MS, &fault->ms);
}

static gboolean
takes_target (NebulaMockFaultKind kind)
{
  return nebula_mock_fault_kind_get_moment (kind) == NEBULA_MOCK_MOMENT_CALL;
}

static gboolean
takes_answer (NebulaMockFaultKind kind)
{
  return kind == NEBULA_MOCK_FAULT_CODE || kind == NEBULA_MOCK_FAULT_CODE_AFTER_APPLY ||
         kind == NEBULA_MOCK_FAULT_EXCEPTION;
}

static gboolean
takes_time (NebulaMockFaultKind kind)
{
  return kind == NEBULA_MOCK_FAULT_DELAY;
}

static const struct
{
  const char *key;
  gboolean (*read) (Reading *, const char *, JsonNode *, FaultReading *);
  gboolean (*belongs) (NebulaMockFaultKind kind); /* NULL: to every kind */
  const char *expected;                           /* where it belongs */
} fault_members[] = {
  { "method", read_method, takes_target, "it only where a call has been read" },
  { "contains", read_contains, takes_target, "it only where a call has been read" },
  { "calls", read_calls, NULL, NULL },
  { "code", read_code, takes_answer, "it only with \"code\", \"code-after-apply\", \"exception\"" },
  { "message", read_message, takes_answer,
    "it only with \"code\", \"code-after-apply\", \"exception\"" },
  { "ms", read_ms, takes_time, "it only with \"delay\"" },
};

/* @kind_known: without a kind only the types of the members can be checked */
static gboolean
read_fault_members (Reading      *reading,
                    const char   *path,
                    JsonObject   *object,
                    gboolean      kind_known,
                    FaultReading *fault)
{
  gboolean good = kind_known;
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (fault_members); i++)
    {
      g_autofree char *member_path = g_strdup_printf ("%s.%s", path, fault_members[i].key);
      JsonNode *node = json_object_get_member (object, fault_members[i].key);

      if (node == NULL)
        continue;
      if (kind_known && fault_members[i].belongs != NULL && !fault_members[i].belongs (fault->kind))
        {
          report (reading, member_path, "cannot be used with \"%s\", expected %s",
                  kind_nick (fault->kind), fault_members[i].expected);
          good = FALSE;
        }
      else if (!fault_members[i].read (reading, member_path, node, fault))
        good = FALSE;
    }
  return good;
}

static NebulaMockFault *
make_fault (const FaultReading *reading)
{
  NebulaMockFault *fault = nebula_mock_fault_new (reading->kind, reading->method,
                                                  reading->contains, reading->first, reading->last);
  NebulaMockFault *coded;

  if (reading->ms >= 0)
    fault->milliseconds = reading->ms;
  /* Without a method, a code is for statements: authenticate has codes of its own. */
  fault->statements_only = reading->kind == NEBULA_MOCK_FAULT_CODE && reading->method == NULL;
  if (!reading->has_code)
    return fault;
  coded = nebula_mock_fault_with_code (
    fault, reading->code != G_MAXINT64 ? (gint32) reading->code : fault->code,
    reading->message != NULL ? reading->message : fault->message);
  nebula_mock_fault_unref (fault);
  return coded;
}

static void
read_fault (Reading    *reading,
            const char *path,
            JsonNode   *node)
{
  FaultReading fault = { 0, NULL, NULL, 1, 0, G_MAXINT64, NULL, -1, FALSE, FALSE };
  JsonObject *object;
  gboolean keys_good, kind_known;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      report (reading, path, "is %s, expected an object", type_of (node));
      return;
    }
  object = json_node_get_object (node);
  keys_good = check_keys (reading, path, object, fault_keys);
  kind_known = read_kind (reading, path, object, &fault.kind);
  if (read_fault_members (reading, path, object, kind_known, &fault) && keys_good)
    g_ptr_array_add (reading->scenario->faults, make_fault (&fault));
}

/* ---- the file */

static void
read_space (Reading    *reading,
            const char *path,
            JsonNode   *node)
{
  const char *space = read_string (reading, path, node);

  if (space != NULL)
    g_ptr_array_add (reading->scenario->spaces, g_strdup (space));
}

static void
read_array (Reading    *reading,
            JsonObject *root,
            const char *key,
            void      (*read) (Reading *, const char *, JsonNode *))
{
  JsonNode *node = json_object_get_member (root, key);
  JsonArray *array;
  guint i;

  if (node == NULL)
    return;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      report (reading, key, "is %s, expected an array", type_of (node));
      return;
    }
  array = json_node_get_array (node);
  for (i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s[%u]", key, i);

      read (reading, path, json_array_get_element (array, i));
    }
}

static void
user_free (gpointer data)
{
  NebulaMockScenarioUser *user = data;

  g_free (user->name);
  g_free (user->password);
  g_free (user);
}

static void
read_users (Reading    *reading,
            JsonObject *root)
{
  JsonNode *node = json_object_get_member (root, "users");
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (node == NULL)
    return;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      report (reading, "users", "is %s, expected an object of names and passwords",
              type_of (node));
      return;
    }
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      g_autofree char *path = g_strdup_printf ("users.%s", name);
      const char *password = read_string (reading, path, value);
      NebulaMockScenarioUser *user;

      if (password == NULL)
        continue;
      user = g_new0 (NebulaMockScenarioUser, 1);
      user->name = g_strdup (name);
      user->password = g_strdup (password);
      g_ptr_array_add (reading->scenario->users, user);
    }
}

static void
read_root (Reading  *reading,
           JsonNode *root)
{
  JsonObject *object;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      report (reading, "", "the file is %s, expected an object",
              root != NULL ? type_of (root) : "empty");
      return;
    }
  object = json_node_get_object (root);
  check_keys (reading, "", object, scenario_keys);
  read_users (reading, object);
  read_array (reading, object, "spaces", read_space);
  read_array (reading, object, "faults", read_fault);
}

static NebulaMockScenario *
scenario_new (void)
{
  NebulaMockScenario *self = g_new0 (NebulaMockScenario, 1);

  self->users = g_ptr_array_new_with_free_func (user_free);
  self->spaces = g_ptr_array_new_with_free_func (g_free);
  self->faults = g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_mock_fault_unref);
  return self;
}

void
nebula_mock_scenario_free (NebulaMockScenario *self)
{
  g_ptr_array_unref (self->users);
  g_ptr_array_unref (self->spaces);
  g_ptr_array_unref (self->faults);
  g_free (self);
}

/* Returns: (transfer full) (nullable): NULL with G_IO_ERROR_INVALID_DATA, one line a problem */
NebulaMockScenario *
nebula_mock_scenario_new_from_json (const char *json,
                                    gssize      length,
                                    GError    **error)
{
  g_autoptr (NebulaMockScenario) scenario = scenario_new ();
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GString) problems = g_string_new (NULL);
  Reading reading = { scenario, problems };
  g_autoptr (GError) local = NULL;

  if (length < 0)
    length = strlen (json);
  if (!nebula_json_check_syntax (json, length, error))
    return NULL;
  if (!json_parser_load_from_data (parser, json, length, &local))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, local->message);
      return NULL;
    }
  read_root (&reading, json_parser_get_root (parser));
  if (problems->len == 0)
    return g_steal_pointer (&scenario);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, problems->str);
  return NULL;
}
