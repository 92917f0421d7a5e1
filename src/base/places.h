/* places: where the program's own files are, and where it keeps a person's.
 *
 *     char *home = places_home();                    // …/lessons and …/data are in it
 *     char *path = places_state("progress.json");    // NULL: there is no place for it
 *     free(path), free(home);
 */
#ifndef BASE_PLACES_H
#define BASE_PLACES_H

/* $LEARN_HOME, else the program's own folder, else ../share/learn beside it. The caller
 * frees it. */
char *places_home(void);
/* Another program: the one that was brought along (make bundle), else its name, which
 * PATH leads to. The caller frees it. */
char *places_bring(const char *name);
/* The path of a kept file under $XDG_STATE_HOME/learn or ~/.local/state/learn, its
 * folders made if they were missing; NULL where there is no home. The caller frees
 * it. */
char *places_state(const char *name);

#endif
