/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-credential-private.h"
#include <nebula-interceptor/nebula-cluster.h>

G_BEGIN_DECLS

/**
 * NebulaCredentialSource:
 *
 * Where the credentials of a cluster come from that no authenticate has shown: set by hand, or
 * asked for when they are needed. Reference counted, safe in any thread; its function is called
 * without a lock, by one thread at a time.
 */
typedef struct _NebulaCredentialSource NebulaCredentialSource;

NebulaCredentialSource *nebula_credential_source_new (NebulaCluster *owner);
NebulaCredentialSource *nebula_credential_source_ref (NebulaCredentialSource *self);
void nebula_credential_source_unref (NebulaCredentialSource *self);

void nebula_credential_source_set_keep (NebulaCredentialSource *self, gboolean keep);
gboolean nebula_credential_source_get_keep (NebulaCredentialSource *self);
void nebula_credential_source_set (NebulaCredentialSource *self, NebulaCredential *credential);
void nebula_credential_source_set_func (NebulaCredentialSource *self,
                                        NebulaCredentialsFunc func,
                                        gpointer user_data,
                                        GDestroyNotify destroy);
NebulaCredential *nebula_credential_source_get (NebulaCredentialSource *self);

gboolean nebula_credential_source_is_asking (NebulaCredentialSource *self);
gboolean nebula_credential_source_may_have (NebulaCredentialSource *self,
                                            NebulaCredential *own,
                                            GBytes *user);
NebulaCredential *nebula_credential_source_claim (NebulaCredentialSource *self,
                                                  NebulaCredential *own,
                                                  GBytes *user,
                                                  const NebulaLimit *limit,
                                                  GError **error);
void nebula_credential_source_settle (NebulaCredentialSource *self, NebulaCredential *credential);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaCredentialSource, nebula_credential_source_unref)

G_END_DECLS
