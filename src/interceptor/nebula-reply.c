/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-reply-private.h"

#include <nebula-retry/nebula-error.h>
#include <string.h>

#include "nebula-json-reply-private.h"
#include "nebula-reply-schema-private.h"

/* The depths of the result struct, and of the response inside it. */
#define DEPTH_RESULT 1
#define DEPTH_RESPONSE 2

/* One struct or container that is open. */
typedef struct
{
  guint64 state;   /* struct: a bit for each field number below 64 that was met; container: how
                    * many values are left, a pair counted as two */
  guint8 types[2]; /* container: what comes when an even and an odd number is left; struct: 0 */
  guint8 schema;   /* the NebulaSchema of the struct, or of the container's elements */
} ReplyFrame;

const NebulaReplyLayout nebula_reply_layouts[NEBULA_N_RESPONSES] = {
  [NEBULA_RESPONSE_EXECUTION] = {
    .result_type = WIRE_STRUCT,
    .trust = NEBULA_CODE_REQUIRED,
    .code = 1,
    .space = 4,
    .message = 5,
    .schema = NEBULA_SCHEMA_EXECUTION_RESPONSE,
  },
  [NEBULA_RESPONSE_AUTH] = {
    .result_type = WIRE_STRUCT,
    .trust = NEBULA_CODE_REQUIRED,
    .code = 1,
    .message = 2,
    .session = 3,
  },
  [NEBULA_RESPONSE_VERIFY] = {
    .result_type = WIRE_STRUCT,
    .trust = NEBULA_CODE_REQUIRED,
    .code = 1,
    .message = 2,
  },
  [NEBULA_RESPONSE_JSON] = {
    .result_type = WIRE_STRING,
    .is_json = TRUE,
    .trust = NEBULA_CODE_REQUIRED,
  },
  [NEBULA_RESPONSE_STATEMENT] = {
    .result_type = WIRE_STOP,
    .is_json = TRUE,
    .code = 1,
    .space = 4,
    .message = 5,
  },
  [NEBULA_RESPONSE_OTHER] = { .result_type = WIRE_STOP, .code = 1 },
};

/* TApplicationException: message and type. It lies where a result struct would. */
static const NebulaReplyLayout exception_layout = { .code = 2, .message = 1 };

typedef struct
{
  const guint8 *bytes;
  const guint8 *end;
  guint depth; /* how many frames are open */
  guint max_depth;
  guint facts_depth; /* the depth of the struct that holds the facts; 0: it is not open */
  gboolean exception;
  gboolean validate;
  gboolean done;
  NebulaReplyLayout layout;
  guint32 missing; /* a bit for each field of the layout that was not met yet */
  NebulaReply *reply;
  GError **error;
  ReplyFrame frames[NEBULA_REPLY_MAX_DEPTH];
} ReplyWalk;

static const guint8 *walk_fail (ReplyWalk *walk, const guint8 *at, const char *format, ...)
  G_GNUC_PRINTF (3, 4) G_GNUC_NO_INLINE;

/* Always NULL, so that a step can return it as where it got to. */
static const guint8 *
walk_fail (ReplyWalk *walk, const guint8 *at, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (walk->error, NEBULA_ERROR, NEBULA_ERROR_FATAL,
               "Reply damaged at byte %" G_GSIZE_FORMAT ": %s", (gsize) (at - walk->bytes), text);
  return NULL;
}

static const guint8 *
walk_fail_type (ReplyWalk *walk, const guint8 *at, guint8 type)
{
  return walk_fail (walk, at, "unknown type %u, expected 2, 3, 4, 6, 8 or 10 to 15", type);
}

static const guint8 *
walk_fail_short (ReplyWalk *walk, const guint8 *at, guint8 type)
{
  return walk_fail (walk, at, "type %u needs at least %u bytes, only %" G_GSIZE_FORMAT " are left",
                    type, wire_least_sizes[type], (gsize) (walk->end - at));
}

