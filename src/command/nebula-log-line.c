/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-log-line-private.h"

#include <string.h>

/*
 * A failure out of a line that was pasted from a log: of NebulaGraph's console, of a program that
 * prints the fields of a reply, in JSON or not, of our own errors; else what looks like a code.
 * What is not understood is left out; whatever the bytes are, nothing breaks.
 */

/* Longer than the longest name of a code, 35 characters; so many digits are no code either. */
#define MAX_CODE 63

static gboolean
is_in_word (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

/* Reads a number of 32 bits or a known name. Answers where it ends, NULL if there is none. */
static const char *
read_code (const char *at, gint32 *code)
{
  const NebulaErrorInfo *info;
  const char *end = *at == '-' ? at + 1 : at;
  g_autofree char *word = NULL;
  gint64 number;

  while (end - at <= MAX_CODE && is_in_word (*end))
    end++;
  if (end == at || end - at > MAX_CODE)
    return NULL;

  word = g_strndup (at, (gsize) (end - at));
  info = nebula_error_info_lookup_by_name (word);
  if (info != NULL)
    *code = nebula_error_info_get_code (info);
  else if (g_ascii_string_to_signed (word, 10, G_MININT32, G_MAXINT32, &number, NULL))
    *code = (gint32) number;
  else
    return NULL;
  return end;
}

static void
set_message (NebulaLogLine *self, const char *begin, gsize length)
{
  self->message = g_strstrip (g_strndup (begin, length));
  if (*self->message == '\0')
    g_clear_pointer (&self->message, g_free);
}

/* [ERROR (-1005)]: Storage Error: … */
static gboolean
parse_console (NebulaLogLine *self, const char *line)
{
  static const char begin[] = "[ERROR (";
  const char *at = strstr (line, begin);

  at = at != NULL ? read_code (at + strlen (begin), &self->code) : NULL;
  if (at == NULL || *at != ')')
    return FALSE;
  at += strspn (at, ")]: \t");
  set_message (self, at, strlen (at));
  return TRUE;
}

/* The calls that the library names in its errors, and what kind each is. */
static const struct
{
  const char *name;
  NebulaPhase phase;
} calls[] = {
  { "authenticate", NEBULA_PHASE_AUTHENTICATE },
  { "verifyClientVersion", NEBULA_PHASE_VERIFY },
  { "open", NEBULA_PHASE_VERIFY },
  { "execute", NEBULA_PHASE_EXECUTE },
  { "executeWithParameter", NEBULA_PHASE_EXECUTE },
  { "executeJson", NEBULA_PHASE_EXECUTE },
  { "executeJsonWithParameter", NEBULA_PHASE_EXECUTE },
};

/* Where the text of the server begins behind "NAME: ", which some programs write as "NAME failed: ";
 * NULL when @at is no such name. */
static const char *
skip_name (const char *line, const char *at, const char *end, const char *name)
{
  const char *after = at + strlen (name);

  if (at > line && is_in_word (at[-1]))
    return NULL;
  if (g_str_has_prefix (after, " failed"))
    after += strlen (" failed");
  if (after == end)
    return end;
  return g_str_has_prefix (after, ": ") ? after + strlen (": ") : NULL;
}

/* The text of the server begins behind the name of the call, the first one that is in the line. */
static const char *
skip_call (NebulaLogLine *self, const char *line, const char *end)
{
  const char *text = NULL;
  const char *first = end;

  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    for (const char *at = strstr (line, calls[i].name); at != NULL && at < first;
         at = strstr (at + 1, calls[i].name))
      {
        const char *found = skip_name (line, at, end, calls[i].name);

        if (found == NULL)
          continue;
        self->has_phase = TRUE;
        self->phase = calls[i].phase;
        text = MIN (found, end);
        first = at;
      }
  return text != NULL ? text : line;
}

/* Behind the code: ", really -4 E_LEADER_CHANGED, leader); not applied; 3 attempts". */
static void
read_verdict (NebulaLogLine *self, const char *at)
{
  const char *end = strchr (at, ')');
  const char *word = end != NULL ? g_strrstr_len (at, end - at, ", ") : NULL;

  if (word == NULL)
    return;
  word += strlen (", ");
  for (guint cause = NEBULA_CAUSE_NONE + 1; cause < NEBULA_N_CAUSES; cause++)
    {
      const char *name = nebula_cause_to_string (cause);

      if (strlen (name) == (gsize) (end - word) && g_str_has_prefix (word, name))
        self->cause = cause;
    }
  self->not_applied = self->cause != NEBULA_CAUSE_NONE && g_str_has_prefix (end, "); not applied");
}

/* execute: Storage Error: … (code -1005, really -4 E_LEADER_CHANGED, leader); … */
static gboolean
parse_ours (NebulaLogLine *self, const char *line)
{
  static const char begin[] = " (code ";
  const char *found = NULL;
  const char *after;
  const char *text;

  /* The last: a text of the server may have the same words. */
  for (const char *at = strstr (line, begin); at != NULL; at = strstr (at + 1, begin))
    found = at;
  after = found != NULL ? read_code (found + strlen (begin), &self->code) : NULL;
  if (after == NULL)
    return FALSE;
  read_verdict (self, after);
  text = skip_call (self, line, found);
  set_message (self, text, (gsize) (found - text));
  return TRUE;
}

/* Behind "KEY" and what stands between a key and its value; NULL where no value follows. */
static const char *
skip_key (const char *at, gsize length)
{
  const char *mark = at + length;

  mark += strspn (mark, "\"' \t");
  if (*mark != ':' && *mark != '=')
    return NULL;
  return mark + strspn (mark, ":= \t");
}

/* The value of the first member whose name ends with @key, in any case; NULL if there is none. */
static const char *
find_value (const char *line, const char *key)
{
  gsize length = strlen (key);

  for (const char *at = line; *at != '\0'; at++)
    {
      const char *value = NULL;

      if (g_ascii_strncasecmp (at, key, length) == 0)
        value = skip_key (at, length);
      if (value != NULL)
        return value;
    }
  return NULL;
}

/* A value in quotes without them, and its escapes taken back; Python puts a b before bytes. */
static void
set_value (NebulaLogLine *self, const char *value)
{
  const char *open = value[0] == 'b' && (value[1] == '"' || value[1] == '\'') ? value + 1 : value;
  g_autoptr (GString) text = g_string_new (NULL);

  if (*open != '"' && *open != '\'')
    {
      set_message (self, value, strlen (value));
      return;
    }
  for (const char *at = open + 1; *at != '\0' && *at != *open; at++)
    {
      if (*at == '\\' && at[1] != '\0')
        at++;
      g_string_append_c (text, *at);
    }
  set_message (self, text->str, text->len);
}

/* The code of a failure of NebulaGraph; programs log other codes beside it: "status_code":200. Where
 * none is one, the first number counts. */
static gboolean
find_code (NebulaLogLine *self, const char *line)
{
  gboolean found = FALSE;

  for (const char *value = find_value (line, "code"); value != NULL;
       value = find_value (value, "code"))
    {
      gint32 code;

      if (read_code (value + strspn (value, "\"'"), &code) == NULL)
        continue;
      if (code != 0 && nebula_error_info_lookup (code) != NULL)
        {
          self->code = code;
          return TRUE;
        }
      if (!found)
        self->code = code;
      found = TRUE;
    }
  return found;
}

/* error_code: -1005, error_msg: …; ErrorCode=-1005 ErrorMsg="…"; {"code":-1005,"message":"…"} */
static gboolean
parse_members (NebulaLogLine *self, const char *line)
{
  static const char *const keys[] = { "error_msg", "errormsg", "msg", "message" };
  const char *value;

  if (!find_code (self, line))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      value = find_value (line, keys[i]);
      if (value != NULL)
        {
          set_value (self, value);
          break;
        }
    }
  return TRUE;
}

