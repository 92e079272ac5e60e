#!/usr/bin/env bash
# Install the program from the checkout of the Action, with dependencies locked by hash, into an environment of its own.
set -euo pipefail

venv=$RUNNER_TEMP/mailposture-venv
stamp=$venv/.installed-from
if [ "$(cat "$stamp" 2>/dev/null)" = "$GITHUB_ACTION_PATH" ]; then exit 0; fi

# -I: nothing is imported from the working directory, which belongs to whoever wrote the pull request.
unset PYTHONPATH PYTHONHOME
python=$(type -P python3 || type -P python) || python=
if [ -z "$python" ] || ! "$python" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "::error title=mailposture::Python 3.11 or newer is needed; set the input python-version"
  exit 2
fi
"$python" -I -m venv --clear "$venv"
pip() { "$venv/bin/python" -I -m pip --disable-pip-version-check --no-input install --quiet "$@"; }
pip --require-hashes --only-binary :all: --requirement "$GITHUB_ACTION_PATH/action/requirements.lock"
pip --no-deps --no-build-isolation --no-index "$GITHUB_ACTION_PATH"
printf '%s' "$GITHUB_ACTION_PATH" >"$stamp"
