/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-scenario-private.h"

#include <string.h>

#include "nebula-json-syntax-private.h"
#include "nebula-mock-reader-private.h"

/* Errors are G_IO_ERROR_INVALID_DATA: a test only shows them, and one more domain would be one more
 * thing to link against. */

static const char *const scenario_keys[] = { "users", "spaces", "faults", "servers", NULL };

/* The limits have the names of graphd's flags. */
#define FOR_USER "max_sessions_per_ip_per_user"
#define FOR_ALL "max_allowed_connections"
static const char *const server_keys[] = { "faults", FOR_USER, FOR_ALL, NULL };

static void
read_space (NebulaMockReader *reader, const char *path, JsonNode *node)
{
  const char *space = nebula_mock_reader_get_string (reader, path, node);

  if (space != NULL)
    g_ptr_array_add (reader->scenario->spaces, g_strdup (space));
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
read_users (NebulaMockReader *reader, JsonObject *root)
{
  JsonNode *node = json_object_get_member (root, "users");
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (node == NULL)
    return;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      nebula_mock_reader_report (reader, "users",
                                 "is %s, expected an object of names and passwords",
                                 nebula_mock_reader_type_of (node));
      return;
    }
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      g_autofree char *path = g_strdup_printf ("users.%s", name);
      const char *password = nebula_mock_reader_get_string (reader, path, value);
      NebulaMockScenarioUser *user;

      if (password == NULL)
        continue;
      user = g_new0 (NebulaMockScenarioUser, 1);
      user->name = g_strdup (name);
      user->password = g_strdup (password);
      g_ptr_array_add (reader->scenario->users, user);
    }
}

static void
read_members (NebulaMockReader *reader,
              const char *path,
              JsonObject *object,
              const char *key,
              void (*read) (NebulaMockReader *, const char *, JsonNode *))
{
  JsonNode *node = json_object_get_member (object, key);

  if (node != NULL)
    {
      g_autofree char *member_path = *path != '\0' ? g_strdup_printf ("%s.%s", path, key)
                                                   : g_strdup (key);

      nebula_mock_reader_foreach (reader, member_path, node, read);
    }
}

/* ---- servers */

static NebulaMockScenarioServer *
server_new (void)
{
  NebulaMockScenarioServer *self = g_new0 (NebulaMockScenarioServer, 1);

  self->faults = g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_mock_fault_unref);
  return self;
}

static void
server_free (gpointer data)
{
  g_ptr_array_unref (((NebulaMockScenarioServer *) data)->faults);
  g_free (data);
}

static void
read_limit (NebulaMockReader *reader,
            const char *path,
            JsonObject *object,
            const char *key,
            gint64 *limit)
{
  g_autofree char *limit_path = g_strdup_printf ("%s.%s", path, key);
  JsonNode *node = json_object_get_member (object, key);

  if (node != NULL)
    nebula_mock_reader_get_integer (reader, limit_path, node, 0, G_MAXUINT, limit);
}

static void
read_server (NebulaMockReader *reader,
             const char *path,
             JsonNode *node,
             NebulaMockScenarioServer *server)
{
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      nebula_mock_reader_report (reader, path, "is %s, expected an object",
                                 nebula_mock_reader_type_of (node));
      return;
    }
  object = json_node_get_object (node);
  nebula_mock_reader_check_keys (reader, path, object, server_keys);
  reader->faults = server->faults;
  read_members (reader, path, object, "faults", nebula_mock_reader_read_fault);
  read_limit (reader, path, object, FOR_USER, &server->for_user);
  read_limit (reader, path, object, FOR_ALL, &server->for_all);
}

/* "servers": so many, or one object for each. Returns: how many; 0 after a report */
static guint
read_count (NebulaMockReader *reader, JsonNode *node)
{
  gint64 count = 0;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    nebula_mock_reader_get_integer (reader, "servers", node, 1, NEBULA_MOCK_SERVERS_MAX, &count);
  else if ((count = json_array_get_length (json_node_get_array (node))) < 1
           || count > NEBULA_MOCK_SERVERS_MAX)
    {
      nebula_mock_reader_report (reader, "servers", "has %d elements, expected 1 to %d",
                                 (int) count, NEBULA_MOCK_SERVERS_MAX);
      count = 0;
    }
  return count;
}

