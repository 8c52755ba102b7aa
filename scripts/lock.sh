#!/bin/sh
# Write the lock files anew: every distribution with its hashes, no index named.
set -eu
cd "$(dirname "$0")/.."
export UV_CUSTOM_COMPILE_COMMAND="make lock"
options="--quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11"
.venv/bin/uv pip compile pyproject.toml --group build $options -o requirements.txt
.venv/bin/uv pip compile pyproject.toml --group test $options -o requirements-test.txt
printf 'fideslang>=3.1,<4\n' | .venv/bin/uv pip compile - $options -o requirements-fides.txt
printf 'uv==%s\n' "$(.venv/bin/uv --version | cut -d' ' -f2)" \
  | .venv/bin/uv pip compile - $options -o requirements-uv.txt
