#!/usr/bin/env bash
# Judge the workspace and hand the results to the runner. Findings do not fail this step: they fail the one after the
# upload. Inputs come in the environment, and reach the program as single arguments, whatever is in them.
set -euo pipefail
unset PYTHONPATH PYTHONHOME

python=$RUNNER_TEMP/mailposture-venv/bin/python
work=$(mktemp -d "$RUNNER_TEMP/mailposture.XXXXXX")
token=$("$python" -I -c 'import secrets; print(secrets.token_hex(16))')

output() { printf '%s<<%s\n%s\n%s\n' "$1" "$token" "$2" "$token" >>"$GITHUB_OUTPUT"; }
annotate() { printf '::%s title=mailposture::%s\n' "$1" "$2"; }

# The branch that a pull request goes to, where its common ancestor with this one was fetched.
target_branch() {
  local branch=origin/${GITHUB_BASE_REF-}
  if [ -z "${GITHUB_BASE_REF-}" ]; then return; fi
  if git -C "$GITHUB_WORKSPACE" merge-base "$branch" HEAD >/dev/null 2>&1; then
    printf '%s...' "$branch"
  else
    annotate notice "all findings count: to count new ones alone, let actions/checkout fetch with fetch-depth 0" >&2
  fi
}

# A pull request from a fork may not write to code scanning.
is_fork() {
  "$python" -I - "${GITHUB_EVENT_PATH-}" <<'PYTHON'
import json, sys
try:
    with open(sys.argv[1], encoding="utf-8") as file:
        fork = json.load(file)["pull_request"]["head"]["repo"]["fork"]
except (OSError, ValueError, KeyError, TypeError):
    fork = False
sys.exit(fork is not True)
PYTHON
}

arguments=(check "--format=text")
option() { if [ -n "$2" ]; then arguments+=("--$1=$2"); fi; }
option profile "$INPUT_PROFILE"
option fail-on "$INPUT_FAIL_ON"
option platform "$INPUT_PLATFORM"
option postfix-version "$INPUT_POSTFIX_VERSION"
option dovecot-version "$INPUT_DOVECOT_VERSION"
option lang "$INPUT_LANG"
while IFS= read -r line; do option rules "$line"; done <<<"$INPUT_RULES"
if [ "$INPUT_FAIL_ON_UNKNOWN" = true ]; then arguments+=(--fail-on-unknown); fi
if [ "$INPUT_NEW_SINCE" = auto ]; then INPUT_NEW_SINCE=$(target_branch); fi
option new-since "$INPUT_NEW_SINCE"
for report in sarif=report.sarif json=report.json github=annotations markdown=summary.md; do
  option output "${report%%=*}=$work/${report#*=}"
done
paths=()
while IFS= read -r line; do if [ -n "$line" ]; then paths+=("$line"); fi; done <<<"$INPUT_PATHS"

cd "$GITHUB_WORKSPACE"
# What the program prints names files of the pull request: none of it may be taken for a command of the workflow.
printf '::group::mailposture check\n::stop-commands::%s\n' "$token"
status=0
"$RUNNER_TEMP/mailposture-venv/bin/mailposture" "${arguments[@]}" -- ${paths[@]+"${paths[@]}"} 2>&1 || status=$?
printf '\n::%s::\n::endgroup::\n' "$token"

case $status in
  0 | 1) ;;
  3) annotate error "nothing to check was found, or not one verdict could be given: see the log of this step" ;;
  *) annotate error "the job could not be done (exit status $status): see the log of this step" ;;
esac
output exit-code "$status"
if [ ! -s "$work/report.sarif" ]; then exit 0; fi

if [ "$INPUT_ANNOTATIONS" = true ]; then cat "$work/annotations"; fi
if [ "$INPUT_STEP_SUMMARY" = true ] && [ -n "${GITHUB_STEP_SUMMARY-}" ]; then
  cat "$work/summary.md" >>"$GITHUB_STEP_SUMMARY"
fi
sarif=$work/report.sarif
if [ -n "$INPUT_SARIF_FILE" ]; then
  sarif=$INPUT_SARIF_FILE
  # A link that is there is replaced, not followed: the pull request may have brought it.
  rm -f -- "$sarif"
  cp -- "$work/report.sarif" "$sarif"
fi
read -r findings new <<<"$("$python" -I - "$work/report.json" <<'PYTHON'
import json, sys
with open(sys.argv[1], encoding="utf-8") as file:
    summary = json.load(file)["summary"]
print(summary["fail"] + summary.get("known", 0), summary["fail"])
PYTHON
)"
output findings "$findings"
output new-findings "$new"
output json-file "$work/report.json"
output sarif-file "$sarif"

# What was judged only in part is not uploaded: alerts on the rest would be taken for mended.
if [ "$INPUT_UPLOAD_SARIF" != true ] || [ "$status" -gt 1 ]; then exit 0; fi
if is_fork; then
  annotate notice "a pull request from a fork may not write to code scanning, so nothing is uploaded"
else
  output upload true
fi
