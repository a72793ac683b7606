/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean nebula_json_check_syntax (const char *json, gsize length, GError **error);

G_END_DECLS
