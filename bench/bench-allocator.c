/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-allocator.h"

#include <malloc.h>

/* Stands before the C library's allocator and counts. Only glibc has these names. */

extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t count, size_t size);
extern void *__libc_realloc (void *memory, size_t size);
extern void __libc_free (void *memory);

static __thread BenchAllocations counted;
static gint64 in_use; /* atomic */

static void
change_in_use (gint64 bytes)
{
  __atomic_add_fetch (&in_use, bytes, __ATOMIC_RELAXED);
}

static void *
count (void *memory, size_t size)
{
  counted.n_allocations++;
  counted.n_bytes += size;
  change_in_use ((gint64) malloc_usable_size (memory));
  return memory;
}

void *
malloc (size_t size)
{
  return count (__libc_malloc (size), size);
}

void *
calloc (size_t n, size_t size)
{
  return count (__libc_calloc (n, size), n * size);
}

void *
realloc (void *memory, size_t size)
{
  change_in_use (-(gint64) malloc_usable_size (memory));
  return count (__libc_realloc (memory, size), size);
}

void
free (void *memory)
{
  change_in_use (-(gint64) malloc_usable_size (memory));
  __libc_free (memory);
}

BenchAllocations
bench_allocations_get (void)
{
  return counted;
}

/* What the blocks in use take, with what the allocator rounds up, without its own words. */
gint64
bench_bytes_in_use (void)
{
  return __atomic_load_n (&in_use, __ATOMIC_RELAXED);
}
