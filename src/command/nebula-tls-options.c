/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-tls-options-private.h"

/*
 * TLS on the command line. An option that would have no effect is refused: somebody counts on it.
 */

void
nebula_tls_options_clear (NebulaTlsOptions *self)
{
  g_free (self->ca_file);
  g_free (self->certificate_file);
  g_free (self->key_file);
  g_free (self->server_name);
}

/* Returns: (nullable): an option that is of no use without --tls */
static const char *
find_useless (const NebulaTlsOptions *self)
{
  if (self->ca_file != NULL)
    return "--tls-ca";
  if (self->certificate_file != NULL)
    return "--tls-certificate";
  if (self->key_file != NULL)
    return "--tls-key";
  if (self->server_name != NULL)
    return "--tls-server-name";
  return self->is_insecure ? "--tls-insecure" : NULL;
}

static gboolean
fail (GError **error, const char *option, const char *why)
{
  g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT, "%s %s", option, why);
  return FALSE;
}

/**
 * nebula_tls_options_apply:
 * @cluster: what the options are for
 * @error: return location of a %NEBULA_ERROR_INVALID_ARGUMENT or %G_TLS_ERROR_UNAVAILABLE
 *
 * Returns: %FALSE when the options contradict each other, or name files that cannot be used
 */
gboolean
nebula_tls_options_apply (const NebulaTlsOptions *self, NebulaCluster *cluster, GError **error)
{
  g_autoptr (NebulaTls) tls = NULL;

  if (!self->is_on)
    return find_useless (self) == NULL
           || fail (error, find_useless (self), "without --tls, which it belongs to");
  if (self->is_insecure && self->ca_file != NULL)
    return fail (error, "--tls-ca", "beside --tls-insecure, which verifies nothing");

  if (self->is_insecure)
    tls = nebula_tls_new_insecure (self->certificate_file, self->key_file, self->server_name,
                                   error);
  else
    tls = nebula_tls_new (self->ca_file, self->certificate_file, self->key_file, self->server_name,
                          error);
  return tls != NULL && nebula_cluster_set_tls (cluster, tls, error);
}
