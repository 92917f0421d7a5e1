/* typed: a session for a test to type into; what it says goes to a file that can be
 * read. One at a time: typed_open and typed_close are a case's fixture.
 *
 *     type("param w = 3; E = (w - 1)^2");
 *     ck_assert_double_eq(typed_number("E"), 4);
 */
#ifndef TESTS_TYPED_H
#define TESTS_TYPED_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "board/compile.h"
#include "session/run.h"

static const struct command *const tables[] = {session_commands, NULL};
static struct session *s;
static struct out out;
static char *said;
static size_t said_size;

static void typed_open(void) {
    out = (struct out){.errors = stderr, .digits = 6, .width = 80};
    out.file = open_memstream(&said, &said_size);
    out.text = text_open(TEXT_EN);
    s = session_open(&out, tables);
}

static void typed_close(void) {
    session_close(s);
    text_close(out.text);
    fclose(out.file);
    free(said);
}

static inline void type(const char *lines) {
    ck_assert_msg(session_run(s, lines, NULL), "%s", lines);
}

/* The one formula that a text is: *p is to be freed; NULL where it is none. */
static inline struct expr *typed_formula(const char *text, struct program **p) {
    *p = NULL;
    error_free(session_parse(s, text, p));
    if (*p && (*p)->n == 1 && (*p)->stmts[0].kind == STMT_ITEMS &&
        (*p)->stmts[0].n_items == 1 && (*p)->stmts[0].items[0].expr)
        return (*p)->stmts[0].items[0].expr;
    program_free(*p);
    return *p = NULL, NULL;
}

static inline double typed_number(const char *text) {
    struct program *p;
    double v;
    struct expr *e = typed_formula(text, &p);
    ck_assert_msg(e, "%s", text);
    struct error *error = compile_number(s->board, e, &v);
    ck_assert_msg(!error, "%s: %s", text, error ? error->key : "");
    program_free(p);
    return v;
}

#define ROWS(table) (int)(sizeof(table) / sizeof *(table))

/* Runs the suite; what main returns. */
static inline int typed_run(Suite *suite) {
    SRunner *r = srunner_create(suite);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}

#endif
