/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-comparison-private.h"

/*
 * A comparison as a picture: for each figure a panel with a bar for each row, and on the bar's
 * end a line of one standard deviation to either side.
 */

/* In pixels. A label of the longest kind, "proportional, budget throttle", fits into its room. */
#define WIDTH 760
#define MARGIN 20
#define LABEL_ROOM 210
#define NUMBER_ROOM 130
#define BAR_STEP 24
#define BAR_HEIGHT 16
#define HEAD 66
#define PANEL_HEAD 34

#define BAR_ROOM (WIDTH - 2 * MARGIN - LABEL_ROOM - NUMBER_ROOM)
#define BAR_LEFT (MARGIN + LABEL_ROOM)

static const NebulaComparisonRow *
get_row (const NebulaComparison *self, guint i)
{
  return &g_array_index (self->rows, NebulaComparisonRow, i);
}

/* What the longest bar and its line stand for; not 0, which nothing could be divided by. */
static double
find_scale (const NebulaComparison *self, guint figure)
{
  double scale = 0;

  for (guint i = 0; i < self->rows->len; i++)
    {
      const NebulaFigure *value = &get_row (self, i)->figures[figure];

      scale = MAX (scale, value->mean + value->sd);
    }
  return scale > 0 ? scale : 1;
}

/* Whole pixels: no locale writes them with a comma. */
static int
to_pixels (double value, double scale)
{
  return (int) (MAX (value, 0) / scale * BAR_ROOM + 0.5);
}

static void
draw_line (GString *svg, int x1, int x2, int y1, int y2)
{
  g_string_append_printf (svg,
                          "  <line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"#333\"/>\n",
                          x1, x2, y1, y2);
}

static void
draw_row (const NebulaComparison *self, GString *svg, guint figure, guint i, int top)
{
  const NebulaFigureInfo *info = &self->model->figures[figure];
  const NebulaComparisonRow *row = get_row (self, i);
  const NebulaFigure *value = &row->figures[figure];
  g_autofree char *label = nebula_comparison_label (self, &row->simulation);
  double scale = find_scale (self, figure);
  int low = BAR_LEFT + to_pixels (value->mean - value->sd, scale);
  int high = BAR_LEFT + to_pixels (value->mean + value->sd, scale);
  int middle = top + BAR_HEIGHT / 2;

  g_string_append_printf (svg, "  <text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n",
                          BAR_LEFT - 8, middle + 4, label);
  g_string_append_printf (svg,
                          "  <rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\""
                          " fill=\"#4a7fb5\"/>\n",
                          BAR_LEFT, top, to_pixels (value->mean, scale), BAR_HEIGHT);
  draw_line (svg, low, high, middle, middle);
  draw_line (svg, low, low, middle - 4, middle + 4);
  draw_line (svg, high, high, middle - 4, middle + 4);
  g_string_append_printf (svg, "  <text x=\"%d\" y=\"%d\">%.*f ± %.*f</text>\n", high + 8,
                          middle + 4, (int) info->decimals, value->mean, (int) info->decimals,
                          value->sd);
}

static void
draw_panel (const NebulaComparison *self, GString *svg, guint figure, int top)
{
  int first = top + PANEL_HEAD;
  int bottom = first + BAR_STEP * (int) self->rows->len;

  g_string_append_printf (svg, "  <text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>\n",
                          BAR_LEFT, top + PANEL_HEAD - 12, self->model->figures[figure].heading);
  for (guint i = 0; i < self->rows->len; i++)
    draw_row (self, svg, figure, i, first + BAR_STEP * (int) i);
  draw_line (svg, BAR_LEFT, BAR_LEFT, first - 4, bottom - 4);
}

/* Returns: (transfer full): an SVG file */
char *
nebula_comparison_draw (const NebulaComparison *self)
{
  GString *svg = g_string_new (NULL);
  int panel = PANEL_HEAD + BAR_STEP * (int) self->rows->len;
  int top = HEAD;
  int height = HEAD + MARGIN;

  for (guint i = 0; self->model->figures[i].key != NULL; i++)
    height += panel;
  g_string_append_printf (svg,
                          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                          " viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">\n"
                          "  <rect width=\"%d\" height=\"%d\" fill=\"white\"/>\n",
                          WIDTH, height, WIDTH, height, WIDTH, height);
  g_string_append_printf (svg, "  <text x=\"%d\" y=\"30\" font-size=\"16\">%s</text>\n", MARGIN,
                          self->model->title);
  g_string_append_printf (svg,
                          "  <text x=\"%d\" y=\"52\" fill=\"#555\">%u clients, %u repetitions, seed"
                          " %u: mean ± standard deviation</text>\n",
                          MARGIN, self->clients, self->repetitions, self->seed);
  for (guint i = 0; self->model->figures[i].key != NULL; i++, top += panel)
    draw_panel (self, svg, i, top);
  g_string_append (svg, "</svg>\n");
  return g_string_free (svg, FALSE);
}
