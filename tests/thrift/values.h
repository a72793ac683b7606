/* SPDX-License-Identifier: Apache-2.0 */

/* Builds and compares values of graphd. Arguments that are values, vertices or rows are taken
 * over; every result is (transfer full). Lists of arguments end with NULL. */

#pragma once

#include "nebula_thrift_common_types.h"

G_BEGIN_DECLS

NebulaThriftValue  *value_empty     (void);
NebulaThriftValue  *value_null      (NebulaThriftNullType  kind);
NebulaThriftValue  *value_bool      (gboolean              truth);
NebulaThriftValue  *value_int       (gint64                number);
NebulaThriftValue  *value_float     (double                number);
NebulaThriftValue  *value_binary    (const char           *data,
                                     guint                 length);
NebulaThriftValue  *value_string    (const char           *text);
NebulaThriftValue  *value_date      (gint16                year,
                                     gint8                 month,
                                     gint8                 day);
NebulaThriftValue  *value_time      (gint8                 hour,
                                     gint8                 minute,
                                     gint8                 sec,
                                     gint32                microsec);
NebulaThriftValue  *value_date_time (gint16                year,
                                     gint8                 month,
                                     gint8                 hour,
                                     gint32                microsec);
NebulaThriftValue  *value_duration  (gint64                seconds,
                                     gint32                microseconds,
                                     gint32                months);
NebulaThriftValue  *value_vertex    (NebulaThriftVertex   *vertex);
NebulaThriftValue  *value_edge      (const char           *src,
                                     const char           *dst,
                                     gint64                ranking);
NebulaThriftValue  *value_path      (NebulaThriftVertex   *src,
                                     ...) G_GNUC_NULL_TERMINATED;
NebulaThriftValue  *value_list      (gpointer              first,
                                     ...) G_GNUC_NULL_TERMINATED;
NebulaThriftValue  *value_map       (const char           *key,
                                     ...) G_GNUC_NULL_TERMINATED;
NebulaThriftValue  *value_set       (gpointer              first,
                                     ...) G_GNUC_NULL_TERMINATED;
NebulaThriftValue  *value_data_set  (NebulaThriftDataSet  *data_set);
NebulaThriftValue  *value_point     (double                x,
                                     double                y);
NebulaThriftValue  *value_line      (guint                 n_points);
NebulaThriftValue  *value_polygon   (guint                 n_rings,
                                     guint                 n_points);

NebulaThriftVertex *vertex_new      (const char           *vid,
                                     ...) G_GNUC_NULL_TERMINATED;
GByteArray         *bytes_new       (const char           *text);
void                data_set_column (NebulaThriftDataSet  *data_set,
                                     const char           *name);
void                data_set_row    (NebulaThriftDataSet  *data_set,
                                     gpointer              first,
                                     ...) G_GNUC_NULL_TERMINATED;

gboolean            values_equal    (NebulaThriftValue    *a,
                                     NebulaThriftValue    *b);

G_END_DECLS
