# learn: `make start` opens lesson 3, `make test` runs every test. README.md has the rest.
CC ?= cc
CFLAGS ?= -O2 -g
WARN = -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
LIBS = -lcjson -lreadline -lunistring -lm
PREFIX ?= /usr/local
B ?= build
# Where another build puts its program: make B=build/clang PROGRAM=build/clang/learn
PROGRAM ?= learn

# What building and running need, and what the tests need besides. a|b: either will do.
NEEDS = gcc libc6-dev libcjson-dev libreadline-dev libunistring-dev \
	'gnuplot-nox|gnuplot-qt|gnuplot-x11' 'fonts-nanum|fonts-noto-cjk'
TEST_NEEDS = check clang python3 python3-pexpect python3-jsonschema

SRC := $(wildcard src/*.c src/*/*.c)
OBJ := $(SRC:src/%.c=$(B)/%.o)
LESSONS = $(sort $(wildcard lessons/[0-9]*.json))

all: $(PROGRAM)

include src/text/embed.mk

$(PROGRAM): $(OBJ)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

# No fused multiply-add: (wx − y)² is the same number on every machine.
$(B)/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(WARN) -ffp-contract=off -Isrc -MMD -MP -c -o $@ $<

-include $(OBJ:.o=.d)

# ---- the two commands ----

start: deps
	@$(MAKE) -s all
	@./learn lesson

test: deps test-deps
	@tests/run.sh

deps:
	@tools/deps.sh $(NEEDS)

test-deps:
	@tools/deps.sh $(TEST_NEEDS)

# ---- besides ----

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/learn/lessons \
	    $(DESTDIR)$(PREFIX)/share/learn/data $(DESTDIR)$(PREFIX)/share/man/man1
	install learn $(DESTDIR)$(PREFIX)/bin
	install -m 644 lessons/*.json $(DESTDIR)$(PREFIX)/share/learn/lessons
	install -m 644 data/* $(DESTDIR)$(PREFIX)/share/learn/data
	./learn --list man > $(DESTDIR)$(PREFIX)/share/man/man1/learn.1

# One tarball that runs where it is unpacked, without root: learn-VERSION-MACHINE.tar.gz
bundle: all
	@tools/bundle.sh

# Writes the golden transcripts anew and shows what changed.
golden: all
	@tests/golden.sh write
	@git --no-pager diff --stat -p -- tests/golden tests/errors

lint: all
	./learn lint $(LESSONS)
	@if command -v cppcheck >/dev/null; then cppcheck -q --std=c11 --inline-suppr \
	    --enable=warning,performance,portability --error-exitcode=1 -Isrc src; \
	else echo "cppcheck is not here: left out"; fi
	@if command -v shellcheck >/dev/null; then shellcheck .ci/run tools/*.sh tests/*.sh; \
	else echo "shellcheck is not here: left out"; fi

format:
	clang-format -i src/*.c src/*/*.[ch] tests/unit/*.c

clean:
	rm -rf build learn learn-*.tar.gz

.PHONY: all start test deps test-deps install bundle golden lint format clean
