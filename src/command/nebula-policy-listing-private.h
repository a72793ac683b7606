/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-retry.h>

G_BEGIN_DECLS

void nebula_policy_listing_print (NebulaRetryPolicy *root, NebulaRetryPolicy *policy);

G_END_DECLS
