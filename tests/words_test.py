#!/usr/bin/env python3
"""The words people read: every key that the code asks for is there, in both languages, with
the same values in it; lessons fit their schema and keep to the glossary's words."""
import glob, json, os, re, subprocess, sys

bad = 0


def check(name, faults):
    global bad
    print(("ok " if not faults else "FAILED ") + name)
    for fault in faults:
        print("  ", fault)
    bad += bool(faults)


words = {}
for path in sorted(glob.glob("src/text/words/*.json")):
    faults = []
    for key, both in json.load(open(path)).items():
        if key in words:
            faults.append(f"{key} is in two files")
        words[key] = both
        if set(both) != {"en", "ko"}:
            faults.append(f"{key}: en and ko are wanted")
            continue
        en, ko = (set(re.findall(r"\{([a-z]+)(?::[^}]*)?\}", both[k])) for k in ("en", "ko"))
        if en != ko and not ko <= en:
            faults.append(f"{key}: values {sorted(en)} and {sorted(ko)}")
    check(path, faults)

asked = {}
for path in glob.glob("src/*.c") + glob.glob("src/*/*.c"):
    code = open(path).read()
    for key in re.findall(r'error_new\(\s*"([a-z0-9-]+)"', code):
        asked["error." + key] = path
    for key in re.findall(r'\.missing = "([a-z-]+)"', code):
        asked["error." + key] = path
    for call in re.findall(r'data_note\(([^;]*);', code):
        for key in re.findall(r'"(data\.[a-z]+)"', call):
            asked[key] = path
    for key in re.findall(r'out_(?:say|sentence)\(\s*[\w>.-]+,\s*"([a-z0-9.-]+)"', code):
        asked[key] = path
check("every sentence asked for is there",
      [f"{key} ({path})" for key, path in sorted(asked.items()) if key not in words])

# What a mistake is called, and counted by.
code = open("src/practice/drill.c").read()
named = re.findall(r'\{"slip\.[a-z-]+", "((?:mistake|slip)\.[a-z.-]+)"\}', code)
for path in glob.glob("src/engine/gate_*.c"):
    named += ["mistake." + key for key in re.findall(r'^ *\{"([a-z]+\.[a-z0-9-]+)", +[A-Z_0-9]+, WRONG_', open(path).read(), re.M)]
check("every mistake is said and has a name", [key for key in named for of in (key, key + ".name") if of not in words] if len(named) > 80 else ["none found"])

# What the system says of a failure: under its own English words (strerror).
system = {os.strerror(n) for n in range(1, 134)}
said = [key[len("system."):] for key in words if key.startswith("system.")]
told = subprocess.run([os.environ.get("LEARN", "./learn"), "--lang", "ko", "-c", 'run "/nowhere/s.learn"'], capture_output=True, text=True).stderr
check("a failure of the system's is said in Korean, too",
      [w for w in said if w not in system or words["system." + w]["en"] != w] + ([] if "파일이나 폴더가 없음" in told and "No such" not in told else [told])
      + [w for w in map(os.strerror, (1, 2, 5, 13, 20, 21, 24, 26, 27, 28, 30, 36, 40, 122)) if w not in said])

# Every row of a table that help reads has its sentence there.
TABLES = {"gate": "src/engine/gate_*.c", "call": "src/board/functions.c", "data": "src/data/datasets.c",
          "plot": "src/plot/plots.c", "command": "src/*/commands.c"}
for kind, files in TABLES.items():
    rows = re.findall(r'^    \{(?:\.name = )?"([a-z_0-9]+)"', "".join(open(p).read() for p in glob.glob(files)), re.M)
    check(f"every {kind} has its sentence" if rows else f"there is no {kind}",
          [f"{kind}.{row}" for row in rows if f"{kind}.{row}" not in words] if rows else [files])

glossary = json.load(open("src/text/glossary.json"))
# Who has only help asks it for the words in an order to learn: each rule, each clause.
explained = {word.lower() for w in glossary for word in (w["en"], w["ko"], *w.get("also", []))}
optimisers = re.findall(r'^    \{"([a-z]+)"', open("src/engine/optimisers.c").read(), re.M)
commands = open("src/session/commands.c").read()
clauses = re.search(r'"(epochs batch [a-z ]+)"', commands)[1].split()
clauses += re.search(r'"x y test (window [a-z| ]+)"', commands)[1].replace("|", "").split()
check("rules and clauses of learning are explained",
      sorted({*optimisers, *clauses} - explained - {"with"}) or ["no rules"] * (len(optimisers) < 6))
rivals = {r: w["ko"] for w in glossary for r in w.get("rivals", [])}
texts = [(p, open(p).read()) for p in glob.glob("src/text/words/*.json") + glob.glob("lessons/**/*.json", recursive=True)]
check("one word for one idea",
      [f"{path}: {rival} (say {right})" for path, text in texts for rival, right in rivals.items()
       if re.search(r"(?<![가-힣])" + rival, text)])

schema = subprocess.run([os.environ.get("LEARN", "./learn"), "--lang", "en", "--schema"], capture_output=True, text=True).stdout
check("lessons/schema.json is what the tables say (learn --schema; make golden)",
      [] if open("lessons/schema.json").read() == schema else ["it is not"])
schema = json.loads(schema)
kinds = {kind: d for kind, d in schema["$defs"].items() if kind.startswith("step.")}
check("an author reads what each step and field is for",
      [kind for kind, d in kinds.items() if "description" not in d] +
      [f"{kind}.{field}" for kind, d in [("lesson", schema), *kinds.items()]
       for field, f in d["properties"].items() if "description" not in f])

try:
    import jsonschema
    validator = jsonschema.Draft202012Validator(schema)
    for path in sorted(glob.glob("lessons/**/[0-9]*.json", recursive=True)):
        check(path + " fits the schema",
              [e.json_path + ": " + e.message for e in validator.iter_errors(json.load(open(path)))][:5])
except ImportError:
    print("skipped the schema: python3-jsonschema is not installed")

sys.exit(bad > 0)
