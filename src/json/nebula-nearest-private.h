/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a misspelt word was meant to be. */
const char *nebula_nearest_word (const char *word, const char *const *words);

G_END_DECLS
