/* SPDX-License-Identifier: Apache-2.0 */

#include "values.h"

#include <string.h>

typedef gboolean (*Equal) (gconstpointer a, gconstpointer b);

static gboolean
value_equal (gconstpointer a,
             gconstpointer b)
{
  return values_equal ((NebulaThriftValue *) a, (NebulaThriftValue *) b);
}

static gboolean
bytes_equal (gconstpointer a,
             gconstpointer b)
{
  const GByteArray *left = a;
  const GByteArray *right = b;

  if (left == NULL || right == NULL)
    return left == right;
  return left->len == right->len &&
         (left->len == 0 || memcmp (left->data, right->data, left->len) == 0);
}

static gboolean
array_equal (GPtrArray *a,
             GPtrArray *b,
             Equal      equal)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (!equal (a->pdata[i], b->pdata[i]))
      return FALSE;
  return TRUE;
}

static gboolean
map_equal (GHashTable *a,
           GHashTable *b)
{
  GHashTableIter iter;
  gpointer key, value;

  if (g_hash_table_size (a) != g_hash_table_size (b))
    return FALSE;
  g_hash_table_iter_init (&iter, a);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      gpointer other = g_hash_table_lookup (b, key);

      if (other == NULL || !values_equal (value, other))
        return FALSE;
    }
  return TRUE;
}

/* Elements have no order, and equal ones may occur more than once: each is paired off. */
static gboolean
set_equal (GHashTable *a,
           GHashTable *b)
{
  g_autoptr (GList) left = g_hash_table_get_keys (a);
  g_autoptr (GList) right = g_hash_table_get_keys (b);

  for (GList *l = left; l != NULL; l = l->next)
    {
      GList *found = right;

      while (found != NULL && !values_equal (l->data, found->data))
        found = found->next;
      if (found == NULL)
        return FALSE;
      right = g_list_delete_link (right, found);
    }
  return right == NULL;
}

static gboolean
date_equal (const NebulaThriftDate *a,
            const NebulaThriftDate *b)
{
  return a->year == b->year && a->month == b->month && a->day == b->day;
}

static gboolean
time_equal (const NebulaThriftTime *a,
            const NebulaThriftTime *b)
{
  return a->hour == b->hour && a->minute == b->minute && a->sec == b->sec &&
         a->microsec == b->microsec;
}

static gboolean
date_time_equal (const NebulaThriftDateTime *a,
                 const NebulaThriftDateTime *b)
{
  return a->year == b->year && a->month == b->month && a->day == b->day && a->hour == b->hour &&
         a->minute == b->minute && a->sec == b->sec && a->microsec == b->microsec;
}

static gboolean
duration_equal (const NebulaThriftDuration *a,
                const NebulaThriftDuration *b)
{
  return a->seconds == b->seconds && a->microseconds == b->microseconds &&
         a->months == b->months;
}

static gboolean
tag_equal (gconstpointer a,
           gconstpointer b)
{
  const NebulaThriftTag *left = a;
  const NebulaThriftTag *right = b;

  return bytes_equal (left->name, right->name) && map_equal (left->props, right->props);
}

static gboolean
vertex_equal (NebulaThriftVertex *a,
              NebulaThriftVertex *b)
{
  return values_equal (a->vid, b->vid) && array_equal (a->tags, b->tags, tag_equal);
}

static gboolean
edge_equal (NebulaThriftEdge *a,
            NebulaThriftEdge *b)
{
  return values_equal (a->src, b->src) && values_equal (a->dst, b->dst) && a->type == b->type &&
         bytes_equal (a->name, b->name) && a->ranking == b->ranking &&
         map_equal (a->props, b->props);
}

static gboolean
step_equal (gconstpointer a,
            gconstpointer b)
{
  const NebulaThriftStep *left = a;
  const NebulaThriftStep *right = b;

  return vertex_equal (left->dst, right->dst) && left->type == right->type &&
         bytes_equal (left->name, right->name) && left->ranking == right->ranking &&
         map_equal (left->props, right->props);
}

static gboolean
path_equal (NebulaThriftPath *a,
            NebulaThriftPath *b)
{
  return vertex_equal (a->src, b->src) && array_equal (a->steps, b->steps, step_equal);
}

static gboolean
row_equal (gconstpointer a,
           gconstpointer b)
{
  const NebulaThriftRow *left = a;
  const NebulaThriftRow *right = b;

  return array_equal (left->values, right->values, value_equal);
}

