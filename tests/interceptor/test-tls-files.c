/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-interceptor/nebula-tls.h>
#include <nebula-retry/nebula-retry.h>

#include <unistd.h>

#include "tls-peer.h"

/* What files may be given, and what is said of others. Names are of tests/data/tls. */
typedef struct
{
  const char *path;
  const char *ca;
  const char *certificate;
  const char *key;
  const char *server_name;
  const char *text; /* (nullable): of the error; NULL for none */
} FileCase;

#define EXPECTS_KEY "expected PEM, not encrypted: -----BEGIN PRIVATE KEY-----"

static const FileCase cases[] = {
  { "nothing", NULL, NULL, NULL, NULL, NULL },
  { "authority", "ca.pem", NULL, NULL, "graphd.test", NULL },
  { "address", "ca.pem", NULL, NULL, "::1", NULL },
  { "all", "ca.pem", "client.pem", "client.key", NULL, NULL },
  { "both-in-one", "ca.pem", "server-and-key.pem", NULL, NULL, NULL },
  { "authority-missing", "nowhere.pem", NULL, NULL, NULL,
    "the CA file '*/nowhere.pem': *No such file or directory" },
  { "authority-is-none", "broken.pem", NULL, NULL, NULL,
    "the CA file '*/broken.pem': no certificate in it, expected PEM: -----BEGIN CERTIFICATE-----" },
  { "authority-is-key", "server.key", NULL, NULL, NULL, "the CA file '*/server.key': no cert*" },
  { "certificate-missing", NULL, "nowhere.pem", "client.key", NULL,
    "the certificate file '*/nowhere.pem': *No such file or directory" },
  { "certificate-is-none", NULL, "broken.pem", "client.key", NULL,
    "the certificate file '*/broken.pem': no certificate in it, expected PEM*" },
  { "key-missing", NULL, "client.pem", "nowhere.key", NULL,
    "the key file '*/nowhere.key': *No such file or directory; " EXPECTS_KEY },
  { "key-is-none", NULL, "client.pem", "broken.pem", NULL,
    "the key file '*/broken.pem': *; " EXPECTS_KEY },
  { "key-is-not-there", NULL, "client.pem", NULL, NULL,
    "the key file '*/client.pem': *; " EXPECTS_KEY },
  { "key-is-encrypted", NULL, "client.pem", "encrypted.key", NULL,
    "the key file '*/encrypted.key': *; " EXPECTS_KEY },
  { "key-of-another", NULL, "client.pem", "server.key", NULL,
    "the key file '*/server.key': not the private key of the certificate in '*/client.pem' (*)" },
  { "key-alone", NULL, NULL, "client.key", NULL,
    "the key file '*/client.key': no certificate file beside it, expected both or none" },
  { "name-empty", NULL, NULL, NULL, "", "the server name '': expected the name of a host *" },
  { "name-with-port", NULL, NULL, NULL, "graphd:9669", "the server name 'graphd:9669': expected *" },
};

static void
test_files (gconstpointer data)
{
  const FileCase *a_case = data;
  g_autofree char *ca = tls_peer_find_file (a_case->ca);
  g_autofree char *certificate = tls_peer_find_file (a_case->certificate);
  g_autofree char *key = tls_peer_find_file (a_case->key);
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaTls) tls = NULL;

  g_test_summary ("files that cannot be used are named at once, with what was expected in them");
  tls = nebula_tls_new (ca, certificate, key, a_case->server_name, &error);
  if (a_case->text == NULL)
    {
      g_assert_no_error (error);
      g_assert_cmpstr (nebula_tls_get_server_name (tls), ==, a_case->server_name);
      g_assert_false (nebula_tls_get_insecure (tls));
      return;
    }
  g_assert_null (tls);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT);
  g_test_message ("%s", error->message);
  g_assert_true (g_pattern_match_simple (a_case->text, error->message));
}

/* GIO warns of a path that is not absolute. */
static void
test_relative (void)
{
  g_autofree char *folder = tls_peer_find_file (".");
  g_autofree char *before = g_get_current_dir ();
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaTls) tls = NULL;

  g_test_summary ("paths may be relative");
  g_assert_no_errno (chdir (folder));
  tls = nebula_tls_new ("ca.pem", "client.pem", "client.key", NULL, &error);
  g_assert_no_errno (chdir (before));
  g_assert_no_error (error);
}

static void
test_insecure (void)
{
  g_autofree char *file = tls_peer_find_file ("broken.pem");
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaTls) tls = nebula_tls_new_insecure (NULL, NULL, "graphd.test", &error);

  g_test_summary ("settings that verify nothing say so, and check their own files all the same");
  g_assert_no_error (error);
  g_assert_true (nebula_tls_get_insecure (tls));
  g_assert_cmpstr (nebula_tls_get_server_name (tls), ==, "graphd.test");
  g_assert_null (nebula_tls_new_insecure (file, file, NULL, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT);
}

static void
test_boxed (void)
{
  g_autoptr (NebulaTls) tls = nebula_tls_new (NULL, NULL, NULL, "graphd.test", NULL);
  NebulaTls *copy = g_boxed_copy (NEBULA_TYPE_TLS, tls);

  g_test_summary ("a copy is the same settings");
  g_assert_true (copy == tls);
  g_boxed_free (NEBULA_TYPE_TLS, copy);
  g_assert_cmpstr (nebula_tls_get_server_name (tls), ==, "graphd.test");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/tls-files/", cases[i].path, NULL);

      g_test_add_data_func (path, &cases[i], test_files);
    }
  g_test_add_func ("/tls-files/relative", test_relative);
  g_test_add_func ("/tls-files/insecure", test_insecure);
  g_test_add_func ("/tls-files/boxed", test_boxed);
  return g_test_run ();
}
