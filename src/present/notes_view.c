#include "present/notes_view.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/raw.h"
#include "present/notes_inside.h"
#include "text/number.h"

enum { LOOK_MS = 200, PAGE_MOST = 1 << 18, DEATH_SEEN = 2 /* seconds */ };

struct view {
    struct out *o;
    long wanted;           /* the talk's number, or 0: the newest */
    long pid;              /* of the one that is followed, or 0 */
    struct timespec began; /* when it did */
    int folder, keys;      /* its folder, and the socket to it; -1 */
    bool had, died;        /* one was followed before; it did not end by itself */
    double died_at;        /* when: that is seen before another one is */
    char *text;            /* of its file */
    char *drawn;           /* what stands on the screen */
    bool keyboard, redraw;
    struct termios before;
};

/* ---- finding a talk ---- */

/* A socket to its keys; -1: nobody is behind it. */
static int knock(int folder, const char *name) {
    struct sockaddr_un to;
    notes_address(&to, folder, name);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0) return fd;
    if (fd >= 0) close(fd);
    return -1;
}

/* One that died left its files. Its page is gone once it was told. */
static void clear_up(struct view *v, int folder, long pid, const char *keys) {
    char file[NOTES_NAME], fresh[NOTES_NAME];
    snprintf(file, sizeof file, NOTES_FILE, pid);
    snprintf(fresh, sizeof fresh, NOTES_FILE ".new", pid);
    if (pid == v->pid) v->died = true, v->died_at = clock_seconds();
    unlinkat(folder, keys, 0);
    unlinkat(folder, file, 0);
    unlinkat(folder, fresh, 0);
}

static bool is_newer(const struct timespec *a, const struct timespec *b) {
    return a->tv_sec > b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec > b->tv_nsec);
}

/* What a folder has that is newer than what was found. */
struct found {
    long pid;
    struct timespec began;
    int folder, keys;
};

static void look_at(struct view *v, int folder, const char *name, struct found *best) {
    char own[NOTES_NAME];
    struct stat st;
    char *end;
    if (strncmp(name, "present-", 8) != 0) return;
    long pid = strtol(name + 8, &end, 10);
    long only = v->wanted ? v->wanted : v->pid; /* to the end of a talk no other's */
    snprintf(own, sizeof own, NOTES_KEYS, pid);
    if (pid <= 0 || strcmp(name, own) != 0 || (only && pid != only)) return;
    if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0) return;
    if (!S_ISSOCK(st.st_mode) || st.st_uid != geteuid()) return;
    int keys = knock(folder, name);
    if (keys < 0 && errno == ECONNREFUSED) clear_up(v, folder, pid, name);
    if (keys < 0) return;
    if (best->pid && !is_newer(&st.st_ctim, &best->began)) {
        close(keys);
        return;
    }
    if (best->pid) close(best->keys), close(best->folder);
    int same = fcntl(folder, F_DUPFD_CLOEXEC, 0);
    *best = (struct found){pid, st.st_ctim, same, keys};
}

/* False: none of the places is this person's alone; then *e says so. */
static bool look(struct view *v, struct found *best, struct error **e) {
    char *paths[NOTES_PLACES];
    int n = notes_places(paths), refused = 0;
    *e = NULL;
    for (int i = 0; i < n; i++) {
        struct error *why;
        int folder = notes_folder(paths[i], false, &why);
        refused += why != NULL;
        error_free(*e);
        *e = why;
        free(paths[i]);
        int again = folder < 0 ? -1 : fcntl(folder, F_DUPFD_CLOEXEC, 0);
        DIR *d = again < 0 ? NULL : fdopendir(again);
        for (struct dirent *entry; d && (entry = readdir(d));)
            look_at(v, folder, entry->d_name, best);
        if (d) closedir(d);
        if (folder >= 0) close(folder);
    }
    bool fine = refused < n;
    if (fine) error_free(*e);
    if (fine) *e = NULL;
    return fine;
}

static void leave_talk(struct view *v) {
    if (v->folder >= 0) close(v->folder);
    if (v->keys >= 0) close(v->keys);
    free(v->text);
    v->text = NULL;
    v->folder = v->keys = -1;
    v->pid = 0;
}

/* Follows the newest, and stays with it; an error: none can be had. */
static struct error *follow(struct view *v) {
    struct found best = {0};
    struct error *e;
    if (v->died && clock_seconds() - v->died_at < (double)DEATH_SEEN) return NULL;
    if (!look(v, &best, &e)) return e;
    bool same = best.pid == v->pid && best.began.tv_sec == v->began.tv_sec &&
                best.began.tv_nsec == v->began.tv_nsec;
    if (best.pid && same) close(best.folder), close(best.keys);
    if (same) return NULL;
    leave_talk(v);
    if (best.pid) {
        v->pid = best.pid;
        v->began = best.began;
        v->folder = best.folder;
        v->keys = best.keys;
        v->had = true;
        v->died = false;
    }
    return NULL;
}

/* ---- its page ---- */

