/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *nebula_password_file_read (const char *path, GError **error);
void nebula_password_free (char *password);

G_END_DECLS
