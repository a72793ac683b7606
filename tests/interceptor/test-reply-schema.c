/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-reply-schema-private.h"

#include <nebula-retry/nebula-error.h>
#include <string.h>

#include "nebula-reply-private.h"

#define HEAD "\x80\x01\x00\x02\x00\x00\x00\x07" "execute" "\x00\x00\x00\x00"

typedef struct
{
  const char *bytes;
  gsize length;
} Bytes;

#define BYTES(text) { text, sizeof text - 1 }

/* The ways into a reply: fields that are structs, and containers with one element. */
#define RESPONSE "\x0c\x00\x00"
#define DATA_SET RESPONSE "\x0c\x00\x03"
#define ROW DATA_SET "\x0f\x00\x02\x0c\x00\x00\x00\x01"
#define VALUE ROW "\x0f\x00\x01\x0c\x00\x00\x00\x01"
#define SECOND_VALUE ROW "\x0f\x00\x01\x0c\x00\x00\x00\x02\x00"
#define MAP_VALUE VALUE "\x0c\x00\x0d\x0d\x00\x01\x0b\x0c\x00\x00\x00\x01\x00\x00\x00\x00"
#define SET_VALUE VALUE "\x0c\x00\x0e\x0e\x00\x01\x0c\x00\x00\x00\x01"
#define TAG VALUE "\x0c\x00\x09\x0f\x00\x02\x0c\x00\x00\x00\x01"
#define EDGE VALUE "\x0c\x00\x0a"
#define PATH VALUE "\x0c\x00\x0b"
#define STEP PATH "\x0f\x00\x02\x0c\x00\x00\x00\x01"
#define POLYGON VALUE "\x0c\x00\x10\x0c\x00\x03"
#define PLAN RESPONSE "\x0c\x00\x06"
#define PLAN_NODE PLAN "\x0f\x00\x01\x0c\x00\x00\x00\x01"
#define STATS PLAN_NODE "\x0f\x00\x05\x0c\x00\x00\x00\x01"

