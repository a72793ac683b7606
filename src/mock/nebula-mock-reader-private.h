/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <json-glib/json-glib.h>

#include "nebula-mock-scenario-private.h"

G_BEGIN_DECLS

/* Where the reading of a scenario is. Functions that read answer whether it was good; what was not
 * is reported, and the reading goes on, so that all problems are told at once. */
typedef struct
{
  NebulaMockScenario *scenario; /* (unowned) */
  gboolean   is_alone;          /* it is for a server that is in no cluster */
  guint      n_servers;         /* how many there are */
  GPtrArray *faults;            /* (unowned): where the faults at hand go */
  GString   *problems;          /* (owned): one line for each */
} NebulaMockReader;

void nebula_mock_reader_report (NebulaMockReader *reader,
                                const char *path,
                                const char *format,
                                ...) G_GNUC_PRINTF (3, 4);
void nebula_mock_reader_report_unknown (NebulaMockReader *reader,
                                        const char *path,
                                        const char *word,
                                        const char *const *words);
gboolean nebula_mock_reader_check_keys (NebulaMockReader *reader,
                                        const char *path,
                                        JsonObject *object,
                                        const char *const *keys);
const char *nebula_mock_reader_type_of (JsonNode *node);
const char *nebula_mock_reader_get_string (NebulaMockReader *reader,
                                           const char *path,
                                           JsonNode *node);
gboolean nebula_mock_reader_get_integer (NebulaMockReader *reader,
                                         const char *path,
                                         JsonNode *node,
                                         gint64 min,
                                         gint64 max,
                                         gint64 *value);
void nebula_mock_reader_foreach (NebulaMockReader *reader,
                                 const char *path,
                                 JsonNode *node,
                                 void (*read) (NebulaMockReader *, const char *, JsonNode *));
void nebula_mock_reader_read_fault (NebulaMockReader *reader, const char *path, JsonNode *node);

G_END_DECLS
