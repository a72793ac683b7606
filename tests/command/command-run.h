/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <nebula-mock/nebula-mock.h>
#include <string.h>

G_BEGIN_DECLS

/* The password in all tests; no output of the command may ever hold it. */
#define CANARY "c4nary-in-the-mine"

/* What a run of the command came to; texts end with a zero, and may hold others. */
typedef struct
{
  int status;
  GBytes *out;
  GBytes *err;
} CommandRun;

GSubprocess *command_spawn (const char *const *arguments);
void command_run (CommandRun *run, const char *input, const char *const *arguments);
void command_run_clear (CommandRun *run);
const char *command_run_out (const CommandRun *run);
const char *command_run_err (const CommandRun *run);
JsonNode *command_run_json (const CommandRun *run);

/* Both with all the text shown when it is not so. @text: (nullable): %NULL for "is empty" */
void assert_contains (const char *whole, const char *text);
void assert_lacks (const char *whole, const char *text);

/* A file in the test's own folder, which goes away with command_files_remove (). */
const char *command_file (const char *name, const char *contents);
void command_files_remove (void);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CommandRun, command_run_clear)

G_END_DECLS
