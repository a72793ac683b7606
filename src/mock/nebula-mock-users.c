/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-users-private.h"

/* So many wrong passwords in a row lock a user: a usual value of graphd's failed_login_attempts. */
#define ATTEMPTS_BEFORE_LOCK 5

/* graphd counts these down; here the lock lasts until the password is set again, so that no test
 * depends on the time of day. */
#define LOCK_SECONDS 300

/* A graphd as it is installed has this user. */
#define DEFAULT_USER "root"
#define DEFAULT_PASSWORD "nebula"

typedef struct
{
  char *password; /* (owned) (nullable): NULL for a user that only tried */
  guint logins;   /* right and wrong ones */
  guint wrong;    /* in a row */
} User;

struct _NebulaMockUsers
{
  GMutex      lock;
  GHashTable *by_name; /* (owned) (element-type utf8 User): under the lock */
  gboolean    any;     /* somebody was added: under the lock */
};

static void
user_free (gpointer data)
{
  g_free (((User *) data)->password);
  g_free (data);
}

NebulaMockUsers *
nebula_mock_users_new (void)
{
  NebulaMockUsers *self = g_new0 (NebulaMockUsers, 1);

  g_mutex_init (&self->lock);
  self->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, user_free);
  return self;
}

void
nebula_mock_users_free (NebulaMockUsers *self)
{
  g_hash_table_unref (self->by_name);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Called under the lock. */
static User *
ensure_user (NebulaMockUsers *self,
             const char      *name)
{
  User *user = g_hash_table_lookup (self->by_name, name);

  if (user == NULL)
    {
      user = g_new0 (User, 1);
      g_hash_table_insert (self->by_name, g_strdup (name), user);
    }
  return user;
}

/* Adds a user, or gives one another password and unlocks it. */
void
nebula_mock_users_add (NebulaMockUsers *self,
                       const char      *user,
                       const char      *password)
{
  User *entry;

  g_mutex_lock (&self->lock);
  self->any = TRUE;
  entry = ensure_user (self, user);
  g_free (entry->password);
  entry->password = g_strdup (password);
  entry->wrong = 0;
  g_mutex_unlock (&self->lock);
}

/* Called under the lock. */
static const char *
password_of (NebulaMockUsers *self,
             const char      *name,
             const User      *user)
{
  if (!self->any && g_str_equal (name, DEFAULT_USER))
    return DEFAULT_PASSWORD;
  return user->password;
}

/* Called under the lock. */
static char *
judge (NebulaMockUsers *self,
       const char      *name,
       User            *user,
       const char      *password)
{
  const char *expected = password_of (self, name, user);

  if (expected == NULL)
    return g_strdup ("User not exist");
  if (user->wrong >= ATTEMPTS_BEFORE_LOCK)
    return g_strdup_printf ("%d times consecutive incorrect passwords has been input, user name: "
                            "%s has been locked, try again in %ld seconds",
                            ATTEMPTS_BEFORE_LOCK, name, (long) LOCK_SECONDS);
  if (!g_str_equal (expected, password))
    {
      user->wrong++;
      return g_strdup ("Invalid password");
    }
  user->wrong = 0;
  return NULL;
}

/* Returns: (transfer full) (nullable): NULL when the user may come in, else graphd's text */
char *
nebula_mock_users_log_in (NebulaMockUsers *self,
                          const char      *user,
                          const char      *password)
{
  char *refusal;
  User *entry;

  g_mutex_lock (&self->lock);
  entry = ensure_user (self, user);
  entry->logins++;
  refusal = judge (self, user, entry, password);
  g_mutex_unlock (&self->lock);
  return refusal;
}

guint
nebula_mock_users_get_logins (NebulaMockUsers *self,
                              const char      *user)
{
  const User *entry;
  guint logins;

  g_mutex_lock (&self->lock);
  entry = g_hash_table_lookup (self->by_name, user);
  logins = entry != NULL ? entry->logins : 0;
  g_mutex_unlock (&self->lock);
  return logins;
}
