/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <nebula-retry/nebula-retry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* How long it takes to understand a failure, and how often that allocates. Prints a table: the best
 * of some rounds, because everything that disturbs a round makes it longer. */

/* Enough for a few rounds that nothing disturbs, on a machine that is busy with other things. */
#define N_ROUNDS 60

/* Long beside the reading of the clock (a microsecond at most), short beside a time slice. */
#define ROUND_NANOSECONDS 300000

/* graphd cuts the texts that it formats here. */
#define LONGEST 255

#define MEBIBYTE (1024 * 1024)

/* The C library's own functions behind the ones that are counted: glibc has them. */
#ifdef __GLIBC__
extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t count, size_t size);
extern void *__libc_realloc (void *block, size_t size);

static guint64 n_allocations = 0;

void *
malloc (size_t size)
{
  n_allocations++;
  return __libc_malloc (size);
}

void *
calloc (size_t count, size_t size)
{
  n_allocations++;
  return __libc_calloc (count, size);
}

void *
realloc (void *block, size_t size)
{
  n_allocations++;
  return __libc_realloc (block, size);
}
#else
static guint64 n_allocations = 0; /* not counted */
#endif

/* What a case works on. */
typedef struct
{
  NebulaReplyFacts facts;
  char *statement;
  gsize statement_length;
  NebulaRetryState *state;
  NebulaOutcome *outcome;
} Subject;

/* Keeps the compiler from leaving out what led to @result, and from remembering it for the next
 * time. A sum in memory would take longer than the shortest of what is measured. */
static inline void
keep (gintptr result)
{
  __asm__ volatile("" : : "r"(result) : "memory");
}

typedef void (*Work) (const Subject *subject, guint64 times);

static void
look_up (const Subject *subject, guint64 times)
{
  /* Numbers in turn, so that no prediction is right by habit. */
  static const gint32 codes[] = { -1005, -4, -2069, -3531, -1002, -3, -7002, -2600 };

  for (guint64 i = 0; i < times; i++)
    keep ((gintptr) nebula_error_info_lookup (codes[i % 8]));
}

/* A success is shared: there is nothing to give back. */
static void
succeed (const Subject *subject, guint64 times)
{
  for (guint64 i = 0; i < times; i++)
    keep ((gintptr) nebula_outcome_new_from_facts (&subject->facts));
}

static void
classify (const Subject *subject, guint64 times)
{
  for (guint64 i = 0; i < times; i++)
    {
      NebulaOutcome *outcome = nebula_outcome_new_from_facts (&subject->facts);

      keep (nebula_outcome_get_category (outcome));
      nebula_outcome_unref (outcome);
    }
}

static void
read_statement (const Subject *subject, guint64 times)
{
  NebulaCallTraits traits;

  for (guint64 i = 0; i < times; i++)
    keep (nebula_statement_get_safety (subject->statement, (gssize) subject->statement_length,
                                       &traits));
}

static void
decide (const Subject *subject, guint64 times)
{
  for (guint64 i = 0; i < times; i++)
    keep (nebula_retry_state_decide (subject->state, subject->outcome, NEBULA_STATEMENT_READ_ONLY,
                                     1000, 0.5)
            .action);
}

/* What this thread has used of its processor, in nanoseconds. */
static gint64
get_time_used (void)
{
  struct timespec used;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &used);
  return (gint64) used.tv_sec * 1000000000 + used.tv_nsec;
}

static gint64
measure_round (Work work, const Subject *subject, guint64 times)
{
  gint64 start = get_time_used ();

  work (subject, times);
  return get_time_used () - start;
}

/* How many times fill a round. */
static guint64
calibrate (Work work, const Subject *subject)
{
  guint64 times = 1;

  while (measure_round (work, subject, times) < ROUND_NANOSECONDS && times < G_MAXUINT32)
    times *= 2;
  return times;
}

/* Prints a row, answers the nanoseconds. */
static double
measure (const char *name, Work work, const Subject *subject, gsize n_bytes, double unit)
{
  guint64 times = calibrate (work, subject);
  guint64 before;
  double best = G_MAXDOUBLE;

  for (guint i = 0; i < N_ROUNDS; i++)
    best = MIN (best, (double) measure_round (work, subject, times) / (double) times);

  before = n_allocations;
  work (subject, 1);
  printf ("%-44s %12.1f %9.1f %7" G_GUINT64_FORMAT, name, best, unit > 0 ? best / unit : 1.0,
          n_allocations - before);
  if (n_bytes > 0)
    printf (" %9.0f", (double) n_bytes * 1000.0 / best);
  printf ("\n");
  return best;
}

