#include "shell/manual.h"

#include <stdlib.h>
#include <string.h>

#include "shell/options.h"

/* ---- the commands of all tables, one after another ---- */

struct cursor {
    const struct command *const *tables;
    const struct command *at;
};

static const struct command *next_command(struct cursor *c) {
    while (*c->tables) {
        if (!c->at) c->at = *c->tables;
        while (c->at->name && c->at->flags & COMMAND_HIDDEN) c->at++;
        if (c->at->name) return c->at++;
        c->tables++;
        c->at = NULL;
    }
    return NULL;
}

static char *say(struct out *o, const char *kind, const char *name) {
    struct buf key = {0};
    buf_printf(&key, "%s.%s", kind, name);
    char *s = out_sentence(o, buf_text(&key), NULL);
    buf_free(&key);
    return s;
}

/* ---- troff ---- */

/* A backslash, a leading dot and a hyphen mean something to troff. */
static void put_troff(struct out *o, const char *s) {
    struct buf b = {0};
    if (*s == '.' || *s == '\'') buf_add(&b, "\\&");
    for (; *s; s++) {
        if (*s == '\\') buf_add(&b, "\\e");
        else if (*s == '-') buf_add(&b, "\\-");
        else buf_add_n(&b, s, 1);
    }
    out_puts(o, buf_text(&b));
    buf_free(&b);
}

void manual_page(struct out *o, const struct command *const *tables,
                 const char *version, void (*more)(struct out *o)) {
    out_printf(o, ".TH LEARN 1 \"\" \"learn %s\"\n.SH NAME\nlearn \\- ", version);
    char *s = out_sentence(o, "manual.name", NULL);
    put_troff(o, s);
    free(s);
    out_puts(o, "\n.SH SYNOPSIS\n.nf\n");
    struct buf usage = {0}; /* the options follow as a list */
    options_add_usage(&usage, o);
    put_troff(o, buf_text(&usage));
    buf_free(&usage);
    out_puts(o, "\n.fi\n.SH DESCRIPTION\n");
    s = out_sentence(o, "manual.about", NULL);
    put_troff(o, s);
    free(s);
    out_puts(o, "\n.SH OPTIONS\n");
    for (const struct option_row *row = option_rows; row->key; row++) {
        struct buf form = {0};
        options_add_form(&form, row);
        out_puts(o, ".TP\n.B ");
        put_troff(o, buf_text(&form));
        out_puts(o, "\n");
        s = out_sentence(o, row->key, NULL);
        put_troff(o, s);
        out_puts(o, "\n");
        free(s);
        buf_free(&form);
    }
    out_puts(o, ".SH COMMANDS\n");
    struct cursor at = {tables, NULL};
    for (const struct command *c; (c = next_command(&at));) {
        out_printf(o, ".TP\n.B %s\n", c->name);
        if (*c->args) {
            put_troff(o, c->args);
            out_puts(o, "\n.br\n");
        }
        s = say(o, "command", c->name);
        put_troff(o, s);
        out_puts(o, "\n");
        free(s);
    }
    more(o);
    out_puts(o, ".SH FILES\n");
    s = out_sentence(o, "manual.files", NULL);
    put_troff(o, s);
    free(s);
    out_puts(o, "\n.SH SEE ALSO\n.BR gnuplot (1)\n");
}

/* ---- Markdown ---- */

static void put_cell(struct out *o, const char *s) {
    struct buf b = {0};
    for (; *s; s++) {
        if (*s == '|') buf_add(&b, "\\");
        buf_add_n(&b, s, 1);
    }
    out_puts(o, buf_text(&b));
    buf_free(&b);
}

void manual_commands(struct out *o, const struct command *const *tables) {
    struct cursor at = {tables, NULL};
    out_puts(o, "| command | what it does |\n|---|---|\n");
    for (const struct command *c; (c = next_command(&at));) {
        char *s = say(o, "command", c->name);
        out_puts(o, "| `");
        put_cell(o, c->name);
        if (*c->args) out_puts(o, " ");
        put_cell(o, c->args);
        out_puts(o, "` | ");
        put_cell(o, s);
        out_puts(o, " |\n");
        free(s);
    }
}
