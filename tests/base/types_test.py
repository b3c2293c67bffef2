#!/usr/bin/env python3
"""No two types of the library have one name: of code made for either, such as a vector's, the linker keeps one.

    types_test.py LIB
"""
import collections
import pathlib
import re
import sys

NAMESPACE = re.compile(r"\s*(?:inline )?namespace\s*([\w:]*)\s*\{\s*$")
TYPE = re.compile(r"(?:template <[^<>]*>\s*)?(?:struct|class|enum class|union)\s+(?:alignas\([^()]*\)\s+)?(\w+(?:::\w+)*)[^;()]*\{")
COMMENT_OR_STRING = re.compile(r'//.*|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])\'')


def types(path):
    """(full name, line) of each type that stands in a namespace with a name."""
    spaces, depth = [], 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = COMMENT_OR_STRING.sub("", line)
        space, name = NAMESPACE.match(line), TYPE.match(line)
        if space:
            spaces.append((depth, space[1]))
        elif name and depth == len(spaces) and all(space for _, space in spaces):
            yield "::".join(space for _, space in spaces) + "::" + name[1], number
        depth += line.count("{") - line.count("}")
        while spaces and depth <= spaces[-1][0]:
            spaces.pop()


def main():
    root = pathlib.Path(sys.argv[1])
    found = collections.defaultdict(list)
    for path in sorted([*root.rglob("*.h"), *root.rglob("*.cc")]):
        for name, line in types(path):
            found[name].append(f"{path.relative_to(root)}:{line}")
    if len(found) < 100:
        sys.exit(f"only {len(found)} types found in {root}")
    twice = {name: places for name, places in found.items() if len(places) > 1}
    for name, places in twice.items():
        print(f"{name} is defined at {', '.join(places)}", file=sys.stderr)
    print(f"{len(found)} types, {len(twice)} names used twice")
    sys.exit(bool(twice))


if __name__ == "__main__":
    main()
