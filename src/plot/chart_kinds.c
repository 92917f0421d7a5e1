#include "plot/chart_kinds.h"

#include "plot/plots.h"

enum { SIGNS = 30 }; /* columns below which a map or points show nothing */

/* To add a kind of chart: a value of enum chart_kind and a row here. */
// clang-format off
const struct chart_kind_row chart_kinds[] = {
    [CHART_FLAT] = {.script = script_flat},
    [CHART_SURFACE] = {.script = script_surface, .heights = true, .heavy = true},
    [CHART_CONTOUR] = {.script = script_contour, .heights = true},
    [CHART_IMAGE] = {.script = script_image, .print = plot_picture_print},
    [CHART_MAP] = {.script = script_map, .print = plot_boundary_print, .columns = SIGNS,
                   .ends = true},
    [CHART_POINTS] = {.script = script_flat, .print = plot_points_print, .columns = SIGNS,
                      .small = true},
    [CHART_POLICY] = {.script = script_policy, .print = plot_policy_print},
};
// clang-format on
