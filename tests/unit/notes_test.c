/* The speaker's notes as a talk writes them: nobody else's folder, whole pages, keys
 * that come back, and nothing left behind. */
#include <check.h>
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "present/notes.h"

static char runtime[] = "/tmp/notesXXXXXX", folder[64];

static void set_up(void) {
    strcpy(runtime, "/tmp/notesXXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(runtime));
    snprintf(folder, sizeof folder, "%s/learn", runtime);
    setenv("XDG_RUNTIME_DIR", runtime, 1);
}

static const char *own(char to[128], const char *end) {
    snprintf(to, 128, "%s/present-%ld.%s", folder, (long)getpid(), end);
    return to;
}

static cJSON *read_page(void) {
    char path[128], text[4096];
    FILE *f = fopen(own(path, "json"), "r");
    ck_assert_ptr_nonnull(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    cJSON *page = cJSON_Parse(text);
    ck_assert_ptr_nonnull(page);
    return page;
}

static double number(const cJSON *page, const char *key) {
    return cJSON_GetNumberValue(cJSON_GetObjectItem(page, key));
}

static void press(const char *bytes, size_t n) {
    char path[128];
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    snprintf(to.sun_path, sizeof to.sun_path, "%s", own(path, "sock"));
    ck_assert_int_eq(sendto(fd, bytes, n, 0, (struct sockaddr *)&to, sizeof to), n);
    close(fd);
}

START_TEST(test_page_and_keys) {
    struct notes *n;
    struct stat st;
    char path[128];
    ck_assert_ptr_null(notes_open(&n));
    struct notes_page page = {.number = 3,
                              .step = 1,
                              .note = "물어보세요 \"둘\"\n\033",
                              .slips = {"a", "b"},
                              .elapsed = 7,
                              .running = true};
    notes_show(n, &page);
    cJSON *read = read_page();
    ck_assert_int_eq(number(read, "step"), 1);
    ck_assert_str_eq(cJSON_GetObjectItem(read, "note")->valuestring, page.note);
    ck_assert_int_eq(cJSON_GetArraySize(cJSON_GetObjectItem(read, "slips")), 2);
    ck_assert(cJSON_IsNull(cJSON_GetObjectItem(read, "answer")));
    cJSON_Delete(read);
    ck_assert(stat(folder, &st) == 0 && (st.st_mode & 0777) == 0700);
    ck_assert(stat(own(path, "json"), &st) == 0 && (st.st_mode & 0777) == 0600);
    ck_assert(stat(own(path, "sock"), &st) == 0 && (st.st_mode & 0777) == 0600);
    ck_assert(!notes_seen(n));
    ck_assert_int_eq(notes_key(n), -1);
    press("\0", 1);
    press("\033[5~", 4);
    press("b", 1);
    for (const char *key = "\033[5~b"; *key; key++)
        ck_assert_int_eq(notes_key(n), *key);
    ck_assert_int_eq(notes_key(n), -1);
    ck_assert(notes_seen(n));
    notes_close(n);
    ck_assert(access(own(path, "json"), F_OK) != 0);
    ck_assert(access(own(path, "sock"), F_OK) != 0);
}
END_TEST

/* A thousand changes in a row are a few files, and the last of them stands there. */
START_TEST(test_not_too_often) {
    struct notes *n;
    struct stat st;
    char path[128];
    ino_t inode = 0;
    int written = 0;
    ck_assert_ptr_null(notes_open(&n));
    time_t began = time(NULL);
    for (int i = 1; i <= 1000; i++) {
        notes_show(n, &(struct notes_page){.step = i});
        if (stat(own(path, "json"), &st) == 0 && st.st_ino != inode) written++;
        inode = st.st_ino;
    }
    ck_assert_int_le(written, 10 * (1 + (int)(time(NULL) - began)) + 1);
    for (int wait; (wait = notes_due(n)) >= 0;) usleep((useconds_t)wait * 1000);
    cJSON *read = read_page();
    ck_assert_int_eq(number(read, "step"), 1000);
    cJSON_Delete(read);
    notes_close(n);
}
END_TEST

START_TEST(test_link_is_refused) {
    struct notes *n;
    ck_assert_int_eq(symlink("/tmp", folder), 0);
    struct error *e = notes_open(&n);
    ck_assert_str_eq(e->key, "notes-folder");
    error_free(e);
    unlink(folder);
    ck_assert_int_eq(mkdir(folder, 0777), 0); /* this person's: closed to others */
    ck_assert_ptr_null(notes_open(&n));
    struct stat st;
    ck_assert(stat(folder, &st) == 0 && (st.st_mode & 0777) == 0700);
    notes_close(n);
}
END_TEST

int main(void) {
    Suite *s = suite_create("notes");
    TCase *c = tcase_create("of a talk");
    tcase_add_checked_fixture(c, set_up, NULL);
    tcase_add_test(c, test_page_and_keys);
    tcase_add_test(c, test_not_too_often);
    tcase_add_test(c, test_link_is_refused);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