/* NULL: it is no ordinary file of this person's, or too large. Owned. */
static char *read_page(const struct view *v) {
    char name[NOTES_NAME];
    struct stat st;
    snprintf(name, sizeof name, NOTES_FILE, v->pid);
    int fd = openat(v->folder, name,
                    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    bool fine = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
                st.st_uid == geteuid() && st.st_size > 0 && st.st_size <= PAGE_MOST;
    char *text = fine ? mem_alloc((size_t)st.st_size + 1, 1) : NULL;
    ssize_t n = fine ? file_read_all(fd, text, (size_t)st.st_size) : -1;
    if (fd >= 0) close(fd);
    if (n > 0) return text;
    free(text);
    return NULL;
}

static void follow_lang(struct view *v, const cJSON *page) {
    const cJSON *lang = cJSON_GetObjectItemCaseSensitive(page, "lang");
    for (enum text_lang l = 0; l < TEXT_LANGS; l++)
        if (cJSON_IsString(lang) && strcmp(lang->valuestring, text_lang_name(l)) == 0)
            text_set_lang(v->o->text, l);
}

/* What stands there while no talk can be seen. Owned. */
static char *waiting(struct view *v) {
    struct out *o = v->o;
    struct buf b = {0};
    if (v->had) text_add(o->text, &b, v->died ? "notes.died" : "notes.over", NULL);
    if (v->had) buf_add(&b, "\n\n");
    const char *key = v->wanted ? "notes.none-such" : "notes.none";
    text_add(o->text, &b, key, "pid", NUM(o, (double)v->wanted), NULL);
    char *text = out_wrapped(o, buf_text(&b), 1);
    text[strlen(text) - 1] = '\0'; /* the last row has no newline */
    buf_free(&b);
    return text;
}

static char *page_now(struct view *v, int rows, int columns) {
    char *fresh = v->pid ? read_page(v) : NULL;
    if (fresh) {
        free(v->text);
        v->text = fresh;
    }
    cJSON *page = v->text ? cJSON_Parse(v->text) : NULL;
    if (page) follow_lang(v, page);
    char *drawn =
        page ? notes_draw(v->o, page, clock_wall(), rows, columns) : waiting(v);
    cJSON_Delete(page);
    return drawn;
}

/* Row by row over what was there; where nothing may be drawn over, below it, and not
 * for a clock. */
static void show(struct view *v) {
    int rows = 0, columns = 0;
    if (v->o->terminal) screen_size(&rows, &columns);
    if (!columns) columns = v->o->width;
    out_fit(v->o);
    char *old = v->text ? mem_copy(v->text) : NULL;
    char *drawn = page_now(v, v->o->moves && rows ? rows : 1000, columns);
    bool same = v->drawn && strcmp(drawn, v->drawn) == 0;
    if (!v->o->moves && v->drawn && old && v->text) same = strcmp(old, v->text) == 0;
    free(old);
    if ((!same || v->redraw) && v->o->moves) out_control(v->o, "\033[H");
    for (char *row = drawn, *next; (!same || v->redraw) && row; row = next) {
        if ((next = strchr(row, '\n'))) *next = '\0';
        out_puts(v->o, row);
        if (v->o->moves) out_control(v->o, "\033[K");
        if (next || !v->o->moves) out_puts(v->o, "\n");
        if (next) *next++ = '\n';
    }
    if (v->o->moves) out_control(v->o, "\033[J");
    out_flush(v->o);
    v->redraw = false;
    free(v->drawn);
    v->drawn = drawn;
}

/* ---- the terminal ---- */

static volatile sig_atomic_t stopping, resized;

static void note_signal(int n) { *(n == SIGTSTP ? &stopping : &resized) = 1; }

static void enter(struct view *v) {
    if (v->keyboard) raw_begin(&v->before, TCSADRAIN);
    if (v->o->moves) out_control(v->o, "\033[?1049h\033[?25l");
    v->redraw = true;
}

static void leave(struct view *v) {
    if (v->o->moves) out_control(v->o, "\033[?25h\033[?1049l");
    out_flush(v->o);
    if (v->keyboard) raw_end(&v->before);
}

static void stop(struct view *v) {
    struct sigaction ours, usual = {.sa_handler = SIG_DFL};
    leave(v);
    sigaction(SIGTSTP, &usual, &ours);
    raise(SIGTSTP);
    sigaction(SIGTSTP, &ours, NULL);
    stopping = 0;
    enter(v);
}

/* To the talk; without a key, that somebody looks. It may have died since: the next
 * look tells. */
static void send_keys(struct view *v) {
    char bytes[NOTES_PRESS] = "";
    struct pollfd in = {STDIN_FILENO, POLLIN, 0};
    ssize_t n = 1;
    if (poll(&in, v->keyboard, LOOK_MS) > 0)
        n = read(STDIN_FILENO, bytes, sizeof bytes);
    if (n == 0) v->keyboard = false; /* nobody is there any more */
    if (n > 0 && v->keys >= 0) send(v->keys, bytes, (size_t)n, MSG_NOSIGNAL);
}

static void watch(void) {
    struct sigaction act = {.sa_handler = note_signal};
    sigaction(SIGTSTP, &act, NULL);
    sigaction(SIGWINCH, &act, NULL);
    interrupt_catch(SIGTERM, 0);
    interrupt_catch(SIGHUP, 0);
}

int notes_view(struct out *o, long pid) {
    struct view v = {.o = o, .wanted = pid, .folder = -1, .keys = -1};
    struct error *e = follow(&v);
    if (!e) {
        v.keyboard = o->terminal && raw_can(&v.before);
        watch();
        enter(&v);
        while (!interrupt_flag && !e && !o->failed) {
            show(&v);
            send_keys(&v);
            if (stopping) stop(&v);
            v.redraw |= resized;
            resized = 0;
            e = follow(&v);
        }
        leave(&v);
    }
    leave_talk(&v);
    free(v.drawn);
    if (!e) return 0;
    out_error(o, e);
    error_free(e);
    return 1;
}