/* Every container that graph.thrift and common.thrift have. */
static const struct
{
  const char *what;
  Bytes way;      /* up to and with the head of the field */
  guint structs;  /* how many structs are open there */
  guint8 key;     /* 0: no map */
  guint8 element;
} containers[] = {
  { "DataSet.column_names", BYTES (DATA_SET "\x0f\x00\x01"), 3, 0, WIRE_STRING },
  { "DataSet.rows", BYTES (DATA_SET "\x0f\x00\x02"), 3, 0, WIRE_STRUCT },
  { "Row.values", BYTES (ROW "\x0f\x00\x01"), 4, 0, WIRE_STRUCT },
  { "NList.values", BYTES (VALUE "\x0c\x00\x0c\x0f\x00\x01"), 6, 0, WIRE_STRUCT },
  { "NList.values of a second Value", BYTES (SECOND_VALUE "\x0c\x00\x0c\x0f\x00\x01"), 6, 0,
    WIRE_STRUCT },
  { "NList.values of a Value in a map", BYTES (MAP_VALUE "\x0c\x00\x0c\x0f\x00\x01"), 8, 0,
    WIRE_STRUCT },
  { "NList.values of a Value in a set", BYTES (SET_VALUE "\x0c\x00\x0c\x0f\x00\x01"), 8, 0,
    WIRE_STRUCT },
  { "NMap.kvs", BYTES (VALUE "\x0c\x00\x0d\x0d\x00\x01"), 6, WIRE_STRING, WIRE_STRUCT },
  { "NSet.values", BYTES (VALUE "\x0c\x00\x0e\x0e\x00\x01"), 6, 0, WIRE_STRUCT },
  { "DataSet.column_names of a Value", BYTES (VALUE "\x0c\x00\x0f\x0f\x00\x01"), 6, 0,
    WIRE_STRING },
  { "Vertex.tags", BYTES (VALUE "\x0c\x00\x09\x0f\x00\x02"), 6, 0, WIRE_STRUCT },
  { "NList.values of Vertex.vid", BYTES (VALUE "\x0c\x00\x09\x0c\x00\x01\x0c\x00\x0c\x0f\x00\x01"),
    8, 0, WIRE_STRUCT },
  { "Tag.props", BYTES (TAG "\x0d\x00\x02"), 7, WIRE_STRING, WIRE_STRUCT },
  { "Edge.props", BYTES (EDGE "\x0d\x00\x06"), 6, WIRE_STRING, WIRE_STRUCT },
  { "NList.values of Edge.src", BYTES (EDGE "\x0c\x00\x01\x0c\x00\x0c\x0f\x00\x01"), 8, 0,
    WIRE_STRUCT },
  { "NList.values of Edge.dst", BYTES (EDGE "\x0c\x00\x02\x0c\x00\x0c\x0f\x00\x01"), 8, 0,
    WIRE_STRUCT },
  { "Path.steps", BYTES (PATH "\x0f\x00\x02"), 6, 0, WIRE_STRUCT },
  { "Vertex.tags of Path.src", BYTES (PATH "\x0c\x00\x01\x0f\x00\x02"), 7, 0, WIRE_STRUCT },
  { "Vertex.tags of Step.dst", BYTES (STEP "\x0c\x00\x01\x0f\x00\x02"), 8, 0, WIRE_STRUCT },
  { "Step.props", BYTES (STEP "\x0d\x00\x05"), 7, WIRE_STRING, WIRE_STRUCT },
  { "LineString.coordList", BYTES (VALUE "\x0c\x00\x10\x0c\x00\x02\x0f\x00\x01"), 7, 0,
    WIRE_STRUCT },
  { "Polygon.coordListList", BYTES (POLYGON "\x0f\x00\x01"), 7, 0, WIRE_LIST },
  { "a list of Polygon.coordListList", BYTES (POLYGON "\x0f\x00\x01\x0f\x00\x00\x00\x01"), 7, 0,
    WIRE_STRUCT },
  { "PlanDescription.plan_node_descs", BYTES (PLAN "\x0f\x00\x01"), 3, 0, WIRE_STRUCT },
  { "PlanDescription.node_index_map", BYTES (PLAN "\x0d\x00\x02"), 3, WIRE_I64, WIRE_I64 },
  { "PlanNodeDescription.description", BYTES (PLAN_NODE "\x0f\x00\x04"), 4, 0, WIRE_STRUCT },
  { "PlanNodeDescription.profiles", BYTES (PLAN_NODE "\x0f\x00\x05"), 4, 0, WIRE_STRUCT },
  { "PlanNodeDescription.dependencies", BYTES (PLAN_NODE "\x0f\x00\x07"), 4, 0, WIRE_I64 },
  { "ProfilingStats.other_stats", BYTES (STATS "\x0d\x00\x04"), 5, WIRE_STRING, WIRE_STRING },
};

/* The types, and how many zero bytes make the smallest value of each. */
static const struct
{
  guint8 type;
  guint size;
} types[] = {
  { WIRE_BOOL, 1 }, { WIRE_BYTE, 1 },   { WIRE_DOUBLE, 8 }, { WIRE_I16, 2 },
  { WIRE_I32, 4 },  { WIRE_I64, 8 },    { WIRE_STRING, 4 }, { WIRE_STRUCT, 1 },
  { WIRE_MAP, 6 },  { WIRE_SET, 5 },    { WIRE_LIST, 5 },
};

static guint
smallest_size (guint8 type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].type == type)
      return types[i].size;
  return 0;
}

static void
append_zeros (GByteArray *message, guint count)
{
  guint length = message->len;

  g_byte_array_set_size (message, length + count);
  memset (message->data + length, 0, count);
}

/* A whole message with @count smallest elements in a container; the types are taken as they are. */
static GByteArray *
make_message (gsize row, guint8 key, guint8 element, guint8 count)
{
  GByteArray *message = g_byte_array_new ();

  g_byte_array_append (message, (const guint8 *) HEAD, sizeof HEAD - 1);
  g_byte_array_append (message, (const guint8 *) containers[row].way.bytes,
                       containers[row].way.length);
  if (key != 0)
    g_byte_array_append (message, &key, 1);
  g_byte_array_append (message, &element, 1);
  append_zeros (message, 3);
  g_byte_array_append (message, &count, 1);
  append_zeros (message, count * (smallest_size (key) + smallest_size (element)));
  append_zeros (message, containers[row].structs);
  return message;
}

static void
check_message (GByteArray *message, NebulaResponse response, const char *expected)
{
  g_autoptr (GError) error = NULL;
  NebulaMessageHead head;
  NebulaReply reply;

  g_assert_true (nebula_message_parse_head (message->data, message->len, &head, NULL));
  nebula_reply_read (message->data, message->len, &head, &nebula_reply_layouts[response], 64, TRUE,
                     &reply, &error);
  if (expected == NULL)
    {
      g_assert_no_error (error);
      return;
    }
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_cmpstr (error->message, ==, expected);
}

