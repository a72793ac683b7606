/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Symbols are hidden by default; this marks what is public. */
#ifndef NEBULA_MOCK_API
#define NEBULA_MOCK_API __attribute__ ((visibility ("default")))
#endif
