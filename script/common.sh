# shellcheck shell=bash
# Sourced by the scripts beside it: the repository's root, messages, and how much to do at a time.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

die() {
  echo "$(basename "$0"): $*" >&2
  exit 2
}

# One compiler per core, and at least 1.2 GB of memory for each.
parallel_jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1200000) }' /proc/meminfo)
  if [ "$memory" -lt 1 ]; then memory=1; fi
  echo $((cores < memory ? cores : memory))
}

# CMAKE_PRESET: configure and build it.
build_preset() {
  local said
  cd "$root"
  said=$(cmake --preset "$1" 2>&1) || {
    echo "$said" >&2
    die "configuring $1 failed; the reason stands above"
  }
  cmake --build --preset "$1" --parallel "$(parallel_jobs)"
}