static inline const guint8 *
walk_push (ReplyWalk *walk, const guint8 *at, ReplyFrame frame)
{
  if (G_UNLIKELY (walk->depth >= walk->max_depth))
    return walk_fail (walk, at, "nested deeper than %u levels", walk->max_depth);
  walk->frames[walk->depth++] = frame;
  return at;
}

/* Opens a container whose head was read: @count values or pairs, of which one takes at least @each
 * bytes, begin at @at. */
static const guint8 *
walk_open (ReplyWalk *walk,
           const guint8 *at,
           gint32 count,
           gsize each,
           const ReplyFrame *frame)
{
  gsize left = walk->end - at;

  if (count < 0 || (guint64) count * each > left)
    return walk_fail (walk, at - 4, "a container of %d elements, expected 0 to %" G_GSIZE_FORMAT,
                      count, left / each);
  if (walk_push (walk, at, *frame) == NULL)
    return NULL;
  if (!wire_is_fixed_size (frame->types[0]) || !wire_is_fixed_size (frame->types[1]))
    return at;
  /* All elements have one size: they need no looking at. */
  walk->depth--;
  return at + count * each;
}

/* An empty container may name any element type: nothing will be read by it. */
static const guint8 *
walk_open_empty (ReplyWalk *walk, const guint8 *at)
{
  const ReplyFrame frame = { 0, { WIRE_BOOL, WIRE_BOOL }, NEBULA_SCHEMA_UNKNOWN };

  return walk_open (walk, at, 0, 1, &frame);
}

/* The element type at @at must be the one that the rule has, when it has one. */
static gboolean
check_element (ReplyWalk *walk, const guint8 *at, guint8 expected)
{
  if (wire_least_sizes[*at] == 0)
    walk_fail_type (walk, at, *at);
  else if (expected != WIRE_STOP && *at != expected)
    walk_fail (walk, at, "elements of type %u, expected %u", *at, expected);
  else
    return TRUE;
  return FALSE;
}

static const guint8 *
walk_list (ReplyWalk *walk, const guint8 *at, const NebulaSchemaRule *rule)
{
  guint8 type = at[0];
  gint32 count = (gint32) nebula_read_be32 (at + 1);
  const ReplyFrame frame = { (guint32) count, { type, type }, rule->next };

  if (count == 0)
    return walk_open_empty (walk, at + 5);
  if (!check_element (walk, at, rule->element))
    return NULL;
  return walk_open (walk, at + 5, count, wire_least_sizes[type], &frame);
}

static const guint8 *
walk_map (ReplyWalk *walk, const guint8 *at, const NebulaSchemaRule *rule)
{
  guint8 key = at[0], value = at[1];
  gint32 count = (gint32) nebula_read_be32 (at + 2);
  const ReplyFrame frame = { 2 * (guint64) (guint32) count, { key, value }, rule->next };

  if (count == 0)
    return walk_open_empty (walk, at + 6);
  if (!check_element (walk, at, rule->key) || !check_element (walk, at + 1, rule->element))
    return NULL;
  return walk_open (walk, at + 6, count,
                    (gsize) wire_least_sizes[key] + wire_least_sizes[value], &frame);
}

static inline const guint8 *
walk_string (ReplyWalk *walk, const guint8 *at)
{
  guint32 size = nebula_read_be32 (at);
  gsize left = walk->end - at - 4;

  /* A negative length is one beyond 31 bits. */
  if (G_UNLIKELY (size > left || size > G_MAXINT32))
    return walk_fail (walk, at, "a string of %d bytes, expected 0 to %" G_GSIZE_FORMAT,
                      (gint32) size, left);
  return at + 4 + size;
}

/* Goes behind a value at @at, or into it when it is a struct or a container. */
static inline const guint8 *
walk_value (ReplyWalk *walk, const guint8 *at, guint8 type, const NebulaSchemaRule *rule)
{
  gsize size = wire_least_sizes[type];
  const ReplyFrame frame = { .schema = rule->next };

  /* A container's types were looked at when it was opened, so it is a field's that is unknown. */
  if (G_UNLIKELY (size == 0))
    return walk_fail_type (walk, at - WIRE_FIELD_SIZE, type);
  if (G_UNLIKELY ((gsize) (walk->end - at) < size))
    return walk_fail_short (walk, at, type);
  if (wire_is_fixed_size (type))
    return at + size;
  if (type == WIRE_STRING)
    return walk_string (walk, at);
  if (type == WIRE_STRUCT)
    return walk_push (walk, at, frame);
  return type == WIRE_MAP ? walk_map (walk, at, rule) : walk_list (walk, at, rule);
}

