/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-mock-fault-private.h"
#include "nebula-mock-message-private.h"

G_BEGIN_DECLS

/* Replies that no processor would write. */

GByteArray *nebula_mock_reply_exception (const NebulaMockMessage *call,
                                         gint32 type,
                                         const char *message);
GByteArray *nebula_mock_reply_frame (const NebulaMockMessage *call, const GByteArray *payload);
GByteArray *nebula_mock_reply_damage (const NebulaMockMessage *call,
                                      NebulaMockFaultKind kind,
                                      const GByteArray *payload);

G_END_DECLS
