/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Symbols are hidden by default; this marks what is public. */
#ifndef NEBULA_INTERCEPTOR_API
#define NEBULA_INTERCEPTOR_API __attribute__ ((visibility ("default")))
#endif
