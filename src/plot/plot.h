/* plot: the pictures: rows in plots.c, commands in commands.c (plot, animate). */
#ifndef PLOT_PLOT_H
#define PLOT_PLOT_H

#include "board/session.h"

extern const struct command plot_commands[];

#endif