/* As long as graphd's longest: @text, and then what is in no rule. */
static char *
fill (const char *text)
{
  GString *filled = g_string_new (text);

  while (filled->len < LONGEST)
    g_string_append (filled, filled->len % 7 == 0 ? " " : "x");
  return g_string_free (filled, FALSE);
}

/* As long as graphd's longest, and cut as graphd does: wherever that is. */
static char *
repeat (const char *head, const char *piece)
{
  GString *filled = g_string_new (head);

  while (filled->len < LONGEST)
    g_string_append (filled, piece);
  return g_string_free (g_string_truncate (filled, LONGEST), FALSE);
}

static void
measure_reply (const char *name, gint32 code, const char *message, double unit)
{
  Subject subject = {
    .facts = {
      .phase = NEBULA_PHASE_EXECUTE,
      .code = code,
      .message = message,
      .message_length = message != NULL ? (gssize) strlen (message) : 0,
    },
  };

  measure (name, classify, &subject, 0, unit);
}

static void
measure_replies (double unit)
{
  g_autofree char *last = fill ("User not existed!");
  g_autofree char *nothing = fill ("Nobody knows this");
  g_autofree char *leader = fill ("Storage Error: Not the leader of 12. Please retry later.");
  g_autofree char *words = g_strnfill (LONGEST, 'S');
  g_autofree char *utf8 = fill ("SpaceNotFound: SpaceName `\345\233\276'");
  g_autofree char *script = repeat ("SpaceNotFound: ", "\345\233\276");
  g_autofree char *cut = repeat ("SpaceNotFound: S", "\345\233\276");

  measure_reply ("reply, -1004 without a text", -1004, NULL, unit);
  measure_reply ("reply, -1005, leader, 56 bytes", -1005,
                 "Storage Error: Not the leader of 12. Please retry later.", unit);
  measure_reply ("reply, -1005, leader, 255 bytes", -1005, leader, unit);
  measure_reply ("reply, -1005, the last rule, 17 bytes", -1005, "User not existed!", unit);
  measure_reply ("reply, -1005, the last rule, 255 bytes", -1005, last, unit);
  measure_reply ("reply, -1005, no rule, 255 bytes", -1005, nothing, unit);
  measure_reply ("reply, -1005, no rule, capitals, 255 bytes", -1005, words, unit);
  measure_reply ("reply, -1005, not ASCII, 255 bytes", -1005, utf8, unit);
  measure_reply ("reply, -1005, another script, 255 bytes", -1005, script, unit);
  measure_reply ("reply, -1005, cut in a letter, 255 bytes", -1005, cut, unit);
}

static void
measure_statement (const char *name, const char *head, const char *piece, gsize size, double unit)
{
  GString *statement = g_string_new (head);
  Subject subject = { 0 };

  while (statement->len + strlen (piece) <= size)
    g_string_append (statement, piece);
  subject.statement_length = statement->len;
  subject.statement = g_string_free (statement, FALSE);
  measure (name, read_statement, &subject, subject.statement_length, unit);
  g_free (subject.statement);
}

static void
measure_statements (double unit)
{
  static const char head[] = "INSERT VERTEX player (name, age) VALUES \"player100\":(\"Tim\", 42)";
  static const char row[] = ", \"player101\":(\"Tony Parker\", 36)";
  static const char path[] = "GO FROM \"player100\" OVER follow YIELD dst(edge) AS id";
  static const char sentence[] = " | GO FROM $-.id OVER follow YIELD dst(edge) AS id";

  measure_statement ("safety, INSERT, 100 bytes", head, row, 100, unit);
  measure_statement ("safety, INSERT, 1 MiB", head, row, MEBIBYTE, unit);
  measure_statement ("safety, GO, 100 bytes", path, sentence, 104, unit);
  measure_statement ("safety, GO with pipes, 1 MiB", path, sentence, MEBIBYTE, unit);
}

static void
measure_decision (double unit)
{
  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new ();
  g_autoptr (NebulaOutcome) outcome = nebula_outcome_new_from_reply (
    NEBULA_PHASE_EXECUTE, -1005, "Storage Error: Not the leader of 12. Please retry later.", -1, 0);
  Subject subject = {
    .state = nebula_retry_state_new (policy, NEBULA_PHASE_EXECUTE, 0),
    .outcome = outcome,
  };

  measure ("decision", decide, &subject, 0, unit);
  nebula_retry_state_free (subject.state);
}

int
main (void)
{
  Subject none = { 0 };
  double unit;

  printf ("%-44s %12s %9s %7s %9s\n", "", "ns", "ratio", "allocs", "MB/s");
  unit = measure ("look up a number", look_up, &none, 0, 0);
  measure ("reply, code 0", succeed, &none, 0, unit);
  measure_replies (unit);
  measure_statements (unit);
  measure_decision (unit);
  return 0;
}
