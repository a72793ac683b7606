/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-json-output-private.h"

#include <stdio.h>

/* @value: (nullable): %NULL becomes null */
void
nebula_json_add_string (JsonBuilder *builder, const char *key, const char *value)
{
  json_builder_set_member_name (builder, key);
  if (value != NULL)
    nebula_json_add_text (builder, value, strlen (value));
  else
    json_builder_add_null_value (builder);
}

/* Bytes of a server need not be UTF-8, JSON must be. */
void
nebula_json_add_text (JsonBuilder *builder, const char *text, gsize length)
{
  g_autofree char *valid = g_utf8_make_valid (text, length);

  json_builder_add_string_value (builder, valid);
}

void
nebula_json_add_int (JsonBuilder *builder, const char *key, gint64 value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_int_value (builder, value);
}

/* To stdout, indented, with a newline behind. */
void
nebula_json_print (JsonBuilder *builder)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = NULL;

  json_generator_set_pretty (generator, TRUE);
  json_generator_set_root (generator, root);
  text = json_generator_to_data (generator, NULL);
  puts (text);
}
