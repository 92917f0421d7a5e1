/* json: a JSON file read strictly, and where in it each value stands. What cJSON lets
 * pass is refused: invalid UTF-8, keys given twice, `\u0000`, 01, raw line breaks in
 * strings, anything after the end, deep nesting. What is wrong is told by what was
 * meant.
 *
 *     struct json_doc d;
 *     struct error *e = json_open("lessons/03-x.json", JSON_MOST, &d);
 *     const cJSON *title = cJSON_GetObjectItemCaseSensitive(d.root, "title");
 *     e = json_fault(&d, title, error_new("lesson-text", NULL));  // file:line:column
 *     json_close(&d);
 */
#ifndef LESSON_JSON_H
#define LESSON_JSON_H

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "base/error.h"
#include "lesson/json_scan.h"

#define JSON_MOST ((size_t)4 << 20)

struct json_doc {
    char *path, *text; /* owned */
    size_t n;
    cJSON *root;
    struct json_starts starts;
};

/* Where it fails the document is empty: json_close is allowed but not needed. */
struct error *json_open(const char *path, size_t most, struct json_doc *out);
/* The same of n bytes with a zero behind them, which it takes over; path: what they are
 * called. */
struct error *json_take(char *text, size_t n, const char *path, struct json_doc *out);
/* Does it speak of more than we look through? The file may be whole. */
bool json_is_too_much(const struct error *e);
void json_close(struct json_doc *d);
/* The value's line and column; its path (steps[3].predict.ko) is added to b. */
struct place json_place(const struct json_doc *d, const cJSON *value, struct buf *b);
/* Gives e its place and {path}; returns it. */
struct error *json_fault(const struct json_doc *d, const cJSON *value, struct error *e);
/* The value as text, *out the caller's; or there is no memory for it. */
struct error *json_print(const cJSON *value, char **out);
const char *json_string(const cJSON *object, const char *key); /* or NULL */
double json_number(const cJSON *object, const char *key, double otherwise);
/* A whole number from 0 on that fits an int; `otherwise` where it is none. */
int json_whole(const cJSON *object, const char *key, int otherwise);
/* The number of that name, in the place of what was. */
void json_set_number(cJSON *object, const char *key, double v);
/* The object of that name, empty where there is none, or something else. */
cJSON *json_object_in(cJSON *object, const char *key);

#endif
