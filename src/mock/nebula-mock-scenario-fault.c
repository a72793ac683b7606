/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-message-private.h"
#include "nebula-mock-reader-private.h"

/* One fault of a scenario. */

/* A delay longer than this is a slip of the pen: what is never answered is `silence`. */
#define DELAY_MAX_MS 3600000

static const char *const fault_keys[] = {
  "kind", "method", "contains", "calls", "code", "message", "ms", "action", "server", "space", NULL,
};

typedef struct
{
  NebulaMockFaultKind kind;
  const char *method;   /* (unowned) (nullable) */
  const char *contains; /* (unowned) (nullable) */
  gint64 first;
  gint64 last;
  gint64 code;
  const char *message; /* (unowned) (nullable) */
  gint64 ms;
  gboolean has_code; /* code or message was given */
  int action;        /* -1 while it was not given */
  gint64 server;     /* -1 for the one that the call comes to */
  const char *space; /* (unowned) (nullable) */
} FaultReading;

static const char *
kind_nick (NebulaMockFaultKind kind)
{
  g_autoptr (GEnumClass) kinds = g_type_class_ref (NEBULA_TYPE_MOCK_FAULT_KIND);

  return g_enum_get_value (kinds, kind)->value_nick;
}

/* One of the nick names of an enumeration. */
static gboolean
read_nick (NebulaMockReader *reader, const char *path, JsonNode *node, GType type, int *number)
{
  g_autoptr (GEnumClass) words = g_type_class_ref (type);
  g_autofree const char **nicks = g_new0 (const char *, words->n_values + 1);
  const char *nick = nebula_mock_reader_get_string (reader, path, node);
  const GEnumValue *value = nick != NULL ? g_enum_get_value_by_nick (words, nick) : NULL;
  guint i;

  if (value != NULL)
    *number = value->value;
  if (value != NULL || nick == NULL)
    return value != NULL;
  for (i = 0; i < words->n_values; i++)
    nicks[i] = words->values[i].value_nick;
  nebula_mock_reader_report_unknown (reader, path, nick, nicks);
  return FALSE;
}

static gboolean
read_kind (NebulaMockReader *reader,
           const char *path,
           JsonObject *object,
           NebulaMockFaultKind *kind)
{
  g_autofree char *kind_path = g_strdup_printf ("%s.kind", path);
  JsonNode *node = json_object_get_member (object, "kind");
  int number;

  if (node == NULL)
    nebula_mock_reader_report (reader, kind_path, "is missing, expected what goes wrong");
  if (node == NULL || !read_nick (reader, kind_path, node, NEBULA_TYPE_MOCK_FAULT_KIND, &number))
    return FALSE;
  *kind = number;
  if (*kind != NEBULA_MOCK_FAULT_ACT || !reader->is_alone)
    return TRUE;
  nebula_mock_reader_report (reader, kind_path, "is \"act\", expected it only in a cluster");
  return FALSE;
}

/* "calls": n, or [n, m] */
static gboolean
read_calls (NebulaMockReader *reader, const char *path, JsonNode *node, FaultReading *fault)
{
  g_autofree char *first = g_strconcat (path, "[0]", NULL);
  g_autofree char *last = g_strconcat (path, "[1]", NULL);
  JsonArray *pair;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      if (!nebula_mock_reader_get_integer (reader, path, node, 1, G_MAXUINT, &fault->first))
        return FALSE;
      fault->last = fault->first;
      return TRUE;
    }
  pair = json_node_get_array (node);
  if (json_array_get_length (pair) != 2)
    {
      nebula_mock_reader_report (reader, path,
                                 "has %u elements, expected the first and the last call",
                                 json_array_get_length (pair));
      return FALSE;
    }
  if (!nebula_mock_reader_get_integer (reader, first, json_array_get_element (pair, 0), 1,
                                       G_MAXUINT, &fault->first))
    return FALSE;
  return nebula_mock_reader_get_integer (reader, last, json_array_get_element (pair, 1),
                                         fault->first, G_MAXUINT, &fault->last);
}

static gboolean
read_method (NebulaMockReader *reader, const char *path, JsonNode *node, FaultReading *fault)
{
  const char *method = nebula_mock_reader_get_string (reader, path, node);

  if (method == NULL)
    return FALSE;
  if (!g_strv_contains (nebula_mock_methods, method))
    {
      nebula_mock_reader_report_unknown (reader, path, method, nebula_mock_methods);
      return FALSE;
    }
  fault->method = method;
  return TRUE;
}

static gboolean
read_contains (NebulaMockReader *reader, const char *path, JsonNode *node, FaultReading *fault)
{
  fault->contains = nebula_mock_reader_get_string (reader, path, node);
  return fault->contains != NULL;
}

static gboolean
read_code (NebulaMockReader *reader, const char *path, JsonNode *node, FaultReading *fault)
{
  fault->has_code = TRUE;
  return nebula_mock_reader_get_integer (reader, path, node, G_MININT32, G_MAXINT32, &fault->code);
}

static gboolean
read_message (NebulaMockReader *reader, const char *path, JsonNode *node, FaultReading *fault)
{
  fault->has_code = TRUE;
  fault->message = nebula_mock_reader_get_string (reader, path, node);
  return fault->message != NULL;
}

