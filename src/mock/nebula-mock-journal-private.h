/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Every write that landed: by which server, in which space. Any thread. */
typedef struct _NebulaMockJournal NebulaMockJournal;

/* Which writes are meant. */
typedef struct
{
  int         server;   /* its number, -1 for all */
  const char *space;    /* (nullable): NULL for any */
  const char *contains; /* (nullable): part of the statement, NULL for any */
} NebulaMockWriteFilter;

NebulaMockJournal *nebula_mock_journal_new (void);
void nebula_mock_journal_free (NebulaMockJournal *self);
void nebula_mock_journal_add (NebulaMockJournal *self,
                              guint server,
                              const char *space,
                              const char *statement);
guint nebula_mock_journal_count (NebulaMockJournal *self, const NebulaMockWriteFilter *filter);
gboolean nebula_mock_journal_wait (NebulaMockJournal *self,
                                   const NebulaMockWriteFilter *filter,
                                   guint count,
                                   gint64 timeout_us);
void nebula_mock_journal_expect (NebulaMockJournal *self, const char *contains, const char *space);
char *nebula_mock_journal_find_misplaced (NebulaMockJournal *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaMockJournal, nebula_mock_journal_free)

G_END_DECLS
