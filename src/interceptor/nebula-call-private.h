/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-cluster-private.h"
#include "nebula-connection-private.h"
#include "nebula-method-private.h"
#include "nebula-reply-private.h"
#include "nebula-time-private.h"
#include <nebula-interceptor/nebula-interceptor.h>

G_BEGIN_DECLS

/**
 * NebulaCallGoal:
 * @NEBULA_CALL_GOAL_OPEN: a connection stands
 * @NEBULA_CALL_GOAL_SENT: the request is sent
 * @NEBULA_CALL_GOAL_ANSWERED: the reply is there
 *
 * How far a call has to get.
 */
typedef enum
{
  NEBULA_CALL_GOAL_OPEN,
  NEBULA_CALL_GOAL_SENT,
  NEBULA_CALL_GOAL_ANSWERED,
} NebulaCallGoal;

typedef struct _NebulaCall NebulaCall;

/* After each attempt, for whoever watches. */
typedef void (*NebulaCallWatch) (NebulaCall *call, NebulaAttempt *attempt, gpointer user_data);

/* What a failure means to whoever knows better; (transfer full), %NULL for the same. */
typedef NebulaOutcome *(*NebulaCallJudge) (NebulaCall *call,
                                           NebulaOutcome *outcome,
                                           gpointer user_data);

/* Makes the channel to what is no endpoint of the cluster. */
typedef NebulaChannel *(*NebulaChannelFactory) (gpointer user_data);

/**
 * NebulaCall:
 *
 * The engine of one interceptor: one logical call at a time, over one connection, with the settings
 * that the interceptor's properties give. It knows nothing of Thrift's objects.
 */
struct _NebulaCall
{
  /* settings, constant during a call */
  NebulaCluster *cluster;        /* (owned) */
  NebulaClock *clock;            /* (owned) */
  NebulaRetryPolicy *cluster_policy; /* (owned): as of policy_version */
  guint policy_version;
  const NebulaMethodTable *methods; /* (unowned) (nullable): of the cluster, closed; %NULL before
                                     * the first call */
  const NebulaMethod *policy_method; /* (nullable): whose policy this is: */
  NebulaRetryPolicy *policy;     /* (unowned): part of cluster_policy */
  NebulaChannelFactory factory;  /* (nullable): %NULL for sockets to the cluster's endpoints */
  gpointer factory_data;         /* (unowned) */
  guint set_version;             /* of the cluster's endpoints and budgets, as known here */
  guint n_endpoints;
  GCancellable *cancellable;     /* (owned) (nullable) */
  NebulaService service;
  NebulaSurfaceErrors surface;
  gboolean validate;
  guint max_depth;
  gint64 max_connection_age;     /* microseconds; 0 for any */
  gint64 latest;                 /* when any call has to end, by the clock; G_MAXINT64 for never */
  gint64 caller_deadline;        /* the same, as the user wants it */
  NebulaCallWatch watch;         /* (nullable) */
  gpointer watch_data;           /* (unowned) */
  NebulaCallJudge judge;         /* (nullable) */
  gpointer judge_data;           /* (unowned) */

  /* between calls */
  NebulaConnection connection;
  NebulaEndpointUse use;         /* the endpoint, once one was chosen */
  guint tls_version;             /* of the cluster, when the channel was made */
  NebulaRetryBudget *budget;     /* (owned) (nullable): of that endpoint, once it was asked for */
  guint64 random;                /* state of the generator */
  NebulaSession *session;        /* (owned) (nullable): of the last statement */
  gint64 session_id;             /* the caller's id of it */
  NebulaSessionView view;        /* of session, whenever there is one */
  GPtrArray *made;               /* (owned) (nullable): NebulaSession, got by the stub */
  GPtrArray *own;                /* (owned) (nullable): NebulaSession, got by the interceptor */
  gint64 made_id;                /* of the last one; 0 when the last authenticate gave none */

