#include "lesson/json_scan.h"

#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

enum { DEEPEST = 64 };

struct scan {
    const char *text;
    size_t n, i;
    int depth;
    size_t open[DEEPEST + 1]; /* where each bracket that is open stands */
    int indent[DEEPEST +
               1];   /* the column of its names, where they begin lines; or -1 */
    size_t from, to; /* the value or name that was read last */
    struct json_slip closes; /* the first } that seems to be missing, or no key */
    struct json_starts *starts;
    struct json_slip slip;
};

/* ---- what was done ---- */

/* The first is kept. */
static bool fails_at(struct scan *s, const char *key, size_t at, size_t from,
                     size_t to) {
    size_t none = s->n + 1;
    if (s->slip.key) return false;
    s->slip = (struct json_slip){key, at, from, to, "", none};
    return false;
}

static bool fails(struct scan *s, const char *key) {
    return fails_at(s, key, s->i, s->i, s->i);
}

static bool fails_open(struct scan *s, const char *key, size_t at, size_t open) {
    fails_at(s, key, at, open, open + 1);
    s->slip.open = open;
    return false;
}

/* A bracket is missing behind what was read last. */
static struct json_slip unclosed(const struct scan *s) {
    size_t open = s->open[s->depth - 1];
    return (struct json_slip){"json-not-closed", s->to, s->from, s->to, "}", open};
}

static bool begins(const struct scan *s, const char *word) {
    return strncmp(s->text + s->i, word, strlen(word)) == 0;
}

/* Signs that look like JSON's, or that another language has; what to write for them. */
static const struct {
    const char *sign, *write, *key;
} signs[] = {
    {"//", "", "json-comment"},       {"/*", "", "json-comment"},
    {"#", "", "json-comment"},        {"<<<<<<<", "", "json-conflict"},
    {"=======", "", "json-conflict"}, {">>>>>>>", "", "json-conflict"},
    {"'", "\"", "json-sign"},         {"`", "\"", "json-sign"},
    {"“", "\"", "json-sign"},         {"”", "\"", "json-sign"},
    {"‘", "\"", "json-sign"},         {"’", "\"", "json-sign"},
    {"„", "\"", "json-sign"},         {"‟", "\"", "json-sign"},
    {"＂", "\"", "json-sign"},        {"＇", "\"", "json-sign"},
    {"«", "\"", "json-sign"},         {"»", "\"", "json-sign"},
    {"「", "\"", "json-sign"},        {"」", "\"", "json-sign"},
    {"，", ",", "json-sign"},         {"、", ",", "json-sign"},
    {";", ",", "json-sign"},          {"；", ",", "json-sign"},
    {"：", ":", "json-sign"},         {"［", "[", "json-sign"},
    {"］", "]", "json-sign"},         {"｛", "{", "json-sign"},
    {"｝", "}", "json-sign"},         {"(", "[", "json-sign"},
    {")", "]", "json-sign"},          {"−", "-", "json-sign"},
    {"–", "-", "json-sign"},          {"\u00A0", "", "json-space"},
    {"\u3000", "", "json-space"},     {"\u200B", "", "json-space"},
    {"\uFEFF", "", "json-space"},
};

/* Where something else was looked for: the end, or a sign that is never right there. */
static bool fails_oddly(struct scan *s) {
    if (s->i >= s->n && s->closes.key) {
        s->slip = s->closes;
        return true;
    }
    if (s->i >= s->n)
        return s->depth ? !fails_open(s, "json-end", s->n, s->open[s->depth - 1])
                        : !fails(s, "json-empty");
    for (size_t k = 0; k < sizeof signs / sizeof *signs; k++) {
        if (!begins(s, signs[k].sign)) continue;
        fails_at(s, signs[k].key, s->i, s->i, s->i + strlen(signs[k].sign));
        s->slip.write = signs[k].write;
        return true;
    }
    return false;
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c < 0;
}

/* A word without quotes, up to what can't belong to it. */
static size_t word_end(const struct scan *s) {
    size_t i = s->i;
    while (is_letter(s->text[i]) || (s->text[i] >= '0' && s->text[i] <= '9')) i++;
    return i;
}

/* The sign before i, spaces left out. */
static size_t before(const struct scan *s) {
    size_t i = s->i;
    while (i && strchr(" \t\r\n", s->text[i - 1])) i--;
    return i ? i - 1 : 0;
}

/* ---- reading ---- */

static char peek(struct scan *s) {
    while (s->i < s->n && strchr(" \t\r\n", s->text[s->i])) s->i++;
    return s->i < s->n ? s->text[s->i] : '\0';
}

static bool takes(struct scan *s, char c) {
    if (peek(s) != c) return false;
    s->i++;
    return true;
}

static bool scan_escape(struct scan *s) {
    const char *t = s->text + s->i;
    size_t len;
    utf8_decode(t + 1, &len);
    if (t[1] != 'u') {
        if (!t[1] || !strchr("\"\\/bfnrt", t[1]))
            return fails_at(s, "json-escape", s->i, s->i, s->i + 1 + len);
        s->i += 2;
        return true;
    }
    for (int k = 2; k < 6; k++) {
        if (!t[k] || !strchr("0123456789abcdefABCDEF", t[k]))
            return fails_at(s, "json-escape-u", s->i, s->i, s->i + (size_t)k);
    }
    if (strncmp(t + 2, "0000", 4) == 0) return fails(s, "json-zero");
    s->i += 6;
    return true;
}

