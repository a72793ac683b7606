/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * nebula_random_draw:
 * @state: (inout): of the generator, which its owner guards; any number is a seed
 *
 * xorshift64*: fast, good enough to spread clients, and never waits for a lock.
 *
 * Returns: a random number in [0, 1)
 */
static inline double
nebula_random_draw (guint64 *state)
{
  guint64 x = *state != 0 ? *state : 1;

  x ^= x >> 12;
  x ^= x << 25;
  x ^= x >> 27;
  *state = x;
  return (x * G_GUINT64_CONSTANT (2685821657736338717) >> 11) * (1.0 / (1ull << 53));
}

G_END_DECLS
