/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-fixture.h"

G_BEGIN_DECLS

#define ENDPOINTS_N_SERVERS 3

/**
 * EndpointsFixture:
 * @road: the whole road, over a cluster of all servers; its server is the first of them
 * @servers: (owned): graphds that know nothing of each other's sessions
 *
 * A cluster of several graphds, which begins with the first of them.
 */
typedef struct
{
  Fixture road;
  NebulaMockServer *servers[ENDPOINTS_N_SERVERS];
} EndpointsFixture;

void endpoints_fixture_set_up (EndpointsFixture *self, gconstpointer data);
void endpoints_fixture_tear_down (EndpointsFixture *self, gconstpointer data);

/* The cluster has the first @n servers from now on, as it would have been made with them. */
void endpoints_fixture_limit (EndpointsFixture *self, guint n);
/* The servers whose digits are in @digits, as a list; (transfer full). */
char *endpoints_fixture_list (EndpointsFixture *self, const char *digits);
void endpoints_fixture_reconnect (EndpointsFixture *self);

void endpoints_fixture_fault (EndpointsFixture *self, guint server, NebulaMockFault *fault);
void endpoints_fixture_stop_listening (EndpointsFixture *self, guint server);

/* Whether the servers have got so many calls of @method, with a blank between two numbers. */
#define endpoints_fixture_assert_calls(self, method, expected) \
  G_STMT_START \
    { \
      g_autofree char *got_calls = endpoints_fixture_count_calls (self, method); \
      g_assert_cmpstr (got_calls, ==, expected); \
    } \
  G_STMT_END
char *endpoints_fixture_count_calls (EndpointsFixture *self, const char *method);

/* What is known of the servers: "well" or "aside", and how often they failed. */
#define endpoints_fixture_assert_states(self, expected) \
  G_STMT_START \
    { \
      g_autofree char *got_states = endpoints_fixture_describe_states (self); \
      g_assert_cmpstr (got_states, ==, expected); \
    } \
  G_STMT_END
char *endpoints_fixture_describe_states (EndpointsFixture *self);

/* Executes @statement, which has to succeed. */
void endpoints_fixture_execute (EndpointsFixture *self, const char *statement);

#define endpoints_fixture_add(path, func) \
  g_test_add (path, EndpointsFixture, NULL, endpoints_fixture_set_up, func, \
              endpoints_fixture_tear_down)

G_END_DECLS
