/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-command-private.h"
#include "nebula-password-file-private.h"

#include <nebula-mock/nebula-mock.h>
#include <signal.h>
#include <stdio.h>

/*
 * nebula-interceptor mock: graphds for tests, until somebody ends them.
 */

static const NebulaCommandUsage usage = {
  "mock",
  "",
  "Runs graphds for tests on this machine, with scripted faults, until it is interrupted.",
  "Without --user and without users in the scenario, the user root has the password nebula.\n"
  "The first line of output is 'listening on HOST:PORT', with --servers\n"
  "'listening on HOST:PORT,HOST:PORT,...'. Several share users, spaces, data and sessions.\n"
  "With --tls-certificate and --tls-key they speak TLS, and only that.\n"
  "Calls may be framed, have fbthrift's header, or be bare.\n"
  "\n"
  "Example of a scenario: the first two INSERTs fail, the third FETCH is told to go away.\n"
  "  { \"spaces\": [ \"garden\" ],\n"
  "    \"faults\": [\n"
  "      { \"kind\": \"code\", \"contains\": \"INSERT\", \"calls\": [1, 2],\n"
  "        \"code\": -1005, \"message\": \"Storage Error: Not the leader of 3.\" },\n"
  "      { \"kind\": \"goaway\", \"contains\": \"FETCH\", \"calls\": 3 } ] }\n"
  "All kinds, and what may happen to several servers: docs/mock.md.",
};

/* More than anybody needs on one machine. */
#define SERVERS_MAX 100

typedef struct
{
  char *host; /* (owned) (nullable), as all texts here */
  int port;
  int servers; /* 0 when it was not given */
  char *scenario;
  char *user;
  char *password_file;
  char *password; /* for nebula_password_free () */
  char *tls_certificate;
  char *tls_key;
  char *tls_client_ca;
  GStrv spaces;
  GStrv words;
} Mock;

static void
mock_clear (Mock *self)
{
  g_free (self->host);
  g_free (self->scenario);
  g_free (self->user);
  g_free (self->password_file);
  nebula_password_free (self->password);
  g_free (self->tls_certificate);
  g_free (self->tls_key);
  g_free (self->tls_client_ca);
  g_strfreev (self->spaces);
  g_strfreev (self->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Mock, mock_clear)

static gboolean
check_options (Mock *self, int *status)
{
  g_autoptr (GError) error = NULL;

  if (self->words[0] != NULL)
    *status = nebula_command_misused (usage.name, "'%s' is not expected: there are only options",
                                      self->words[0]);
  else if (self->port < 0 || self->port > G_MAXUINT16)
    *status = nebula_command_misused (usage.name, "--port is %d, expected 0 to 65535", self->port);
  else if (self->servers < 0 || self->servers > SERVERS_MAX)
    *status = nebula_command_misused (usage.name, "--servers is %d, expected 0 to %d",
                                      self->servers, SERVERS_MAX);
  else if ((self->user == NULL) != (self->password_file == NULL))
    *status = nebula_command_misused (usage.name, "--user and --password-file are given together "
                                                  "or not at all");
  else if ((self->tls_certificate == NULL) != (self->tls_key == NULL))
    *status = nebula_command_misused (usage.name, "--tls-certificate and --tls-key are given "
                                                  "together or not at all");
  else if (self->tls_client_ca != NULL && self->tls_certificate == NULL)
    *status = nebula_command_misused (usage.name, "--tls-client-ca without --tls-certificate, which "
                                                  "it belongs to");
  else if (self->password_file != NULL
           && (self->password = nebula_password_file_read (self->password_file, &error)) == NULL)
    *status = nebula_command_misused (usage.name, "%s", error->message);
  else
    return TRUE;
  return FALSE;
}

static gboolean
parse (Mock *self, char **argv, int *status)
{
  const GOptionEntry entries[] = {
    { "host", 0, 0, G_OPTION_ARG_FILENAME, &self->host,
      "A loopback address to listen on (default 127.0.0.1)", "HOST" },
    { "port", 0, 0, G_OPTION_ARG_INT, &self->port,
      "0 (default) picks a free one; several servers take those that follow", "PORT" },
    { "servers", 0, 0, G_OPTION_ARG_INT, &self->servers,
      "How many graphds; 0 (default) for as many as the scenario says, or 1", "N" },
    { "scenario", 0, 0, G_OPTION_ARG_FILENAME, &self->scenario, "Users, spaces and faults, as JSON",
      "FILE" },
    { "user", 0, 0, G_OPTION_ARG_FILENAME, &self->user, "A user who may log in", "USER" },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &self->password_file,
      "The user's password is the first line of this file; - for stdin", "FILE" },
    { "space", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->spaces,
      "A space that exists; may be given several times", "SPACE" },
    { "tls-certificate", 0, 0, G_OPTION_ARG_FILENAME, &self->tls_certificate,
      "Speak TLS, and show this certificate, PEM", "FILE" },
    { "tls-key", 0, 0, G_OPTION_ARG_FILENAME, &self->tls_key, "The key of the certificate, PEM",
      "FILE" },
    { "tls-client-ca", 0, 0, G_OPTION_ARG_FILENAME, &self->tls_client_ca,
      "Let in only clients whose certificates are signed by these authorities, PEM", "FILE" },
    { 0 },
  };

  return nebula_command_parse (&usage, entries, argv, &self->words, status)
         && check_options (self, status);
}