/* With what graphd sends its texts, the usual one first. That a session is gone it says with -1002;
 * behind -1005 the same words are about another session than the caller's. */
static const struct
{
  NebulaPhase phase;
  gint32 code;
  gboolean only_sessions;
} senders[] = {
  { NEBULA_PHASE_EXECUTE, -1002, TRUE },       { NEBULA_PHASE_EXECUTE, -1009, FALSE },
  { NEBULA_PHASE_EXECUTE, -1005, FALSE },      { NEBULA_PHASE_EXECUTE, -1002, FALSE },
  { NEBULA_PHASE_AUTHENTICATE, -1002, FALSE }, { NEBULA_PHASE_AUTHENTICATE, -1001, FALSE },
  { NEBULA_PHASE_AUTHENTICATE, -1010, FALSE }, { NEBULA_PHASE_VERIFY, -3061, FALSE },
};

static gboolean
is_text_of (const char *text, gsize sender)
{
  g_autoptr (NebulaOutcome) outcome = NULL;
  NebulaPhase phase = senders[sender].phase;
  const char *rule;

  outcome = nebula_outcome_new_from_reply (phase, senders[sender].code, text, -1, 0);
  rule = nebula_outcome_get_rule (outcome);
  return nebula_message_rule_lookup (phase, rule) != NULL
         && (!senders[sender].only_sessions
             || nebula_outcome_get_category (outcome) == NEBULA_ERROR_CATEGORY_SESSION);
}

/* Nothing but what graphd said. */
static gboolean
parse_text (NebulaLogLine *self, const char *line)
{
  gsize i = 0;

  while (i < G_N_ELEMENTS (senders) && !is_text_of (line, i))
    i++;
  if (i == G_N_ELEMENTS (senders))
    return FALSE;
  self->form = NEBULA_LOG_LINE_TEXT;
  self->code = senders[i].code;
  self->phase = senders[i].phase;
  self->has_phase = senders[i].phase != NEBULA_PHASE_EXECUTE;
  set_message (self, line, strlen (line));
  return TRUE;
}

/* The first code that is known; the text is what follows, or else what stands before. */
static gboolean
parse_mention (NebulaLogLine *self, const char *line)
{
  for (const char *at = line; *at != '\0'; at++)
    {
      const char *end;
      const char *text;

      if ((*at != '-' && *at != 'E') || (at > line && (is_in_word (at[-1]) || at[-1] == '-')))
        continue;
      end = read_code (at, &self->code);
      if (end == NULL || nebula_error_info_lookup (self->code) == NULL)
        continue;
      self->form = NEBULA_LOG_LINE_MENTION;
      text = end + strspn (end, ")]:,. \t");
      if (*text != '\0')
        set_message (self, text, strlen (text));
      else
        set_message (self, line, (gsize) (at - line) - (at > line && at[-1] == '('));
      return TRUE;
    }
  return FALSE;
}

/**
 * nebula_log_line_parse:
 * @self: (out caller-allocates): to be cleared, whatever is answered
 * @line: (not nullable): any bytes
 *
 * Returns: whether a code was found
 */
gboolean
nebula_log_line_parse (NebulaLogLine *self, const char *line)
{
  static gboolean (*const parsers[]) (NebulaLogLine *, const char *) = {
    parse_console, parse_ours, parse_members, parse_text, parse_mention,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (parsers); i++)
    {
      memset (self, 0, sizeof *self);
      if (parsers[i](self, line))
        return TRUE;
    }
  memset (self, 0, sizeof *self);
  return FALSE;
}

void
nebula_log_line_clear (NebulaLogLine *self)
{
  g_clear_pointer (&self->message, g_free);
}
