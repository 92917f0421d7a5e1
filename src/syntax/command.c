#include "syntax/command.h"

#include <string.h>

#include "base/buf.h"

char *stmt_title(const struct expr *e) {
    struct buf b = {0};
    expr_print(&b, e);
    return buf_take(&b);
}

const struct clause *stmt_clause(const struct stmt *c, const char *word) {
    for (int i = 0; i < c->n_clauses; i++) {
        if (c->clauses[i].word && strcmp(c->clauses[i].word, word) == 0) {
            return &c->clauses[i];
        }
    }
    return NULL;
}

struct error *stmt_expr(const struct stmt *c, const struct expr **out) {
    if (c->n_items == 1 && c->items[0].expr) {
        *out = c->items[0].expr;
        return NULL;
    }
    struct buf usage = {0};
    buf_printf(&usage, "%s %s", c->command->name, c->command->args);
    const char *example = c->command->example ? c->command->example : buf_text(&usage);
    struct error *e =
        error_new("wants-one", "name", c->command->name, "example", example, NULL);
    buf_free(&usage);
    return e;
}

struct error *stmt_file(const struct stmt *c, const char **path) {
    if (c->n_items != 1 || !c->items[0].text || !*c->items[0].text) {
        return error_new("wants-file", "name", c->command->name, "args",
                         c->command->args, NULL);
    }
    *path = c->items[0].text;
    return NULL;
}