static bool scan_string(struct scan *s) {
    size_t start = s->i++;
    while (s->i < s->n) {
        unsigned char c = (unsigned char)s->text[s->i];
        if (c == '"') {
            s->from = start;
            s->to = ++s->i;
            return true;
        }
        if (c == '\n' || c == '\r') return fails_open(s, "json-unclosed", start, start);
        if (c < ' ') return fails(s, "json-control");
        if (c == '\\' && s->text[s->i + 1] != '\n') {
            if (!scan_escape(s)) return false;
        } else {
            s->i++;
        }
    }
    return fails_open(s, "json-unclosed", start, start);
}

static size_t scan_digits(struct scan *s) {
    size_t n = strspn(s->text + s->i, "0123456789");
    s->i += n;
    return n;
}

static bool scan_number(struct scan *s) {
    const char *t = s->text;
    size_t start = s->i;
    if (t[s->i] == '-') s->i++;
    bool zero = t[s->i] == '0';
    size_t whole = scan_digits(s);
    bool fine = whole && !(zero && whole > 1);
    if (fine && t[s->i] == '.') {
        s->i++;
        fine = scan_digits(s);
    }
    if (fine && (t[s->i] == 'e' || t[s->i] == 'E')) {
        s->i += t[s->i + 1] == '+' || t[s->i + 1] == '-' ? 2 : 1;
        fine = scan_digits(s);
    }
    s->from = start;
    s->to = s->i;
    size_t end = start + strcspn(t + start, ",]} \t\r\n");
    return fine || fails_at(s, "json-number", start, start, end);
}

/* True, None, and what forgot its quotes. */
static bool fails_word(struct scan *s, const char *bare) {
    static const char *const words[][2] = {
        {"True", "true"}, {"TRUE", "true"}, {"False", "false"}, {"FALSE", "false"},
        {"None", "null"}, {"NULL", "null"}, {"nil", "null"},    {"undefined", "null"}};
    static const char *const numbers[] = {"NaN", "nan", "Infinity", "inf"};
    size_t end = word_end(s);
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
        bool is = end - s->i == strlen(numbers[k]) && begins(s, numbers[k]);
        if (is) return fails_at(s, "json-number", s->i, s->i, end);
    }
    fails_at(s, bare, s->i, s->i, end);
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        if (end - s->i != strlen(words[k][0]) || !begins(s, words[k][0])) continue;
        s->slip.key = "json-word";
        s->slip.write = words[k][1];
    }
    return false;
}

/* One that follows a sign and leads nowhere: ,] and ,, and : , */
static bool fails_empty(struct scan *s) {
    char c = s->text[s->i], last = s->text[before(s)];
    size_t at = before(s);
    if (last == ',' && c != ',')
        return fails_at(s, "json-comma-last", at, s->i, s->i + 1);
    if (last == ':') return fails_at(s, "json-no-value", at + 1, s->from, s->to);
    return fails_at(s, "json-comma-more", s->i, s->i, s->i + 1);
}

static bool fails_value(struct scan *s) {
    char c = s->text[s->i];
    size_t line = strcspn(s->text + s->i, "\r\n");
    bool yaml = strncmp(s->text + s->i, "---", 3) == 0 ||
                strncmp(s->text + s->i, "- ", 2) == 0 ||
                memchr(s->text + s->i, ':', line);
    if (!s->depth && s->i < s->n && c != '"' && !begins(s, "<<<<<<<") && c != '/' &&
        c != '#')
        return fails(s, yaml ? "json-yaml" : "json-none");
    if (fails_oddly(s)) return false;
    if (c && strchr(",]}", c)) return fails_empty(s);
    if (is_letter(c)) return fails_word(s, "json-bare");
    if (c && strchr("+.", c)) return scan_number(s);
    return fails(s, "json-syntax");
}

/* { where a name should stand. */
static bool fails_name(struct scan *s) {
    char c = s->text[s->i];
    if (fails_oddly(s)) return false;
    if (c && strchr(",]}", c)) return fails_empty(s);
    if (is_letter(c)) return fails_word(s, "json-bare-name");
    if ((c != '{' && c != '[') || s->text[before(s)] != ',')
        return fails(s, "json-name");
    s->slip = unclosed(s);
    return false;
}

/* After a name, where : should stand. */
static bool fails_colon(struct scan *s) {
    size_t from = s->from, to = s->to;
    const char *colon = memchr(s->text + from, ':', to - from);
    bool adjacent = s->i == to && is_letter(s->text[s->i]);
    if (colon && adjacent)
        return fails_at(s, "json-name-open", (size_t)(colon - s->text), from + 1,
                        (size_t)(colon - s->text));
    if (s->text[s->i] == '=') {
        fails_at(s, "json-sign", s->i, s->i, s->i + 1);
        s->slip.write = ":";
        return false;
    }
    return fails_oddly(s) ? false : fails_at(s, "json-colon", to, from, to);
}