/* A field of the result struct: the result itself, or an exception that the IDL declares. */
static void
note_result (ReplyWalk *walk, guint16 id, guint8 type, const guint8 *value)
{
  NebulaReply *reply = walk->reply;
  NebulaJsonReply json;

  walk->facts_depth = 0;
  if (id != 0 || (walk->layout.result_type != WIRE_STOP && walk->layout.result_type != type))
    return;
  reply->has_result = TRUE;
  if (type == WIRE_STRUCT)
    {
      walk->facts_depth = DEPTH_RESPONSE;
      walk->frames[DEPTH_RESPONSE - 1].schema = walk->layout.schema;
      return;
    }
  walk->done = !walk->validate;
  if (!walk->layout.is_json || type != WIRE_STRING ||
      !nebula_json_reply_read ((const char *) value + 4, nebula_read_be32 (value), &json))
    return;
  reply->has_code = json.has_code;
  reply->code = json.code;
  reply->message = json.message;
  reply->message_length = json.message_length;
  reply->is_json = TRUE;
  reply->space = json.space;
  reply->space_length = json.space_length;
}

/* A field of the struct that holds the facts. The value was found to lie within the frame. */
static void
note_fact (ReplyWalk *walk, guint16 id, guint8 type, const guint8 *value)
{
  NebulaReply *reply = walk->reply;

  if (id == 0 || id >= NEBULA_REPLY_FIELD_LIMIT)
    return;
  if (id == walk->layout.code && type == WIRE_I32)
    {
      reply->has_code = TRUE;
      reply->code = (gint32) nebula_read_be32 (value);
    }
  else if (id == walk->layout.message && type == WIRE_STRING)
    {
      reply->message = (const char *) value + 4;
      reply->message_length = nebula_read_be32 (value);
    }
  else if (id == walk->layout.space && type == WIRE_STRING)
    {
      reply->space = (const char *) value + 4;
      reply->space_length = nebula_read_be32 (value);
    }
  else if (id == walk->layout.session && type == WIRE_I64)
    {
      reply->has_session = TRUE;
      reply->session = (gint64) nebula_read_be64 (value);
    }
  walk->missing &= ~(1u << id);
  if (walk->missing == 0)
    walk->done = !walk->validate;
}

/* Ends a struct. What holds the facts holds no more of them. */
static inline const guint8 *
walk_stop (ReplyWalk *walk, const guint8 *at)
{
  if (G_UNLIKELY (walk->depth == walk->facts_depth))
    {
      walk->facts_depth = 0;
      walk->done = !walk->validate;
    }
  walk->depth--;
  return at + 1;
}

/* What is known of a field: nothing when it has not the type that it should have, for then every
 * decoder skips it by the types that it finds. */
static inline const NebulaSchemaRule *
field_rule (guint8 schema, guint16 id, guint8 type)
{
  static const NebulaSchemaRule none;
  const NebulaSchemaRule *rule;

  if (type < WIRE_STRUCT || id >= NEBULA_SCHEMA_FIELDS)
    return &none;
  rule = &nebula_schema_rules[schema][id];
  return rule->type == type ? rule : &none;
}

