/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-retry.h>

G_BEGIN_DECLS

/* How a code and a text were found in a line. */
typedef enum
{
  NEBULA_LOG_LINE_FRAMED,  /* the line says which is which */
  NEBULA_LOG_LINE_TEXT,    /* a known text of graphd, and its usual code */
  NEBULA_LOG_LINE_MENTION, /* a known code is somewhere in it */
} NebulaLogLineForm;

/* A failure as somebody logged it. */
typedef struct
{
  NebulaLogLineForm form;
  gint32 code;
  gboolean has_phase; /* the line says which call failed */
  NebulaPhase phase;
  NebulaCause cause;    /* of an error of ours; NONE while it is not said */
  gboolean not_applied; /* an error of ours says so */
  char *message;        /* (owned) (nullable) */
} NebulaLogLine;

gboolean nebula_log_line_parse (NebulaLogLine *self, const char *line);
void nebula_log_line_clear (NebulaLogLine *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NebulaLogLine, nebula_log_line_clear)

G_END_DECLS
