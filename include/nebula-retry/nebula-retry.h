/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-attempt.h>
#include <nebula-retry/nebula-clock.h>
#include <nebula-retry/nebula-error-info.h>
#include <nebula-retry/nebula-error.h>
#include <nebula-retry/nebula-message-rule.h>
#include <nebula-retry/nebula-outcome.h>
#include <nebula-retry/nebula-override.h>
#include <nebula-retry/nebula-retry-budget.h>
#include <nebula-retry/nebula-retry-enums.h>
#include <nebula-retry/nebula-retry-policy.h>
#include <nebula-retry/nebula-retry-state.h>
#include <nebula-retry/nebula-server-version.h>
#include <nebula-retry/nebula-statement.h>

