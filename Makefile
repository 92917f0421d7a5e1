# learn: `make start` opens lesson 3, `make test` runs every test. README.md has the rest.

CC ?= cc
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
ZSH ?= site-functions
B ?= build
OUT ?= learn

WARN = -Wall -Wextra -Wshadow -Wconversion
# Formulas give the same numbers on every machine: no fused multiply-add in double.
FLAGS = -std=c11 -D_GNU_SOURCE -Isrc -ffp-contract=off -pthread $(WARN)
LIBS = -lcjson -lreadline -lunistring -lz -ldl -lm -pthread
SRC := $(filter-out src/train/kernel_% src/page/%,$(wildcard src/*.c src/*/*.c))
OBJ := $(SRC:src/%.c=$(B)/%.o)

# The float kernels are built for each set of instructions; kernels.c chooses among them.
# What may fuse gives the same numbers on one kind of CPU, the baseline on every one.
# (No compiler yet is no fault here: `start` brings one.)
SET_baseline =
ifneq ($(filter x86_64-%,$(shell $(CC) -dumpmachine 2>/dev/null)),)
SET_avx2 = -mavx2 -mfma -ffp-contract=fast
SET_avx512 = $(SET_avx2) -mavx512f -mavx512dq -mavx512bw -mavx512vl \
             -mprefer-vector-width=512
endif
SETS := $(foreach set,$(filter SET_%,$(.VARIABLES)),\
          $(if $(filter environment%,$(origin $(set))),,$(set)))
KERNELS := $(patsubst SET_%,$(B)/train/kernels-%.o,$(SETS))
OBJ += $(KERNELS)

# What building and running need, and what tests need besides; `program=package` is
# skipped where the program is there already. On a desktop plots open windows.
GNUPLOT = gnuplot-$(if $(DISPLAY)$(WAYLAND_DISPLAY),qt,nox)
NEEDS = gcc libc6-dev libcjson-dev libreadline-dev libunistring-dev zlib1g-dev \
        gnuplot=$(GNUPLOT) fc-list=fontconfig fonts-nanum
TEST_NEEDS = clang clang-format check patch pkg-config python3 python3-pexpect python3-pyte python3-jsonschema asciinema \
             dataset-fashion-mnist python3-torch python3-onnx node=nodejs npm=npm tidy chromium firefox-esr poppler-utils

PAGE_NEEDS = emscripten dpkg-dev debian-archive-keyring node=nodejs npm=npm

all: $(OUT)

include src/text/embed.mk

$(OUT): $(OBJ)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(FLAGS) -MMD -MP -c -o $@ $<

# Several numbers at once: no bit of a value depends on these.
$(B)/engine/gate_%.o $(B)/engine/descent.o: FLAGS += -O3 -fno-trapping-math

# Unrolled tiles with every step checked for what is undefined take minutes to compile:
# with sanitizers only addresses are checked, and nothing is made fast.
KERNELS_O = $(if $(findstring sanitize,$(CFLAGS)),-fno-sanitize=undefined -fno-sanitize=float-cast-overflow -DUNROLL=,-O3)
$(KERNELS): $(B)/train/kernels-%.o: src/train/kernel_set.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(FLAGS) $(KERNELS_O) $(SET_$*) -DSET=$* -MMD -MP -c -o $@ $<

-include $(OBJ:.o=.d)

LESSON ?= 3
start: deps
	@$(MAKE) -s -q all 2>/dev/null || echo "Building learn: a minute or two the first time."
	@$(MAKE) --no-print-directory -s -j2 all
	@./learn lesson $(LESSON)

deps:
	@sh tests/deps.sh $(NEEDS)

test: deps
	@sh tests/deps.sh $(TEST_NEEDS) $(PAGE_NEEDS)
	@sh tests/run.sh

# Both on a bare Debian of that name, in a chroot (tests/debian.sh): as root, half an hour.
test-bookworm test-trixie: test-%:
	@sh tests/deps.sh debootstrap
	@sh tests/debian.sh $*

# What axe-core and browsers say of handouts and of the program in a page: accessible,
# nothing too wide, nothing fetched; a lesson played. Some minutes; npm fetches once.
test-page: all page
	@sh tests/deps.sh node=nodejs npm=npm python3=python3 chromium firefox-esr
	@sh tests/page/program.sh
	@sh tests/page/run.sh

# learn in a web page: build/page/learn.html, one file, and build/page/site for a server
# (src/page/page.mk). page-serve shows it on this machine.
page page-serve:
	@sh tests/deps.sh $(PAGE_NEEDS)
	@$(MAKE) --no-print-directory -s -j$$(nproc) -f src/page/page.mk $@

