/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-claim-private.h"

G_BEGIN_DECLS

/**
 * NebulaCredential:
 *
 * A user and a password, shared by all sessions that were got with it. One at a time tries it, and
 * once it was refused nobody does: a few refusals lock the account. Reference counted, safe in any
 * thread; wiped from memory with its last reference.
 */
typedef struct _NebulaCredential NebulaCredential;

NebulaCredential *nebula_credential_new (gconstpointer user,
                                         gsize user_length,
                                         gconstpointer password,
                                         gsize password_length);
NebulaCredential *nebula_credential_ref (NebulaCredential *self);
void nebula_credential_unref (NebulaCredential *self);

GBytes *nebula_credential_get_user (NebulaCredential *self);
GBytes *nebula_credential_get_password (NebulaCredential *self);
gboolean nebula_credential_equal (NebulaCredential *self, NebulaCredential *other);
gboolean nebula_credential_is_newer (NebulaCredential *self, NebulaCredential *other);

char *nebula_password_hide (const char *text, gconstpointer password, gsize length);

gboolean nebula_credential_is_refused (NebulaCredential *self);
void nebula_credential_refuse (NebulaCredential *self, NebulaClock *clock, gint64 duration);
void nebula_credential_accept (NebulaCredential *self);
void nebula_credential_learn (NebulaCredential *self);
gboolean nebula_credential_claim (NebulaCredential *self, const NebulaLimit *limit, GError **error);
void nebula_credential_release (NebulaCredential *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaCredential, nebula_credential_unref)

G_END_DECLS
