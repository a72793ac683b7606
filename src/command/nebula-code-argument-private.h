/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-retry.h>

G_BEGIN_DECLS

gboolean nebula_code_argument_parse (const char *word, gint32 *code, GError **error);

G_END_DECLS