static gboolean
data_set_equal (NebulaThriftDataSet *a,
                NebulaThriftDataSet *b)
{
  return array_equal (a->column_names, b->column_names, bytes_equal) &&
         array_equal (a->rows, b->rows, row_equal);
}

static gboolean
coordinate_equal (gconstpointer a,
                  gconstpointer b)
{
  const NebulaThriftCoordinate *left = a;
  const NebulaThriftCoordinate *right = b;

  return left->x == right->x && left->y == right->y;
}

static gboolean
ring_equal (gconstpointer a,
            gconstpointer b)
{
  return array_equal ((GPtrArray *) a, (GPtrArray *) b, coordinate_equal);
}

static gboolean
geography_equal (NebulaThriftGeography *a,
                 NebulaThriftGeography *b)
{
  if (a->__isset_ptVal != b->__isset_ptVal || a->__isset_lsVal != b->__isset_lsVal ||
      a->__isset_pgVal != b->__isset_pgVal)
    return FALSE;
  if (a->__isset_ptVal && !coordinate_equal (a->ptVal->coord, b->ptVal->coord))
    return FALSE;
  if (a->__isset_lsVal && !ring_equal (a->lsVal->coordList, b->lsVal->coordList))
    return FALSE;
  return !a->__isset_pgVal ||
         array_equal (a->pgVal->coordListList, b->pgVal->coordListList, ring_equal);
}

static gboolean
scalars_equal (NebulaThriftValue *a,
               NebulaThriftValue *b)
{
  if (a->__isset_nVal != b->__isset_nVal || a->__isset_bVal != b->__isset_bVal ||
      a->__isset_iVal != b->__isset_iVal || a->__isset_fVal != b->__isset_fVal ||
      a->__isset_sVal != b->__isset_sVal)
    return FALSE;

  /* The bits of a floating point number are compared: NaN is equal to itself. */
  return (!a->__isset_nVal || a->nVal == b->nVal) &&
         (!a->__isset_bVal || a->bVal == b->bVal) &&
         (!a->__isset_iVal || a->iVal == b->iVal) &&
         (!a->__isset_fVal || memcmp (&a->fVal, &b->fVal, sizeof a->fVal) == 0) &&
         (!a->__isset_sVal || bytes_equal (a->sVal, b->sVal));
}

static gboolean
times_equal (NebulaThriftValue *a,
             NebulaThriftValue *b)
{
  if (a->__isset_dVal != b->__isset_dVal || a->__isset_tVal != b->__isset_tVal ||
      a->__isset_dtVal != b->__isset_dtVal || a->__isset_duVal != b->__isset_duVal)
    return FALSE;

  return (!a->__isset_dVal || date_equal (a->dVal, b->dVal)) &&
         (!a->__isset_tVal || time_equal (a->tVal, b->tVal)) &&
         (!a->__isset_dtVal || date_time_equal (a->dtVal, b->dtVal)) &&
         (!a->__isset_duVal || duration_equal (a->duVal, b->duVal));
}

static gboolean
containers_equal (NebulaThriftValue *a,
                  NebulaThriftValue *b)
{
  if (a->__isset_lVal != b->__isset_lVal || a->__isset_mVal != b->__isset_mVal ||
      a->__isset_uVal != b->__isset_uVal || a->__isset_gVal != b->__isset_gVal)
    return FALSE;

  return (!a->__isset_lVal || array_equal (a->lVal->values, b->lVal->values, value_equal)) &&
         (!a->__isset_mVal || map_equal (a->mVal->kvs, b->mVal->kvs)) &&
         (!a->__isset_uVal || set_equal (a->uVal->values, b->uVal->values)) &&
         (!a->__isset_gVal || data_set_equal (a->gVal, b->gVal));
}

static gboolean
graph_equal (NebulaThriftValue *a,
             NebulaThriftValue *b)
{
  if (a->__isset_vVal != b->__isset_vVal || a->__isset_eVal != b->__isset_eVal ||
      a->__isset_pVal != b->__isset_pVal || a->__isset_ggVal != b->__isset_ggVal)
    return FALSE;

  return (!a->__isset_vVal || vertex_equal (a->vVal, b->vVal)) &&
         (!a->__isset_eVal || edge_equal (a->eVal, b->eVal)) &&
         (!a->__isset_pVal || path_equal (a->pVal, b->pVal)) &&
         (!a->__isset_ggVal || geography_equal (a->ggVal, b->ggVal));
}

gboolean
values_equal (NebulaThriftValue *a,
              NebulaThriftValue *b)
{
  return scalars_equal (a, b) && times_equal (a, b) && containers_equal (a, b) &&
         graph_equal (a, b);
}
