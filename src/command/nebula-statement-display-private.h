/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *nebula_statement_display (const char *statement);

G_END_DECLS
