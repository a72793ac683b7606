/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-interceptor/nebula-framing.h>

G_DEFINE_ENUM_TYPE (NebulaFraming, nebula_framing,
                    G_DEFINE_ENUM_VALUE (NEBULA_FRAMING_FRAMED, "framed"),
                    G_DEFINE_ENUM_VALUE (NEBULA_FRAMING_HEADER, "header"),
                    G_DEFINE_ENUM_VALUE (NEBULA_FRAMING_UNFRAMED, "unframed"))
