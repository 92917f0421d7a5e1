/* class: what a class handed in: every result file in some folders, each looked at by
 * itself. What is no whole result is left out and named, and never stops the others; of
 * two that one student handed in for one lesson the newer counts.
 *
 *     struct class c = {.out = out, .home = home, .only = -1};
 *     class_read(&c, "r");                        // a folder, or a file
 *     class_settle(&c);
 *     c.parts[i].lesson->questions …              // by lesson, then by student
 *     class_free(&c);
 *
 * Ordinary files only, no links followed, three folders deep; the name of a file means
 * nothing. All strings of parts are the files', which the class owns.
 */
#ifndef CLASSROOM_CLASS_H
#define CLASSROOM_CLASS_H

#include <sys/stat.h>

#include "classroom/result.h"
#include "text/out.h"

struct class_file {
    char *path; /* as it is said: one safe line */
    struct result_file result;
    double made; /* seconds since 1970 */
};

/* What counts: of one student, one lesson. */
struct class_part {
    const struct class_file *file;
    const struct result_lesson *lesson;
    double number; /* the lesson's: the course's, or what most files give its id */
};

/* A file by what it is, whatever it is called. */
struct class_seen {
    dev_t device;
    ino_t number;
};

struct class {
    struct out *out;
    const char *home; /* of the course: an id of its lessons has their number */
    int only;         /* this lesson's number alone, or -1 */
    struct class_file **files;
    size_t n_files, files_cap;
    struct class_part *parts;
    size_t n_parts;
    const struct class_file *
        *students; /* each once, by id: the newest file of theirs */
    size_t n_students;
    char **notes; /* a line each: what was left out, then what is odd; owned */
    size_t n_notes, notes_cap;
    size_t n_left;           /* files, or parts of files, that were left out */
    struct class_seen *seen; /* every file that was met, left out or not, or written */
    size_t n_seen, seen_cap;
    double room;  /* bytes that may be taken before memory is asked for again */
    bool stopped; /* by Ctrl-C */
};

void class_read(struct class *c, const char *path);
void class_settle(struct class *c); /* after the last */
void class_free(struct class *c);
/* What is at that path, and behind it where it is a link, is not to be written over;
 * is it such a file? */
void class_keep(struct class *c, const char *path);
bool class_keeps(const struct class *c, const char *path);
/* Takes a sentence over. */
void class_note(struct class *c, char *sentence);

#endif