/* Is what was read last a text, which goes on behind its quote? "a "b" c" */
static bool goes_on(const struct scan *s) {
    if (s->text[s->to - 1] != '"') return false;
    size_t i = s->to + strspn(s->text + s->to, " \t");
    return is_letter(s->text[i]) ||
           (i == s->to && s->text[i] && !strchr("\":[]{}\r\n,", s->text[i]));
}

/* After a value, where , or a bracket should stand. */
static bool fails_after(struct scan *s, char close) {
    char c = s->text[s->i];
    bool text = s->text[s->to - 1] == '"', closes = c == ']' || c == '}';
    if (s->i < s->n && goes_on(s))
        return fails_at(s, "json-inner-quote", s->to - 1, s->from, s->to);
    if (fails_oddly(s)) return false;
    if (closes && s->closes.key) {
        s->slip = s->closes;
        return false;
    }
    if (closes) {
        fails_open(s, "json-closer", s->i, s->open[s->depth - 1]);
        s->slip.from = s->i, s->slip.to = s->i + 1;
        s->slip.write = close == '}' ? "}" : "]";
        return false;
    }
    if (c == ':' && text && close == ']')
        return fails_open(s, "json-named", s->from, s->open[s->depth - 1]);
    if (c == '=' || c == ':') return fails(s, "json-syntax");
    return fails_at(s, "json-comma", s->to, s->from, s->to);
}

static bool scan_value(struct scan *s);

/* A name that begins a line and stands under those of an outer object, not of its own,
 * tells of a } that is missing before it: seen only once the brackets don't match. */
static void look_at_indent(struct scan *s) {
    size_t start = s->i;
    int here = s->depth - 1;
    while (start && strchr(" \t", s->text[start - 1])) start--;
    bool line = !start || s->text[start - 1] == '\n';
    int column = line ? (int)(s->i - start) : -1;
    if (s->text[before(s)] == '{') s->indent[here] = column;
    bool own = column < 0 || column == s->indent[here];
    for (int k = 0; k < here && !own && !s->closes.key; k++)
        if (s->text[s->open[k]] == '{' && s->indent[k] == column)
            s->closes = unclosed(s);
}

static bool scan_name(struct scan *s) {
    if (peek(s) != '"') return fails_name(s);
    look_at_indent(s);
    if (!scan_string(s)) return false;
    return takes(s, ':') || fails_colon(s);
}

static bool scan_members(struct scan *s, bool object) {
    char close = object ? '}' : ']';
    size_t start = s->i++;
    if (!takes(s, close)) {
        if (s->depth == DEEPEST) return fails(s, "json-deep");
        s->open[s->depth++] = start;
        do {
            if (object && !scan_name(s)) return false;
            if (!scan_value(s)) return false;
        } while (takes(s, ','));
        if (!takes(s, close)) return fails_after(s, close);
        s->depth--;
    }
    s->from = s->i - 1; /* of what is closed the bracket says enough */
    s->to = s->i;
    return true;
}

static bool scan_word(struct scan *s) {
    static const char *const words[] = {"true", "false", "null"};
    for (int k = 0; k < 3; k++) {
        if (!begins(s, words[k])) continue;
        s->from = s->i;
        s->to = s->i += strlen(words[k]);
        return true;
    }
    return fails_value(s);
}

static bool scan_value(struct scan *s) {
    struct json_starts *d = s->starts;
    char c = peek(s);
    if (d->count == d->cap) {
        d->cap = d->cap ? 2 * d->cap : 256;
        d->at = mem_grow(d->at, d->cap, sizeof *d->at);
    }
    d->at[d->count++] = s->i;
    if (c == '{' || c == '[') return scan_members(s, c == '{');
    if (c == '"') return scan_string(s);
    bool digit = c >= '0' && c <= '9';
    if (c == '-') /* else a comment's or a list's of another language */
        digit = s->depth || (s->text[s->i + 1] >= '0' && s->text[s->i + 1] <= '9');
    if (digit) return scan_number(s);
    return scan_word(s);
}

bool json_scan(const char *text, size_t n, struct json_starts *at,
               struct json_slip *slip) {
    struct scan s = {.text = text, .n = n, .starts = at};
    const char *zero = memchr(text, 0, n);
    if (!utf8_valid(text, zero ? (size_t)(zero - text) : n, &s.i)) {
        fails(&s, "json-utf8");
    } else if (zero) {
        s.i = (size_t)(zero - text);
        fails(&s, utf8_wide(text, n) ? "json-utf8" : "json-zero");
    } else {
        s.i = 0;
        if (scan_value(&s) && peek(&s)) {
            bool closes = strchr("]}", text[s.i]);
            if (closes || !fails_oddly(&s))
                fails_at(&s, closes ? "json-closer-more" : "json-more", s.i, s.i,
                         s.i + 1);
        }
    }
    *slip = s.slip;
    return !s.slip.key;
}
