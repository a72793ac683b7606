/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* What a fuzzing engine, or the driver, calls with each input. */
int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);