/* Fields, until the struct ends or one of them opens something. */
static const guint8 *
walk_fields (ReplyWalk *walk, ReplyFrame *frame, const guint8 *at)
{
  const guint depth = walk->depth;

  do
    {
      const guint8 *head = at;
      guint16 id;

      if (G_UNLIKELY (at == walk->end))
        return walk_fail (walk, at, "ends inside a struct, expected a field or a stop");
      if (*at == WIRE_STOP)
        return walk_stop (walk, at);
      if (G_UNLIKELY (walk->end - at < WIRE_FIELD_SIZE))
        return walk_fail (walk, at, "ends inside the head of a field, expected 3 bytes");
      id = (guint16) (at[1] << 8 | at[2]);
      if (G_LIKELY (id < 64))
        {
          guint64 bit = G_GUINT64_CONSTANT (1) << id;

          /* The decoders of c_glib stubs free what a second one overwrites in a wrong way. */
          if (G_UNLIKELY ((frame->state & bit) != 0))
            return walk_fail (walk, at, "field %u comes twice in one struct", id);
          frame->state |= bit;
        }
      at = walk_value (walk, at + WIRE_FIELD_SIZE, head[0],
                       field_rule (frame->schema, id, head[0]));
      if (G_UNLIKELY (at == NULL))
        return NULL;
      if (G_UNLIKELY (depth == walk->facts_depth))
        note_fact (walk, id, head[0], head + WIRE_FIELD_SIZE);
      else if (G_UNLIKELY (depth == DEPTH_RESULT && !walk->exception))
        note_result (walk, id, head[0], head + WIRE_FIELD_SIZE);
    }
  while (walk->depth == depth && !walk->done);
  return at;
}

/* Elements, until there are no more or one of them opens something. */
static const guint8 *
walk_elements (ReplyWalk *walk, ReplyFrame *frame, const guint8 *at)
{
  const NebulaSchemaRule *rule = &nebula_schema_rules[frame->schema][0];
  const guint depth = walk->depth;

  while (frame->state > 0)
    {
      guint8 type = frame->types[frame->state & 1];

      frame->state--;
      at = walk_value (walk, at, type, rule);
      if (at == NULL || walk->depth != depth)
        return at;
    }
  walk->depth--;
  return at;
}

static gboolean
walk_run (ReplyWalk *walk, const guint8 *at)
{
  const ReplyFrame result = { 0 };

  at = walk_push (walk, at, result);
  while (at != NULL && walk->depth > 0 && !walk->done)
    {
      ReplyFrame *frame = &walk->frames[walk->depth - 1];

      if (frame->types[0] == WIRE_STOP)
        at = walk_fields (walk, frame, at);
      else
        at = walk_elements (walk, frame, at);
    }
  if (at != NULL && !walk->done && at != walk->end)
    at = walk_fail (walk, at, "the message ends here, but %" G_GSIZE_FORMAT " bytes are left",
                    (gsize) (walk->end - at));
  return at != NULL;
}

static guint32
layout_fields (const NebulaReplyLayout *layout)
{
  /* Bit 0 stands for "no such field". */
  return (1u << layout->code | 1u << layout->message | 1u << layout->space
          | 1u << layout->session)
         & ~1u;
}

gboolean
nebula_reply_read (const guint8 *bytes,
                   gsize length,
                   const NebulaMessageHead *head,
                   const NebulaReplyLayout *layout,
                   guint max_depth,
                   gboolean validate,
                   NebulaReply *reply,
                   GError **error)
{
  ReplyWalk walk;

  g_assert (head->body_offset <= length);

  memset (reply, 0, sizeof *reply);
  /* All but the frames, which are written before they are read. */
  memset (&walk, 0, G_STRUCT_OFFSET (ReplyWalk, frames));
  walk.bytes = bytes;
  walk.end = bytes + length;
  walk.max_depth = MIN (max_depth, NEBULA_REPLY_MAX_DEPTH);
  walk.exception = head->type == NEBULA_MESSAGE_EXCEPTION;
  walk.facts_depth = walk.exception ? DEPTH_RESULT : 0;
  walk.validate = validate;
  walk.layout = walk.exception ? exception_layout : *layout;
  walk.missing = layout_fields (&walk.layout);
  walk.reply = reply;
  walk.error = error;
  if (head->type != NEBULA_MESSAGE_REPLY && !walk.exception)
    walk_fail (&walk, bytes, "message type %d, expected a reply (2) or an exception (3)",
               head->type);
  else if (walk_run (&walk, bytes + head->body_offset))
    return TRUE;
  memset (reply, 0, sizeof *reply);
  return FALSE;
}
