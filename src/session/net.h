/* net: `net 784-16-16-10 sigmoid` types the usual chain of layers, and shows it. */
#ifndef SESSION_NET_H
#define SESSION_NET_H

#include "board/session.h"

struct error *net_command(struct session *s, const struct stmt *c);

#endif
