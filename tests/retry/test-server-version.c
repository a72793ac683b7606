/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-retry.h>

static void
test_valid (void)
{
  static const struct
  {
    const char         *text;
    NebulaServerVersion expected;
    const char         *written;
  } cases[] = {
    { "3.8", NEBULA_SERVER_VERSION (3, 8, 0), "3.8.0" },
    { "3.8.0", NEBULA_SERVER_VERSION (3, 8, 0), "3.8.0" },
    { "3.0.1", NEBULA_SERVER_VERSION (3, 0, 1), "3.0.1" },
    { "3.4+", NEBULA_SERVER_VERSION_DEFAULT, "3.4+" },
    { "3.6.0+", NEBULA_SERVER_VERSION (3, 6, 0), "3.6.0" },
    { "1.0", NEBULA_SERVER_VERSION (1, 0, 0), "1.0.0" },
    { "2.6.2", NEBULA_SERVER_VERSION (2, 6, 2), "2.6.2" },
    { "10.20.30", NEBULA_SERVER_VERSION (10, 20, 30), "10.20.30" },
    { "255.255.255", NEBULA_SERVER_VERSION (255, 255, 255), "255.255.255" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      NebulaServerVersion version = 77;
      g_autoptr (GError) error = NULL;
      g_autofree char *written = NULL;

      g_assert_true (nebula_server_version_parse (cases[i].text, &version, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (version, ==, cases[i].expected);
      g_assert_true (nebula_server_version_parse (cases[i].text, NULL, NULL));

      written = nebula_server_version_to_string (version);
      g_assert_cmpstr (written, ==, cases[i].written);
    }
}

static void
test_invalid (void)
{
  static const char *const texts[] = {
    NULL, "", "3", "3.", ".8", "3.8.", "3.8.0.1", "v3.8", "3.8 ", " 3.8", "3,8", "-3.8", "3.-8",
    "+3.8", "3.8++", "3.8+x", "0.9", "0.0", "256.0", "3.256", "3.8.256", "3.99999999999999999999",
    "03.8", "3.08", "3.8.00", "three", "\377", "3.8-rc1",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      NebulaServerVersion version = 77;
      g_autoptr (GError) error = NULL;

      g_assert_false (nebula_server_version_parse (texts[i], &version, &error));
      g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT);
      g_assert_cmpuint (version, ==, 77);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_nonnull (g_strrstr (error->message, "MAJOR.MINOR"));
    }
}

/* "Or later" says nothing where later releases count otherwise. */
static void
test_open_end (void)
{
  static const char *const texts[] = { "1.0+", "2.6+", "3.0+", "3.3+", "3.3.255+" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (nebula_server_version_parse (texts[i], NULL, &error));
      g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT);
      g_assert_nonnull (g_strrstr (error->message, "plus sign"));
      g_assert_nonnull (g_strrstr (error->message, texts[i]));
    }
}

static void
test_default (void)
{
  g_autofree char *written = nebula_server_version_to_string (NEBULA_SERVER_VERSION_DEFAULT);
  NebulaServerVersion version;

  g_assert_cmpstr (written, ==, "3.4+");
  g_assert_true (nebula_server_version_parse (written, &version, NULL));
  g_assert_cmpuint (version, ==, NEBULA_SERVER_VERSION_DEFAULT);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Versions are read strictly, refused with a reason, and written back.");

  g_test_add_func ("/server-version/valid", test_valid);
  g_test_add_func ("/server-version/invalid", test_invalid);
  g_test_add_func ("/server-version/open-end", test_open_end);
  g_test_add_func ("/server-version/default", test_default);

  return g_test_run ();
}
