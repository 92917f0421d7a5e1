#include "engine/forms.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

void gate_forms(const struct node *n, struct forms *f) {
    if (n->gate->torch) buf_add(&f->torch, n->gate->torch);
    if (n->gate->onnx) buf_add(&f->onnx, n->gate->onnx);
    if (n->gate->forms) n->gate->forms(n, f);
}

void form_list(struct forms *f, struct buf *form, const long *v, int n) {
    int open = 0;
    buf_add(form, "[");
    for (int i = 0; i < n; i++) {
        buf_printf(form, "%s%ld", i ? ", " : "", v[i]);
        open += v[i] < 0;
    }
    buf_add(form, "]");
    f->vague = f->vague || open > 1;
}

struct form_along form_along(const struct attr *a) {
    struct form_along s = {"", ", keepdims=0"};
    if (!a->has_axis) return s;
    snprintf(s.torch, sizeof s.torch, ", dim=%d, keepdim=True", a->axis);
    snprintf(s.onnx, sizeof s.onnx, ", axes=[%d], keepdims=1", a->axis);
    return s;
}

int form_operand(const char *form, const char *at, int n_in) {
    bool begins = at == form || !isalnum((unsigned char)at[-1]);
    if (*at < 'A' || *at > 'Z' || !begins || isalnum((unsigned char)at[1])) return -1;
    assert(*at - 'A' < n_in);
    return *at - 'A';
}

size_t form_goes_on(const char *at) {
    static const char more[] = ", ...";
    return strncmp(at, more, strlen(more)) == 0 ? strlen(more) : 0;
}
