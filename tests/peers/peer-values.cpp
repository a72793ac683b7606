// SPDX-License-Identifier: Apache-2.0

#include "peer-values.hpp"

#include <limits>

using namespace nebula::thrift;

// The generator declares it for set<Value> and leaves it to others: any order will do.
bool
Value::operator< (const Value &other) const
{
  return iVal < other.iVal;
}

namespace {

Value
string (const std::string &text)
{
  Value value;

  value.__set_sVal (text);
  return value;
}

Value
integer (int64_t number)
{
  Value value;

  value.__set_iVal (number);
  return value;
}

Date
date (int16_t year, int8_t month, int8_t day)
{
  Date result;

  result.year = year;
  result.month = month;
  result.day = day;
  return result;
}

Value
dateTime ()
{
  DateTime when;
  Value value;

  when.year = -44;
  when.month = 3;
  when.day = 17;
  when.hour = 12;
  when.minute = 45;
  when.sec = 59;
  when.microsec = 1;
  value.__set_dtVal (when);
  return value;
}

Value
timeOfDay ()
{
  Time time;
  Value value;

  time.hour = 23;
  time.minute = 59;
  time.sec = 58;
  time.microsec = 999999;
  value.__set_tVal (time);
  return value;
}

Vertex
vertex (const std::string &id, const char *tagName)
{
  Vertex result;
  Tag tag;

  result.vid = string (id);
  if (tagName == nullptr)
    return result;
  tag.name = tagName;
  tag.props["name"] = string (id);
  tag.props["age"] = integer (42);
  result.tags.push_back (tag);
  return result;
}

Value
edge ()
{
  auto result = std::make_shared<Edge> ();
  Value value;

  result->src = string ("ann");
  result->dst = string ("bob");
  result->type = 7;
  result->name = "like";
  result->ranking = -1;
  result->props["likeness"] = integer (95);
  value.__set_eVal (result);
  return value;
}

Value
path ()
{
  auto result = std::make_shared<Path> ();
  Step step;
  Value value, since;

  since.__set_dVal (date (2020, 2, 29));
  step.dst = vertex ("bob", nullptr);
  step.type = -7;
  step.name = "like";
  step.ranking = 3;
  step.props["since"] = since;
  result->src = vertex ("ann", "person");
  result->steps.push_back (step);
  value.__set_pVal (result);
  return value;
}

void
addContainers (std::vector<Value> &values)
{
  auto list = std::make_shared<NList> ();
  auto map = std::make_shared<NMap> ();
  auto set = std::make_shared<NSet> ();
  Value asList, asMap, asSet, asDataSet;

  list->values = { integer (1), string ("two") };
  asList.__set_lVal (list);
  map->kvs["one"] = integer (1);
  asMap.__set_mVal (map);
  set->values = { integer (1), integer (2) };
  asSet.__set_uVal (set);
  asDataSet.__set_gVal (std::make_shared<DataSet> (peerNumber (1)));
  for (const Value &value : { asList, asMap, asSet, asDataSet })
    values.push_back (value);
}

// (0, 0), (1, -0.5), (2, -1) ...
std::vector<Coordinate>
points (int count)
{
  std::vector<Coordinate> result (count);

  for (int i = 0; i < count; i++)
    {
      result[i].x = i;
      result[i].y = -0.5 * i;
    }
  return result;
}

void
addGeography (std::vector<Value> &values)
{
  Geography point, line, polygon;
  Point at;
  LineString through;
  Polygon around;

  at.coord.x = 1.5;
  at.coord.y = -2.5;
  point.__set_ptVal (at);
  through.coordList = points (3);
  line.__set_lsVal (through);
  around.coordListList = { points (4) };
  polygon.__set_pgVal (around);
  for (const Geography &geography : { point, line, polygon })
    {
      Value value;

      value.__set_ggVal (std::make_shared<Geography> (geography));
      values.push_back (value);
    }
}

void
addScalars (std::vector<Value> &values)
{
  Value null, truth, half, day;

  null.__set_nVal (NullType::BAD_TYPE);
  truth.__set_bVal (true);
  half.__set_fVal (-0.5);
  day.__set_dVal (date (2024, 2, 29));
  for (const Value &value : { Value (), null, truth, integer (std::numeric_limits<int64_t>::min ()),
                              half, string (std::string ("\0\xff caf\xc3\xa9", 8)), day })
    values.push_back (value);
  values.push_back (timeOfDay ());
  values.push_back (dateTime ());
}

void
addGraph (std::vector<Value> &values)
{
  Value value;

  value.__set_vVal (std::make_shared<Vertex> (vertex ("ann", "person")));
  values.push_back (value);
  values.push_back (edge ());
  values.push_back (path ());
}

void
addDuration (std::vector<Value> &values)
{
  auto duration = std::make_shared<Duration> ();
  Value value;

  duration->seconds = 86400;
  duration->microseconds = 500;
  duration->months = 13;
  value.__set_duVal (duration);
  values.push_back (value);
}

} // namespace

DataSet
peerValues ()
{
  DataSet data;

  data.rows.resize (1);
  addScalars (data.rows[0].values);
  addGraph (data.rows[0].values);
  addContainers (data.rows[0].values);
  addGeography (data.rows[0].values);
  addDuration (data.rows[0].values);
  for (size_t i = 0; i < data.rows[0].values.size (); i++)
    data.column_names.push_back (std::to_string (i));
  return data;
}

// A number and a text in each.
DataSet
peerRows (int count)
{
  DataSet data;

  data.column_names = { "n", "text" };
  data.rows.resize (count);
  for (int i = 0; i < count; i++)
    data.rows[i].values = { integer (i), string ("row " + std::to_string (i)) };
  return data;
}

DataSet
peerNumber (int64_t number)
{
  DataSet data;

  data.column_names = { "n" };
  data.rows.resize (1);
  data.rows[0].values = { integer (number) };
  return data;
}

DataSet
peerText (const std::string &text)
{
  DataSet data;

  data.column_names = { "text" };
  data.rows.resize (1);
  data.rows[0].values = { string (text) };
  return data;
}
