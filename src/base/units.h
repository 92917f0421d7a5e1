/* units: a large amount as people say it: three figures and a unit.
 *
 *     char to[UNITS_SIZE];
 *     puts(units_bytes(to, 12.9e6)); // 12.3 MiB
 *     puts(units_large(to, 105e6));  // 105 M
 *     puts(units_time(to, 75));      // 1:15
 */
#ifndef BASE_UNITS_H
#define BASE_UNITS_H

#define UNITS_SIZE 40

/* In floating point, where nothing overflows. Each returns `to`. */
char *units_bytes(char to[UNITS_SIZE], double bytes);  /* 512 B; 7.28 TiB */
char *units_large(char to[UNITS_SIZE], double v);      /* from a million on */
char *units_time(char to[UNITS_SIZE], double seconds); /* minutes:seconds */

#endif
