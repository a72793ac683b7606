/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-outcome-private.h"

G_BEGIN_DECLS

gboolean nebula_outcome_knows_domain (const GError *error);

G_END_DECLS