/* Returns: (transfer full) (nullable): %NULL with a @status */
static NebulaMockCluster *
load_scenario (const char *path, guint servers, int *status)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL;
  NebulaMockCluster *cluster = NULL;
  gsize length;

  if (g_file_get_contents (path, &json, &length, &error))
    cluster = nebula_mock_cluster_new_from_scenario (json, length, servers, &error);
  if (cluster == NULL)
    *status = nebula_command_misused (usage.name, "the scenario cannot be used:\n%s",
                                      error->message);
  return cluster;
}

static gboolean
set_tls (Mock *self, NebulaMockCluster *cluster, int *status)
{
  g_autoptr (GError) error = NULL;

  if (self->tls_certificate == NULL)
    return TRUE;
  for (guint i = 0; i < nebula_mock_cluster_get_n_servers (cluster); i++)
    if (!nebula_mock_server_set_tls (nebula_mock_cluster_get_server (cluster, i),
                                     self->tls_certificate, self->tls_key, self->tls_client_ca,
                                     &error))
      {
        *status = nebula_command_misused (usage.name, "TLS cannot be set up: %s", error->message);
        return FALSE;
      }
  return TRUE;
}

/* Returns: (transfer full) (nullable): %NULL with a @status */
static NebulaMockCluster *
set_up (Mock *self, int *status)
{
  g_autoptr (NebulaMockCluster) cluster = NULL;

  if (self->scenario != NULL)
    cluster = load_scenario (self->scenario, self->servers, status);
  else
    cluster = nebula_mock_cluster_new (MAX (self->servers, 1));
  if (cluster == NULL || !set_tls (self, cluster, status))
    return NULL;
  if (self->user != NULL)
    nebula_mock_cluster_add_user (cluster, self->user, self->password);
  for (guint i = 0; self->spaces != NULL && self->spaces[i] != NULL; i++)
    nebula_mock_cluster_add_space (cluster, self->spaces[i]);
  return g_steal_pointer (&cluster);
}

/* Blocked before the cluster's threads begin, which inherit it: so the wait below gets them. */
static void
block_signals (sigset_t *signals)
{
  sigemptyset (signals);
  sigaddset (signals, SIGINT);
  sigaddset (signals, SIGTERM);
  pthread_sigmask (SIG_BLOCK, signals, NULL);
}

int
nebula_command_mock (int argc, char **argv)
{
  g_auto (Mock) mock = { 0 };
  g_autoptr (NebulaMockCluster) cluster = NULL;
  g_autofree char *endpoints = NULL;
  g_autoptr (GError) error = NULL;
  int status = NEBULA_EXIT_OK;
  sigset_t signals;
  int signal_number;

  if (!parse (&mock, argv, &status))
    return status;
  block_signals (&signals);
  cluster = set_up (&mock, &status);
  if (cluster == NULL)
    return status;

  if (!nebula_mock_cluster_start (cluster, mock.host, mock.port, &error))
    return nebula_command_failed (usage.name, "cannot listen: %s", error->message);
  endpoints = nebula_mock_cluster_get_endpoints (cluster);
  printf ("listening on %s\n", endpoints);
  fflush (stdout);

  sigwait (&signals, &signal_number);
  nebula_mock_cluster_stop (cluster);
  return NEBULA_EXIT_OK;
}
