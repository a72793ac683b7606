/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Each puts a framed message of the strict binary protocol in place of what @frame has. */
void bench_frame_verify (GByteArray *frame);
void bench_frame_authenticate (GByteArray *frame, const char *user, const char *password);
void bench_frame_execute (GByteArray *frame,
                          gint64 session,
                          const guint8 *statement,
                          gsize length);

G_END_DECLS