# Faults made on purpose, a patch each in tests/mutants: is each seen? A quarter of an hour.
mutants: all
	@python3 tests/mutants.py

golden: all
	@./learn --lang en --schema > lessons/schema.json
	@sh tests/golden.sh --write
	@sh tests/lessons.sh --write
	@sh tests/progress.sh --write
	@python3 tests/examples_test.py --write
	@python3 tests/screens_test.py --write
	@git --no-pager diff --stat -- tests/golden tests/errors tests/lessons tests/screens lessons/schema.json
	@git --no-pager diff -- tests/golden tests/errors tests/lessons

lint: all
	./learn lint lessons/*.json lessons/challenges/*.json
	@! command -v cppcheck >/dev/null || cppcheck --quiet --std=c11 -Isrc \
	    --suppress=missingIncludeSystem --error-exitcode=1 src
	@! command -v shellcheck >/dev/null || shellcheck tests/*.sh .ci/run

format:
	clang-format -i $(wildcard src/*.c src/*/*.[ch] tests/*/*.c)

# Speed beside PyTorch in the same run, with the BLAS that a goal is measured against:
# formulas, bare steps, and what a person waits for (tables read, whole epochs).
bench: all
	@sh tests/deps.sh python3-torch libopenblas0-openmp python3-numpy dataset-fashion-mnist
	$(CC) $(CFLAGS) $(FLAGS) -o $(B)/bench tests/bench/bench.c \
	    $(filter-out $(B)/main.o,$(OBJ)) $(LIBS)
	@/usr/bin/python3 tests/bench/formulas.py ./learn
	@/usr/bin/python3 tests/bench/bench.py $(B)/bench $(B)/bench.data
	@/usr/bin/python3 tests/bench/felt.py ./learn $(B)/felt

install: all
	install -Dm755 learn $(DESTDIR)$(PREFIX)/bin/learn
	install -d $(DESTDIR)$(PREFIX)/share/learn/lessons $(DESTDIR)$(PREFIX)/share/learn/data
	install -m644 lessons/*.json lessons/*.md $(DESTDIR)$(PREFIX)/share/learn/lessons
	install -d $(DESTDIR)$(PREFIX)/share/learn/lessons/challenges $(DESTDIR)$(PREFIX)/share/learn/lessons/demos
	install -m644 lessons/challenges/*.json $(DESTDIR)$(PREFIX)/share/learn/lessons/challenges
	install -m644 lessons/demos/*.learn $(DESTDIR)$(PREFIX)/share/learn/lessons/demos
	install -m644 data/* $(DESTDIR)$(PREFIX)/share/learn/data
	install -d $(DESTDIR)$(PREFIX)/share/man/man1
	./learn --lang en --man > $(DESTDIR)$(PREFIX)/share/man/man1/learn.1
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/$(ZSH)
	./learn --completion bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/learn
	./learn --completion zsh > $(DESTDIR)$(PREFIX)/share/zsh/$(ZSH)/_learn

# A Debian package of the same files: learn_VERSION_ARCH.deb.
deb: all
	@sh tests/deps.sh dpkg-shlibdeps=dpkg-dev
	@rm -rf $(B)/deb
	@$(MAKE) --no-print-directory -s install DESTDIR=$(B)/deb PREFIX=/usr ZSH=vendor-completions >/dev/null
	@sh src/package/deb.sh $(B) ./learn

# One tarball that runs unpacked in a home directory, with the libraries it needs and
# gnuplot beside it.
bundle: all
	@sh tests/deps.sh gnuplot-nox fc-list=fontconfig fonts-nanum
	@rm -rf $(B)/bundle && mkdir -p $(B)/bundle/learn/lib
	$(CC) $(CFLAGS) -Wl,-rpath,'$$ORIGIN/lib' -o $(B)/bundle/learn/learn $(OBJ) $(LIBS)
	@ldd learn | awk '/cjson|readline|unistring|tinfo|libz/ {print $$3}' | \
	    xargs -I{} cp -L {} $(B)/bundle/learn/lib
	@cp -r lessons data README.md LICENSE $(B)/bundle/learn
	@sh src/package/gnuplot.sh $(B)/bundle/learn/gnuplot
	tar -C $(B)/bundle -czf learn.tar.gz learn

# What tests link against: all but main.
objects:
	@echo $(filter-out $(B)/main.o,$(OBJ))

clean:
	rm -rf build learn learn.tar.gz learn_*.deb

.PHONY: all objects start deps test page page-serve test-page test-bookworm test-trixie bench golden mutants lint format install deb bundle clean