  /* the request */
  NebulaBuffer request;          /* room for the head of a frame, then the message */
  NebulaMessageHead head;
  NebulaRequest arguments;
  const NebulaMethod *method;    /* (nullable): %NULL while nothing is called */
  char unknown_name[64];         /* the name of a method that is not known; cut when it is longer */
  gboolean may_change_space;     /* whether the reply's space_name counts */

  /* the attempts */
  gboolean is_sent;              /* the request may be at the server, and its answer is due */
  gint32 sequence;               /* of the message sent last */
  gint64 start;
  gint64 deadline;               /* G_MAXINT64 for none */
  gint64 attempt_start;
  NebulaRetryState *state;       /* (owned) (nullable): %NULL before the first failure */
  GPtrArray *failures;           /* (owned) (nullable): NebulaAttempt */
  GPtrArray *tried;              /* (owned) (nullable): NebulaEndpointMember that were left */
  gboolean is_connecting;        /* the connection has not answered anything yet */
  gboolean is_refused;           /* in the last attempt no connection might be made */
  gboolean is_statement_read;    /* safety and traits are known */
  NebulaStatementSafety safety;
  NebulaCallTraits traits;
  guint lost_renewals;           /* how many authenticates of ours got no answer in this call */
  gboolean is_prelude;           /* the last failure was before the request */

  /* the result */
  gboolean has_reply;            /* the frame in the connection is the reply to the request */
  gboolean has_exception;        /* the last reply is an exception of the server's Thrift layer */
  gboolean succeeded;
};

void nebula_call_init (NebulaCall *self);
void nebula_call_set_cluster (NebulaCall *self, NebulaCluster *cluster);
void nebula_call_clear (NebulaCall *self);

gboolean nebula_call_open (NebulaCall *self, GError **error);
void nebula_call_close (NebulaCall *self);
void nebula_call_start_request (NebulaCall *self);
gboolean nebula_call_begin (NebulaCall *self, GError **error);
gboolean nebula_call_run (NebulaCall *self, NebulaCallGoal goal, GError **error);
const char *nebula_call_get_method_name (NebulaCall *self);
gboolean nebula_call_is_oneway (NebulaCall *self);
void nebula_call_end (NebulaCall *self);
NebulaCallReport *nebula_call_get_report (NebulaCall *self);

/* What the files of a call (call, endpoint, prelude, answer, decision, ending) need of each other. */
NebulaOutcome *nebula_call_connect (NebulaCall *self);
gint64 nebula_call_get_connect_deadline (NebulaCall *self);
gint64 nebula_call_get_next_connect (NebulaCall *self);
void nebula_call_leave_endpoint (NebulaCall *self);
void nebula_call_note_failure (NebulaCall *self, NebulaOutcome *failure);
void nebula_call_note_answer (NebulaCall *self);
void nebula_call_note_success (NebulaCall *self);
NebulaRetryBudget *nebula_call_get_budget (NebulaCall *self);
double nebula_call_draw (NebulaCall *self);
void nebula_call_get_limit (NebulaCall *self, NebulaLimit *limit);
NebulaOutcome *nebula_call_fail (NebulaCall *self,
                                 const GError *error,
                                 gboolean connecting,
                                 NebulaSendState sent);
NebulaOutcome *nebula_call_read_exception (NebulaCall *self, const NebulaReply *reply);
void nebula_call_leave_unanswered (NebulaCall *self);
void nebula_call_read_statement (NebulaCall *self);
NebulaOutcome *nebula_call_prepare (NebulaCall *self);
NebulaOutcome *nebula_call_receive (NebulaCall *self);
NebulaOutcome *nebula_call_interpret (NebulaCall *self, NebulaOutcome *outcome);
NebulaDecision nebula_call_decide (NebulaCall *self, NebulaOutcome *failure, gint64 now);
void nebula_call_refill (NebulaCall *self);
gboolean nebula_call_note_refusal (NebulaCall *self,
                                   NebulaCredential *credential,
                                   NebulaOutcome *outcome);
char *nebula_call_make_use (const char *space);

G_END_DECLS
