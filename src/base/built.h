/* built: what made this program, for `--version`. */
#ifndef BASE_BUILT_H
#define BASE_BUILT_H

const char *built_by(void); /* "gcc 12.2.0" */

#endif
