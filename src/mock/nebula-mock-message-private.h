/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Types of Thrift's binary protocol that are needed by name. */
enum
{
  NEBULA_MOCK_TYPE_I32 = 8,
  NEBULA_MOCK_TYPE_I64 = 10,
  NEBULA_MOCK_TYPE_STRING = 11,
  NEBULA_MOCK_TYPE_STRUCT = 12,
  NEBULA_MOCK_TYPE_LIST = 15,
};

/* Types of a message. */
enum
{
  NEBULA_MOCK_CALL = 1,
  NEBULA_MOCK_REPLY = 2,
  NEBULA_MOCK_EXCEPTION = 3,
  NEBULA_MOCK_ONEWAY = 4,
};

/* The first half of the first word of a strict binary message; its type is in the other half. */
#define NEBULA_MOCK_VERSION_1 0x80010000u

/* The first half of the first word in a frame with a header; flags are in the other half. */
#define NEBULA_MOCK_HEADER_MAGIC 0x0fff0000u

/* That word, the sequence number, and how many words of four bytes follow. */
#define NEBULA_MOCK_HEADER_SIZE 10

typedef enum
{
  NEBULA_MOCK_READ_WHOLE,
  NEBULA_MOCK_READ_MORE,  /* not all of it is there yet */
  NEBULA_MOCK_READ_BROKEN /* nothing that comes can make it good */
} NebulaMockRead;

/* One call, taken apart as far as the mock needs it. */
typedef struct
{
  gboolean    framed;
  gboolean    has_header; /* the frame has one of fbthrift's, with these: */
  guint16     header_flags;
  guint32     header_sequence;
  gboolean    is_goaway;  /* what the header of its answer says: connection: goaway, */
  const char *exception;  /* (unowned) (nullable): and ex, why there is an exception */
  gsize       size;     /* bytes that it takes from the input */
  char       *method;   /* (owned) */
  guint8      type;     /* NEBULA_MOCK_CALL, ... */
  gint32      sequence;
  gint64      session;  /* 0 when it has none */
  char       *text;     /* (owned) (nullable): the statement, or the user of authenticate */
  GByteArray *checked;  /* (owned): the message for the processor, as far as it can trust it */
} NebulaMockMessage;

/* The methods of GraphService, NULL at the end. */
extern const char *const nebula_mock_methods[];

NebulaMockRead nebula_mock_message_read (const guint8 *data,
                                         gsize length,
                                         NebulaMockMessage *message,
                                         const char **reason);
void nebula_mock_message_clear (NebulaMockMessage *message);
gboolean nebula_mock_message_is_oneway (const NebulaMockMessage *message);
gboolean nebula_mock_message_has_statement (const NebulaMockMessage *message);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NebulaMockMessage, nebula_mock_message_clear)

G_END_DECLS
