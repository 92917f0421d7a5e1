/* completion: what bash and zsh offer behind `learn`, as a script for them, made from
 * the tables of words and options.
 *
 *     learn --completion bash > …/bash-completion/completions/learn
 *     learn --completion zsh > …/zsh/vendor-completions/_learn
 */
#ifndef SHELL_COMPLETION_H
#define SHELL_COMPLETION_H

#include "base/error.h"
#include "text/out.h"

/* To add a shell: a row in completion.c, and its name in the option's form. */
struct error *completion_script(struct out *o, const char *shell);

#endif
