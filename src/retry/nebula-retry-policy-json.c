/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-policy-reader-private.h"

#include <nebula-retry/nebula-error.h>

#include "nebula-json-syntax-private.h"

#include <string.h>

/* A policy from a file: gRPC's service config, and `nebula`. */

/* Makes of what was said what holds. */
static void
finish (NebulaRetryPolicy *self)
{
  if (self->methods == NULL)
    self->methods = g_ptr_array_new_with_free_func (nebula_method_row_free);
  /* Nothing would replace it, so that it can be printed. */
  if (!nebula_retry_policy_has_retry_policy (self))
    self->jitter_said = TRUE;
  nebula_retry_policy_settle (self);
  for (guint i = 0; i < self->methods->len; i++)
    nebula_method_row_derive (self->methods->pdata[i], self);
}

static NebulaRetryPolicy *
read_root (JsonNode *root, GError **error)
{
  g_autoptr (NebulaRetryPolicy) self = nebula_retry_policy_new ();
  NebulaPolicyReader reader = { NULL, self->warnings };
  g_autoptr (GPtrArray) errors = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = NULL;

  reader.errors = errors;
  self->jitter_said = FALSE;
  nebula_policy_read_fields (&reader, root, "", nebula_policy_file_fields, self);
  if (errors->len > 0)
    {
      g_ptr_array_add (errors, NULL);
      text = g_strjoinv ("\n", (char **) errors->pdata);
      g_set_error_literal (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT, text);
      return NULL;
    }
  finish (self);

  return g_steal_pointer (&self);
}

/**
 * nebula_retry_policy_new_from_json:
 * @json: (not nullable): JSON in UTF-8
 * @length: its length in bytes, or -1 if a NUL ends it
 * @error: (nullable): return location for an error
 *
 * Makes a policy from the text of a policy file: gRPC's service config (`methodConfig` with
 * `retryPolicy`, `retryThrottling`), and what gRPC cannot say under the key `nebula`. Keys that
 * gRPC passes over are passed over; under `nebula` an unknown key is an error. What deserves a look
 * without being wrong is found in nebula_retry_policy_get_warnings().
 *
 * Returns: (transfer full) (nullable): a new policy, or %NULL with %NEBULA_ERROR_INVALID_ARGUMENT,
 *   whose message has a line for everything that is wrong: "path: what is wrong, what was
 *   expected", or line and column where @json is no JSON
 *
 * Since: 0.1
 */
NebulaRetryPolicy *
nebula_retry_policy_new_from_json (const char *json, gssize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) problem = NULL;

  g_return_val_if_fail (json != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (length < 0)
    length = strlen (json);
  if (!nebula_json_check_syntax (json, length, &problem)
      || !json_parser_load_from_data (parser, json, length, &problem))
    {
      g_set_error_literal (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT, problem->message);
      return NULL;
    }

  return read_root (json_parser_get_root (parser), error);
}

/**
 * nebula_retry_policy_new_from_file:
 * @path: (not nullable) (type filename): where the file is
 * @error: (nullable): return location for an error
 *
 * Reads a policy file as nebula_retry_policy_new_from_json() does. It is read once; to follow
 * changes of the file make a new policy.
 *
 * Returns: (transfer full) (nullable): a new policy, or %NULL with %NEBULA_ERROR_INVALID_ARGUMENT,
 *   each line of whose message begins with @path, or an error of %G_FILE_ERROR
 *
 * Since: 0.1
 */
NebulaRetryPolicy *
nebula_retry_policy_new_from_file (const char *path, GError **error)
{
  g_autofree char *json = NULL;
  g_autoptr (GError) problem = NULL;
  NebulaRetryPolicy *self;
  gsize length;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!g_file_get_contents (path, &json, &length, error))
    return NULL;
  self = nebula_retry_policy_new_from_json (json, length, &problem);
  if (self == NULL)
    {
      g_autofree char *name = g_filename_display_name (path);
      g_auto (GStrv) lines = g_strsplit (problem->message, "\n", -1);
      g_autoptr (GString) text = g_string_new (NULL);

      for (guint i = 0; lines[i] != NULL; i++)
        g_string_append_printf (text, "%s%s: %s", i > 0 ? "\n" : "", name, lines[i]);
      g_set_error_literal (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT, text->str);
    }

  return self;
}
