/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <nebula-interceptor/nebula-interceptor.h>

G_BEGIN_DECLS

/* What a user says about TLS; all texts are (owned) (nullable). */
typedef struct
{
  gboolean is_on;
  gboolean is_insecure;
  char *ca_file;
  char *certificate_file;
  char *key_file;
  char *server_name;
} NebulaTlsOptions;

/* The entries for a table of options; @options is a pointer. */
#define NEBULA_TLS_OPTION_ENTRIES(options) \
  { "tls", 0, 0, G_OPTION_ARG_NONE, &(options)->is_on, \
    "Encrypt, and verify who answers; the options below need it", NULL }, \
  { "tls-ca", 0, 0, G_OPTION_ARG_FILENAME, &(options)->ca_file, \
    "Whose certificates are trusted, PEM (default: those that the system trusts)", "FILE" }, \
  { "tls-certificate", 0, 0, G_OPTION_ARG_FILENAME, &(options)->certificate_file, \
    "What a server that asks for it is shown, PEM", "FILE" }, \
  { "tls-key", 0, 0, G_OPTION_ARG_FILENAME, &(options)->key_file, \
    "The key of the certificate, PEM (default: it is in the same file)", "FILE" }, \
  { "tls-server-name", 0, 0, G_OPTION_ARG_FILENAME, &(options)->server_name, \
    "The name in the server's certificate (default: the host of the endpoint)", "NAME" }, \
  { "tls-insecure", 0, 0, G_OPTION_ARG_NONE, &(options)->is_insecure, \
    "Accept any certificate: whoever answers is told the password; for tests", NULL }

void nebula_tls_options_clear (NebulaTlsOptions *self);
gboolean nebula_tls_options_apply (const NebulaTlsOptions *self,
                                   NebulaCluster *cluster,
                                   GError **error);

G_END_DECLS