/* Before anything that speaks of a server's number. */
static void
count_servers (NebulaMockReader *reader, JsonNode *node, guint expected)
{
  const guint count = node != NULL ? read_count (reader, node) : 0;

  reader->is_alone = expected == NEBULA_MOCK_SCENARIO_ALONE;
  if (reader->is_alone)
    expected = 1;
  if (node != NULL && reader->is_alone)
    nebula_mock_reader_report (reader, "servers", "is given, expected it only for a cluster");
  else if (count > 0 && expected > 0 && count != expected)
    nebula_mock_reader_report (reader, "servers", "are %u, expected %u as there are", count,
                               expected);
  reader->n_servers = expected > 0 ? expected : MAX (count, 1);
  while (reader->scenario->servers->len < reader->n_servers)
    g_ptr_array_add (reader->scenario->servers, server_new ());
}

static void
read_servers (NebulaMockReader *reader, JsonNode *node)
{
  JsonArray *array;
  guint i;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return;
  array = json_node_get_array (node);
  for (i = 0; i < MIN (json_array_get_length (array), reader->n_servers); i++)
    {
      g_autofree char *path = g_strdup_printf ("servers[%u]", i);

      read_server (reader, path, json_array_get_element (array, i),
                   g_ptr_array_index (reader->scenario->servers, i));
    }
}

/* ---- the file */

static void
read_root (NebulaMockReader *reader, JsonNode *root, guint n_servers)
{
  JsonNode *servers;
  JsonObject *object;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      nebula_mock_reader_report (reader, "", "the file is %s, expected an object",
                                 root != NULL ? nebula_mock_reader_type_of (root) : "empty");
      return;
    }
  object = json_node_get_object (root);
  servers = json_object_get_member (object, "servers");
  nebula_mock_reader_check_keys (reader, "", object, scenario_keys);
  count_servers (reader, servers, n_servers);
  read_users (reader, object);
  read_members (reader, "", object, "spaces", read_space);
  read_members (reader, "", object, "faults", nebula_mock_reader_read_fault);
  read_servers (reader, servers);
}

static NebulaMockScenario *
scenario_new (void)
{
  NebulaMockScenario *self = g_new0 (NebulaMockScenario, 1);

  self->users = g_ptr_array_new_with_free_func (user_free);
  self->spaces = g_ptr_array_new_with_free_func (g_free);
  self->faults = g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_mock_fault_unref);
  self->servers = g_ptr_array_new_with_free_func (server_free);
  return self;
}

void
nebula_mock_scenario_free (NebulaMockScenario *self)
{
  g_ptr_array_unref (self->users);
  g_ptr_array_unref (self->spaces);
  g_ptr_array_unref (self->faults);
  g_ptr_array_unref (self->servers);
  g_free (self);
}

/* @n_servers: what the scenario is for; NEBULA_MOCK_SCENARIO_AS_IT_SAYS, NEBULA_MOCK_SCENARIO_ALONE
 * Returns: (transfer full) (nullable): NULL with G_IO_ERROR_INVALID_DATA, one line a problem */
NebulaMockScenario *
nebula_mock_scenario_new_from_json (const char *json,
                                    gssize length,
                                    guint n_servers,
                                    GError **error)
{
  g_autoptr (NebulaMockScenario) scenario = scenario_new ();
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GString) problems = g_string_new (NULL);
  NebulaMockReader reader = { scenario, FALSE, 1, scenario->faults, problems };
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
  read_root (&reader, json_parser_get_root (parser), n_servers);
  if (problems->len == 0)
    return g_steal_pointer (&scenario);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, problems->str);
  return NULL;
}

/* ---- what it does */

static void
apply_to (const NebulaMockScenario *self, guint index, NebulaMockServer *server)
{
  const NebulaMockScenarioServer *own = g_ptr_array_index (self->servers, index);
  guint i;

  for (i = 0; i < own->faults->len; i++)
    nebula_mock_server_add_fault (server, g_ptr_array_index (own->faults, i));
  for (i = 0; i < self->faults->len; i++)
    nebula_mock_server_add_fault (server, g_ptr_array_index (self->faults, i));
  if (own->for_user > 0 || own->for_all > 0)
    nebula_mock_server_set_session_limits (server, own->for_user, own->for_all);
}

/* A server's own faults come before those of all.
 * @servers: (element-type NebulaMockServer): as many as it is for, with one metad */
void
nebula_mock_scenario_apply (const NebulaMockScenario *self, GPtrArray *servers)
{
  NebulaMockServer *any = g_ptr_array_index (servers, 0);
  guint i;

  for (i = 0; i < self->users->len; i++)
    {
      const NebulaMockScenarioUser *user = g_ptr_array_index (self->users, i);

      nebula_mock_server_add_user (any, user->name, user->password);
    }
  for (i = 0; i < self->spaces->len; i++)
    nebula_mock_server_add_space (any, g_ptr_array_index (self->spaces, i));
  for (i = 0; i < servers->len; i++)
    apply_to (self, i, g_ptr_array_index (servers, i));
}