static gboolean
read_ms (NebulaMockReader *reader, const char *path, JsonNode *node, FaultReading *fault)
{
  return nebula_mock_reader_get_integer (reader, path, node, 0, DELAY_MAX_MS, &fault->ms);
}

static gboolean
read_action (NebulaMockReader *reader, const char *path, JsonNode *node, FaultReading *fault)
{
  return read_nick (reader, path, node, NEBULA_TYPE_MOCK_ACTION, &fault->action);
}

static gboolean
read_server (NebulaMockReader *reader, const char *path, JsonNode *node, FaultReading *fault)
{
  return nebula_mock_reader_get_integer (reader, path, node, 0, reader->n_servers - 1,
                                         &fault->server);
}

static gboolean
read_space (NebulaMockReader *reader, const char *path, JsonNode *node, FaultReading *fault)
{
  fault->space = nebula_mock_reader_get_string (reader, path, node);
  return fault->space != NULL;
}

static gboolean
takes_target (NebulaMockFaultKind kind)
{
  return nebula_mock_fault_kind_get_moment (kind) == NEBULA_MOCK_MOMENT_CALL;
}

static gboolean
takes_answer (NebulaMockFaultKind kind)
{
  return kind == NEBULA_MOCK_FAULT_CODE || kind == NEBULA_MOCK_FAULT_CODE_AFTER_APPLY
         || kind == NEBULA_MOCK_FAULT_EXCEPTION;
}

static gboolean
takes_time (NebulaMockFaultKind kind)
{
  return kind == NEBULA_MOCK_FAULT_DELAY;
}

static gboolean
takes_action (NebulaMockFaultKind kind)
{
  return kind == NEBULA_MOCK_FAULT_ACT;
}

static const struct
{
  const char *key;
  gboolean (*read) (NebulaMockReader *, const char *, JsonNode *, FaultReading *);
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
  { "action", read_action, takes_action, "it only with \"act\"" },
  { "server", read_server, takes_action, "it only with \"act\"" },
  { "space", read_space, takes_action, "it only with \"act\"" },
};

/* @kind_known: without a kind only the types of the members can be checked */
static gboolean
read_fault_members (NebulaMockReader *reader,
                    const char *path,
                    JsonObject *object,
                    gboolean kind_known,
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
          nebula_mock_reader_report (reader, member_path, "cannot be used with \"%s\", expected %s",
                                     kind_nick (fault->kind), fault_members[i].expected);
          good = FALSE;
        }
      else if (!fault_members[i].read (reader, member_path, node, fault))
        good = FALSE;
    }
  return good;
}

/* What one member alone cannot say. */
static gboolean
check_action (NebulaMockReader *reader, const char *path, const FaultReading *fault)
{
  g_autofree char *action_path = g_strdup_printf ("%s.action", path);
  g_autofree char *space_path = g_strdup_printf ("%s.space", path);
  const gboolean is_drop = fault->action == NEBULA_MOCK_ACTION_DROP_SPACE;

  if (fault->kind != NEBULA_MOCK_FAULT_ACT)
    return TRUE;
  if (fault->action < 0)
    nebula_mock_reader_report (reader, action_path, "is missing, expected what happens");
  else if (is_drop && fault->space == NULL)
    nebula_mock_reader_report (reader, space_path, "is missing, expected which one is dropped");
  else if (!is_drop && fault->space != NULL)
    nebula_mock_reader_report (reader, space_path,
                               "is given, expected it only with "
                               "\"drop-space\"");
  else
    return TRUE;
  return FALSE;
}

static NebulaMockFault *
make_action (const FaultReading *reading)
{
  NebulaMockFault *fault = nebula_mock_fault_new_action (reading->contains, reading->first,
                                                         reading->last, reading->action,
                                                         reading->server, reading->space);

  fault->method = g_strdup (reading->method);
  return fault;
}

static NebulaMockFault *
make_plain (const FaultReading *reading)
{
  NebulaMockFault *fault = nebula_mock_fault_new (reading->kind, reading->method, reading->contains,
                                                  reading->first, reading->last);
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

/* Adds the fault to those at hand, unless something is wrong with it. */
void
nebula_mock_reader_read_fault (NebulaMockReader *reader, const char *path, JsonNode *node)
{
  FaultReading fault = { 0, NULL, NULL, 1, 0, G_MAXINT64, NULL, -1, FALSE, -1, -1, NULL };
  JsonObject *object;
  gboolean good, kind_known;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      nebula_mock_reader_report (reader, path, "is %s, expected an object",
                                 nebula_mock_reader_type_of (node));
      return;
    }
  object = json_node_get_object (node);
  good = nebula_mock_reader_check_keys (reader, path, object, fault_keys);
  kind_known = read_kind (reader, path, object, &fault.kind);
  good = read_fault_members (reader, path, object, kind_known, &fault) && good;
  if (good && check_action (reader, path, &fault))
    g_ptr_array_add (reader->faults, fault.kind == NEBULA_MOCK_FAULT_ACT ? make_action (&fault)
                                                                         : make_plain (&fault));
}
