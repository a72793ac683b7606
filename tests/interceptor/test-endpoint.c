/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-endpoint-private.h"

#include <gio/gunixsocketaddress.h>
#include <nebula-retry/nebula-error.h>

static void
test_good (void)
{
  static const struct
  {
    const char *text;
    const char *names; /* joined by a space */
  } cases[] = {
    { "graph1", "graph1:9669" },
    { "graph1:9700", "graph1:9700" },
    { "127.0.0.1:1", "127.0.0.1:1" },
    { "127.0.0.1:65535", "127.0.0.1:65535" },
    { "[::1]", "[::1]:9669" },
    { "[::1]:9700", "[::1]:9700" },
    { "unix:/run/graphd", "unix:/run/graphd" },
    { "a,b:1,[::1]:2,unix:/x", "a:9669 b:1 [::1]:2 unix:/x" },
    { "  a ,\tb:1 ", "a:9669 b:1" },
    { "graph-1.example.org:9669", "graph-1.example.org:9669" },
  };

  g_test_summary ("every form of an endpoint is read, and shown in its whole form");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) list = nebula_endpoint_parse_list (cases[i].text, &error);
      g_autoptr (GString) names = g_string_new (NULL);

      g_assert_no_error (error);
      for (guint j = 0; j < list->len; j++)
        g_string_append_printf (names, "%s%s", j > 0 ? " " : "",
                                ((NebulaEndpoint *) list->pdata[j])->name);
      g_assert_cmpstr (names->str, ==, cases[i].names);
    }
}

static void
test_addresses (void)
{
  g_autoptr (GPtrArray) list = nebula_endpoint_parse_list ("name:1,127.0.0.1:2,[::1]:3,unix:/x", NULL);
  NebulaEndpoint **endpoints;

  g_test_summary ("an address that is written out is not looked up");
  g_assert_nonnull (list);
  endpoints = (NebulaEndpoint **) list->pdata;
  g_assert_true (G_IS_NETWORK_ADDRESS (endpoints[0]->address));
  g_assert_cmpuint (g_network_address_get_port (G_NETWORK_ADDRESS (endpoints[0]->address)), ==, 1);
  g_assert_true (G_IS_INET_SOCKET_ADDRESS (endpoints[1]->address));
  g_assert_cmpuint (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (endpoints[1]->address)),
                    ==, 2);
  g_assert_true (G_IS_INET_SOCKET_ADDRESS (endpoints[2]->address));
  g_assert_true (G_IS_UNIX_SOCKET_ADDRESS (endpoints[3]->address));
}

static void
test_bad (void)
{
  static const struct
  {
    const char *text;
    const char *names;  /* the entry that is named */
    const char *reason; /* what is said of it */
  } cases[] = {
    { "", "\"\"", "the list is empty" },
    { " ", "\"\"", "the host is missing" },
    { "a,", "\"\"", "the host is missing" },
    { ",a", "\"\"", "the host is missing" },
    { ":9669", "\":9669\"", "the host is missing" },
    { "a:", "\"a:\"", "the port is no number from 1 to 65535" },
    { "a:0", "\"a:0\"", "the port is out of range, it has to be from 1 to 65535" },
    { "a:65536", "\"a:65536\"", "the port is out of range, it has to be from 1 to 65535" },
    { "a:99999999999999999999", "\"a:99999999999999999999\"", "the port is out of range" },
    { "a:-1", "\"a:-1\"", "the port is no number from 1 to 65535" },
    { "a:96 69", "\"a:96 69\"", "the port is no number from 1 to 65535" },
    { "a:x", "\"a:x\"", "the port is no number from 1 to 65535" },
    { "::1", "\"::1\"", "more than one colon" },
    { "a:1:2", "\"a:1:2\"", "more than one colon" },
    { "[::1", "\"[::1\"", "the bracket is not closed" },
    { "[::1]9669", "\"[::1]9669\"", "only \":port\" may follow" },
    { "[graph1]:1", "\"[graph1]:1\"", "no IPv6 address" },
    { "[]", "\"[]\"", "no IPv6 address" },
    { "a b", "\"a b\"", "a character it cannot have" },
    { "root:pw@a", "\"root:pw@a\"", "the port is no number" },
    { "http://a", "\"http://a\"", "the port is no number" },
    { "a/b", "\"a/b\"", "a character it cannot have" },
    { "unix:run", "\"unix:run\"", "does not begin with /" },
    { "unix", "\"unix\"", "the path of the socket is missing" },
    { "unix:", "\"unix:\"", "does not begin with /" },
    { "a,b,a", "\"a:9669\"", "it is named twice" },
    { "a,a:9669", "\"a:9669\"", "it is named twice" },
  };

  g_test_summary ("each wrong endpoint is refused with the entry, the reason and what was expected");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (nebula_endpoint_parse_list (cases[i].text, &error));
      g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT);
      g_assert_nonnull (strstr (error->message, cases[i].names));
      g_assert_nonnull (strstr (error->message, cases[i].reason));
      g_assert_nonnull (strstr (error->message, "expected host:port, [IPv6]:port or unix:/path"));
    }
}

static void
test_long_path (void)
{
  g_autofree char *name = g_strnfill (120, 'x');
  g_autofree char *text = g_strconcat ("unix:/", name, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("a path that no socket can have is refused, not cut");
  g_assert_null (nebula_endpoint_parse_list (text, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "longer than 107 bytes"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/endpoint/good", test_good);
  g_test_add_func ("/endpoint/addresses", test_addresses);
  g_test_add_func ("/endpoint/bad", test_bad);
  g_test_add_func ("/endpoint/long-path", test_long_path);
  return g_test_run ();
}
