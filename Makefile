# learn: `make start` opens lesson 3, `make test` runs every test. README.md has the rest.
CC ?= cc
CFLAGS ?= -O2 -g
WARN = -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
SRC := $(wildcard src/*.c src/*/*.c)
OBJ := $(SRC:src/%.c=build/%.o)
LIBS = -lcjson -lreadline -lunistring -lm

all: learn

-include src/text/embed.mk

learn: $(OBJ)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

build/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(WARN) -ffp-contract=off -Isrc -MMD -MP -c -o $@ $<

clean:
	rm -rf build learn

.PHONY: all clean
-include $(OBJ:.o=.d)
