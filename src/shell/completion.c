#include "shell/completion.h"

#include <string.h>

#include "shell/options.h"

/* What differs: how words and files are offered, and how it is asked for. */
static const struct shell {
    const char *name, *head, *tail;
} shells[] = {
    {"bash",
     "_learn_words() { COMPREPLY=($(compgen -W \"$*\" -- \"$word\")); }\n"
     "_learn_files() { mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); }\n",
     "_learn() { _learn_offer \"${COMP_WORDS[@]:0:COMP_CWORD+1}\"; }\n"
     "complete -o filenames -F _learn learn\n"},
    {"zsh",
     "#compdef learn\n"
     "_learn_words() { compadd -- \"$@\"; }\n"
     "_learn_files() { _files; }\n",
     "_learn_offer \"${(@)words[1,CURRENT]}\"\n"},
};

/* --csv, -o */
static void put_name(struct out *o, const struct option_row *row) {
    if (row->name) out_printf(o, "--%s", row->name);
    else out_printf(o, "-%c", row->letter);
}

enum wants { WANTS_WORDS, WANTS_FILE, WANTS_OWN };

/* By the form that help shows: en|ko, FILE or demo.cast, 20251234. */
static enum wants wants(const struct option_row *row) {
    const char *form = row->argument, *dot = strrchr(form, '.');
    bool number = strspn(form, "0123456789.x") == strlen(form);
    if (strchr(form, '|')) return WANTS_WORDS;
    bool file = strcmp(form, "FILE") == 0 || (dot && !number);
    return file ? WANTS_FILE : WANTS_OWN;
}

/* A case's pattern of all that want such a thing. */
static void put_those(struct out *o, enum wants what, const char *then) {
    bool any = false;
    for (const struct option_row *row = option_rows; row->key; row++) {
        if (!row->argument || wants(row) != what) continue;
        out_puts(o, any ? "|" : "    ");
        put_name(o, row);
        any = true;
    }
    if (any) out_printf(o, ") %s ;;\n", then);
}

static void put_choices(struct out *o) {
    for (const struct option_row *row = option_rows; row->key; row++) {
        if (!row->argument || wants(row) != WANTS_WORDS) continue;
        out_puts(o, "    ");
        put_name(o, row);
        out_puts(o, ") _learn_words");
        for (const char *at = row->argument; *at; at += strspn(at, "|")) {
            size_t n = strcspn(at, "|");
            out_printf(o, " %.*s", (int)n, at);
            at += n;
        }
        out_puts(o, "; return ;;\n");
    }
}

/* The options that may stand behind that job, or (JOBS) where there is none. */
static void put_options(struct out *o, enum job job) {
    out_printf(o, "        %s) _learn_words", job == JOBS ? "*" : options_job(job));
    for (const struct option_row *row = option_rows; row->key; row++) {
        if (row->jobs && !(job < JOBS && row->jobs >> job & 1)) continue;
        out_puts(o, " ");
        put_name(o, row);
    }
    out_puts(o, " ;;\n");
}

static void put_jobs(struct out *o, const char *between) {
    for (enum job job = 0; job < JOBS; job++)
        out_printf(o, "%s%s", job ? between : "", options_job(job));
}

static void put_script(struct out *o, const struct shell *shell) {
    out_puts(o, shell->head);
    out_puts(o,
             "_learn_offer() { # the line's words, the last being typed\n"
             "    local word= before= job=\n"
             "    shift\n"
             "    while [ $# -gt 1 ]; do\n"
             "        before=$1\n"
             "        case $1 in ");
    put_jobs(o, "|");
    out_puts(o,
             ") job=${job:-$1} ;; esac\n"
             "        shift\n"
             "    done\n"
             "    word=$1\n"
             "    case $before in\n");
    put_choices(o);
    put_those(o, WANTS_FILE, "_learn_files; return");
    put_those(o, WANTS_OWN, "return");
    out_puts(o,
             "    esac\n"
             "    case $word in\n"
             "    -*)\n"
             "        case $job in\n");
    for (enum job job = 0; job <= JOBS; job++) put_options(o, job);
    out_puts(o,
             "        esac ;;\n"
             "    *) if [ -n \"$job\" ]; then _learn_files; else _learn_words ");
    put_jobs(o, " ");
    out_puts(o,
             "; fi ;;\n"
             "    esac\n"
             "}\n");
    out_puts(o, shell->tail);
}

struct error *completion_script(struct out *o, const char *shell) {
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
        if (strcmp(shells[i].name, shell) != 0) continue;
        put_script(o, &shells[i]);
        return NULL;
    }
    const struct option_row *row = option_rows;
    while (!row->name || strcmp(row->name, "completion") != 0) row++;
    return options_wants(row);
}
