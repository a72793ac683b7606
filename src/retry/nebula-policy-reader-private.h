/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <json-glib/json-glib.h>

#include "nebula-retry-policy-private.h"

G_BEGIN_DECLS

/* Collects what is wrong with a file while all of it is read. */
typedef struct
{
  GPtrArray *errors;   /* (owned): strings */
  GPtrArray *warnings; /* (unowned): strings */
} NebulaPolicyReader;

typedef enum
{
  NEBULA_FIELD_BOOLEAN,  /* gboolean */
  NEBULA_FIELD_COUNT,    /* guint, `minimum` or more */
  NEBULA_FIELD_NUMBER,   /* double, above 0 */
  NEBULA_FIELD_DURATION, /* gint64 in microseconds, `minimum` or more */
  NEBULA_FIELD_WORD,     /* int, one that `word` has a text for */
  NEBULA_FIELD_OBJECT,   /* `fields`, of the same structure */
  NEBULA_FIELD_CUSTOM,   /* `read` and `write` know */
} NebulaFieldKind;

typedef enum
{
  NEBULA_FIELD_PLAIN = 0,
  NEBULA_FIELD_REQUIRED = 1 << 0,
  NEBULA_FIELD_GRPC = 1 << 1,   /* gRPC's: read as C-core or Go would, with a warning */
} NebulaFieldFlags;

typedef struct _NebulaField NebulaField;

/* What a key of the file is, for reading, printing, comparing and the schema alike. The last row of
 * a table has no key. A value below 0 of a duration or a word is one that was not said. */
struct _NebulaField
{
  const char *key; /* static */
  NebulaFieldKind kind;
  gsize offset; /* of the value in the structure that the table is for */
  NebulaFieldFlags flags;
  gint64 minimum;
  guint maximum; /* of a COUNT; 0 for what fits 32 bits */
  const char *(*word) (int value); /* "?" ends the words */
  const NebulaField *fields;
  const char *expected; /* static; of a CUSTOM that is required */
  void (*read) (NebulaPolicyReader *reader, JsonNode *node, const char *path, gpointer base);
  void (*write) (JsonBuilder *builder, const char *key, gconstpointer base);
};

void nebula_policy_reader_error (NebulaPolicyReader *self,
                                 const char *path,
                                 const char *format,
                                 ...) G_GNUC_PRINTF (3, 4);
void nebula_policy_reader_warn (NebulaPolicyReader *self,
                                const char *path,
                                const char *format,
                                ...) G_GNUC_PRINTF (3, 4);
void nebula_policy_reader_wrong (NebulaPolicyReader *self,
                                 const char *path,
                                 JsonNode *node,
                                 const char *problem,
                                 const char *expected);
char *nebula_policy_path (const char *parent,
                          const char *key) G_GNUC_WARN_UNUSED_RESULT;

JsonObject *nebula_policy_read_object (NebulaPolicyReader *reader,
                                       JsonNode *node,
                                       const char *path,
                                       gboolean may_be_empty);
JsonArray *nebula_policy_read_array (NebulaPolicyReader *reader,
                                     JsonNode *node,
                                     const char *path,
                                     const char *expected);
void nebula_policy_read_fields (NebulaPolicyReader *reader,
                                JsonNode *node,
                                const char *path,
                                const NebulaField *fields,
                                gpointer base);
void nebula_policy_read_value (NebulaPolicyReader *reader,
                               JsonNode *node,
                               const char *path,
                               const NebulaField *field,
                               gpointer base);
int nebula_policy_find_word (const char *(*word) (int value),
                             const char *text);
void nebula_policy_reader_unknown (NebulaPolicyReader *self,
                                   const char *path,
                                   const char *text,
                                   GPtrArray *known,
                                   const char *expected);
void nebula_policy_reader_check_keys (NebulaPolicyReader *self,
                                      JsonObject *object,
                                      const char *path,
                                      GPtrArray *known,
                                      const char *what);

gboolean nebula_policy_parse_duration (const char *text,
                                       gboolean grpc,
                                       gint64 *microseconds,
                                       const char **problem,
                                       const char **note);

/* The keys of the file. Each table is for one structure. */
extern const NebulaField nebula_policy_file_fields[];       /* NebulaRetryPolicy */
extern const NebulaField nebula_policy_nebula_fields[];     /* NebulaRetryPolicy */
extern const NebulaField nebula_policy_backoff_fields[];    /* NebulaBackoff */
extern const NebulaField nebula_policy_message_fields[];    /* NebulaOverride */
extern const NebulaField nebula_policy_code_fields[];       /* NebulaOverride */
extern const NebulaField nebula_policy_method_fields[];     /* NebulaMethodRow */
extern const NebulaField nebula_policy_name_fields[];       /* NebulaMethodName */
extern const NebulaField nebula_policy_retry_fields[];      /* NebulaGrpcPolicy */
extern const NebulaField nebula_policy_hedging_fields[];    /* NebulaGrpcPolicy */
extern const NebulaField nebula_policy_throttling_fields[]; /* NebulaThrottling */

void nebula_policy_read_messages (NebulaPolicyReader *reader,
                                  JsonNode *node,
                                  const char *path,
                                  gpointer base);
void nebula_policy_read_codes (NebulaPolicyReader *reader,
                               JsonNode *node,
                               const char *path,
                               gpointer base);
void nebula_policy_write_messages (JsonBuilder *builder,
                                   const char *key,
                                   gconstpointer base);
void nebula_policy_write_codes (JsonBuilder *builder,
                                const char *key,
                                gconstpointer base);

const char *nebula_policy_category_word (int value);
const char *nebula_policy_cause_word (int value);
const char *nebula_policy_effect_word (int value);
const char *nebula_policy_pace_word (int value);

void nebula_policy_write_fields (JsonBuilder *builder,
                                 const NebulaField *fields,
                                 gconstpointer base);
void nebula_policy_write_duration (JsonBuilder *builder,
                                   gint64 microseconds);
gboolean nebula_policy_fields_equal (const NebulaField *fields,
                                     gconstpointer a,
                                     gconstpointer b);

G_END_DECLS
