/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-call-enums.h>
#include <nebula-retry/nebula-decision-enums.h>
#include <nebula-retry/nebula-failure-enums.h>
