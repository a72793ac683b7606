/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* graphd's port where an endpoint names none (its documentation and packages use 9669). */
#define NEBULA_ENDPOINT_DEFAULT_PORT 9669

/**
 * NebulaEndpoint:
 * @name: (owned): as reports show it: "graph1:9669", "[::1]:9669", "unix:/run/graphd"
 * @address: (owned): what GIO connects to
 *
 * One graphd. Immutable.
 */
typedef struct
{
  char *name;
  GSocketConnectable *address;
} NebulaEndpoint;

GPtrArray *nebula_endpoint_parse_list (const char *endpoints, GError **error);
void nebula_endpoint_free (NebulaEndpoint *self);

G_END_DECLS