static char *
mismatch (gsize row, guint offset, guint8 found, guint8 expected)
{
  return g_strdup_printf ("Reply damaged at byte %" G_GSIZE_FORMAT
                          ": elements of type %u, expected %u",
                          sizeof HEAD - 1 + containers[row].way.length + offset, found, expected);
}

static void
test_elements (void)
{
  for (gsize row = 0; row < G_N_ELEMENTS (containers); row++)
    for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
      {
        guint8 key = containers[row].key, expected = containers[row].element;
        g_autoptr (GByteArray) message = make_message (row, key, types[i].type, 1);
        g_autofree char *text = mismatch (row, key != 0, types[i].type, expected);

        g_test_message ("%s, type %u", containers[row].what, types[i].type);
        check_message (message, NEBULA_RESPONSE_EXECUTION,
                       types[i].type == expected ? NULL : text);
        /* The same bytes may be right in a response that is not graphd's. */
        check_message (message, NEBULA_RESPONSE_OTHER, NULL);
      }
}

static void
test_keys (void)
{
  for (gsize row = 0; row < G_N_ELEMENTS (containers); row++)
    for (gsize i = 0; i < G_N_ELEMENTS (types) && containers[row].key != 0; i++)
      {
        guint8 expected = containers[row].key;
        g_autoptr (GByteArray) message = make_message (row, types[i].type,
                                                       containers[row].element, 1);
        g_autofree char *text = mismatch (row, 0, types[i].type, expected);

        g_test_message ("%s, type %u", containers[row].what, types[i].type);
        check_message (message, NEBULA_RESPONSE_EXECUTION,
                       types[i].type == expected ? NULL : text);
      }
}

/* Nothing is decoded of an empty container. */
static void
test_empty (void)
{
  for (gsize row = 0; row < G_N_ELEMENTS (containers); row++)
    {
      guint8 type = containers[row].element == WIRE_BOOL ? WIRE_I16 : WIRE_BOOL;
      g_autoptr (GByteArray) message = make_message (row, containers[row].key ? type : 0, type, 0);

      check_message (message, NEBULA_RESPONSE_EXECUTION, NULL);
    }
}

/* A field that has not the type of its number is skipped by a decoder, so it may hold anything. */
static void
test_other_fields (void)
{
  static const Bytes bodies[] = {
    BYTES (DATA_SET "\x0e\x00\x01\x08\x00\x00\x00\x01" "1234" "\x00\x00\x00"),
    BYTES (DATA_SET "\x0f\x00\x03\x08\x00\x00\x00\x01" "1234" "\x00\x00\x00"),
    BYTES (DATA_SET "\x0f\x00\x12\x08\x00\x00\x00\x01" "1234" "\x00\x00\x00"),
    BYTES (DATA_SET "\x0f\xff\xff\x08\x00\x00\x00\x01" "1234" "\x00\x00\x00"),
    BYTES (RESPONSE "\x0f\x00\x03\x08\x00\x00\x00\x01" "1234" "\x00\x00"),
    BYTES (VALUE "\x0c\x00\x05\x0f\x00\x01\x08\x00\x00\x00\x01" "1234" "\x00\x00\x00\x00\x00\x00"),
    BYTES ("\x0c\x00\x01\x0c\x00\x03\x0f\x00\x01\x08\x00\x00\x00\x01" "1234" "\x00\x00\x00"),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (GByteArray) message = g_byte_array_new ();

      g_byte_array_append (message, (const guint8 *) HEAD, sizeof HEAD - 1);
      g_byte_array_append (message, (const guint8 *) bodies[i].bytes, bodies[i].length);
      check_message (message, NEBULA_RESPONSE_EXECUTION, NULL);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_summary ("The containers of an execution's reply may hold only what graphd's IDL says, "
                  "because generated decoders do not look at the types of elements.");

  g_test_add_func ("/reply-schema/elements", test_elements);
  g_test_add_func ("/reply-schema/keys", test_keys);
  g_test_add_func ("/reply-schema/empty", test_empty);
  g_test_add_func ("/reply-schema/other-fields", test_other_fields);

  return g_test_run ();
}
