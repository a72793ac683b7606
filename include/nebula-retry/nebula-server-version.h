/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>
#include <nebula-retry/nebula-retry-visibility.h>

G_BEGIN_DECLS

/**
 * NebulaServerVersion:
 *
 * A version of NebulaGraph: a number that grows with it, so that versions are compared as numbers.
 *
 * Since: 0.1
 */
typedef guint32 NebulaServerVersion;

/**
 * NEBULA_SERVER_VERSION_DEFAULT:
 *
 * No version in particular: codes mean what they mean since 3.4.
 *
 * Since: 0.1
 */
#define NEBULA_SERVER_VERSION_DEFAULT 0

/**
 * NEBULA_SERVER_VERSION:
 * @major: from 1 to 255
 * @minor: from 0 to 255
 * @patch: from 0 to 255
 *
 * Makes a #NebulaServerVersion, a constant when its parts are.
 *
 * Since: 0.1
 */
#define NEBULA_SERVER_VERSION(major, minor, patch) \
  ((NebulaServerVersion) (((major) << 16) | ((minor) << 8) | (patch)))

NEBULA_RETRY_API gboolean nebula_server_version_parse (const char *text,
                                                       NebulaServerVersion *version,
                                                       GError **error);
NEBULA_RETRY_API char *nebula_server_version_to_string (NebulaServerVersion version);

G_END_DECLS
