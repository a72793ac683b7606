/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-mock/nebula-mock-action.h>
#include <nebula-mock/nebula-mock-cluster.h>
#include <nebula-mock/nebula-mock-fault.h>
#include <nebula-mock/nebula-mock-server.h>
