/* What is left: of a machine that is a folder of files, so that every limit is one. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "base/memory_system.h"

#define MEMINFO "/proc/meminfo", "MemTotal: 4096 kB\nMemAvailable:   1000 kB\n"
#define V2 "/sys/fs/cgroup/"
#define V1 "/sys/fs/cgroup/memory/"

static const struct {
    const char *files[16]; /* a path, what is in it, … */
    double left;           /* KiB */
} machines[] = {
    {{MEMINFO}, 1000},
    {{MEMINFO, "/proc/self/cgroup", "0::/a/b\n", V2 "a/b/memory.max", "max\n",
      V2 "a/b/memory.current", "4096\n"},
     1000},
    /* its own group */
    {{MEMINFO, "/proc/self/cgroup", "0::/a/b\n", V2 "a/b/memory.max", "614400\n",
      V2 "a/b/memory.current", "102400\n"},
     500},
    /* what files are cached in goes back */
    {{MEMINFO, "/proc/self/cgroup", "0::/a/b\n", V2 "a/b/memory.max", "614400\n",
      V2 "a/b/memory.current", "102400\n", V2 "a/b/memory.stat",
      "anon 1\nactive_file 7\ninactive_file 51200\n"},
     550},
    /* one above it has less */
    {{MEMINFO, "/proc/self/cgroup", "0::/a/b\n", V2 "a/b/memory.max", "614400\n",
      V2 "a/b/memory.current", "102400\n", V2 "a/memory.max", "307200\n",
      V2 "a/memory.current", "204800\n"},
     100},
    /* a container sees its own at the root, under a name that is not there */
    {{MEMINFO, "/proc/self/cgroup", "0::/docker/1f\n", V2 "memory.max", "409600\n",
      V2 "memory.current", "102400\n"},
     300},
    /* slowed down before it is stopped */
    {{MEMINFO, "/proc/self/cgroup", "0::/\n", V2 "memory.max", "max\n",
      V2 "memory.high", "204800\n", V2 "memory.current", "102400\n"},
     100},
    /* of the old kind */
    {{MEMINFO, "/proc/self/cgroup", "4:cpu:/x\n3:memory:/x\n",
      V1 "x/memory.limit_in_bytes", "409600\n", V1 "x/memory.usage_in_bytes",
      "204800\n", V1 "x/memory.stat", "inactive_file 1\ntotal_inactive_file 102400\n"},
     300},
    /* nothing is promised that is not there */
    {{"/proc/meminfo",
      "MemAvailable: 1000 kB\nCommitLimit: 900 kB\n"
      "Committed_AS: 600 kB\n",
      "/proc/sys/vm/overcommit_memory", "2\n"},
     300},
    {{"/proc/meminfo",
      "MemAvailable: 1000 kB\nCommitLimit: 900 kB\n"
      "Committed_AS: 600 kB\n",
      "/proc/sys/vm/overcommit_memory", "0\n"},
     1000},
};

static void put(const char *root, const char *path, const char *text) {
    struct buf b = {0};
    for (const char *s = path + 1; *s; s++) {
        if (*s != '/') continue;
        buf_clear(&b);
        buf_printf(&b, "%s%.*s", root, (int)(s - path), path);
        mkdir(buf_text(&b), 0700);
    }
    buf_clear(&b);
    buf_printf(&b, "%s%s", root, path);
    FILE *f = fopen(buf_text(&b), "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
    buf_free(&b);
}

START_TEST(test_left) {
    char root[] = "/tmp/learn-memory-XXXXXX", remove[64];
    ck_assert_ptr_nonnull(mkdtemp(root));
    for (const char *const *f = machines[_i].files; *f; f += 2) put(root, f[0], f[1]);
    double left = memory_system_under(root) / 1024;
    snprintf(remove, sizeof remove, "rm -r %s", root);
    ck_assert_int_eq(system(remove), 0);
    ck_assert_double_eq_tol(left, machines[_i].left, 1e-9);
}
END_TEST

/* A little is fine unasked; what no machine has is refused, with both amounts. */
START_TEST(test_for) {
    ck_assert_ptr_null(memory_left_for(1000));
    struct error *e = memory_left_for(1e18);
    ck_assert_ptr_nonnull(e);
    ck_assert_str_eq(e->key, "memory-short");
    ck_assert_str_eq(e->values[0], "888 PiB");
    ck_assert_str_ne(e->values[1], "0 B");
    error_free(e);
    ck_assert_ptr_null(mem_try(1, (size_t)1 << 60));
    ck_assert_ptr_null(memory_left_for(1e6)); /* and the next is fine again */
}
END_TEST

int main(void) {
    Suite *s = suite_create("memory");
    TCase *c = tcase_create("left");
    tcase_add_loop_test(c, test_left, 0, (int)(sizeof machines / sizeof *machines));
    tcase_add_test(c, test_for);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
