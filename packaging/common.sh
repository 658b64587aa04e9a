# What packaging/deb and packaging/tarball share. Sourced by bash, never run.
# The sourcing script sets `top` (the root of the project), stands in it, and has tools/common.sh.
# shellcheck shell=bash disable=SC2034

version=$(sed -n 's/^project(fundtrail VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
[ -n "$version" ] || fail "CMakeLists.txt does not say which version this is."

# The same commit and the same programs make the same bytes.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CMakeLists.txt)}
export LC_ALL=C.UTF-8
umask 022

# Sets `programs`, the folder of a build. FUNDTRAIL_PROGRAMS names one that is ready; else the release build is brought up to date.
build_programs() {
  programs=${FUNDTRAIL_PROGRAMS:-$top/build/release}
  if [ -z "${FUNDTRAIL_PROGRAMS:-}" ]; then
    tools/install build || exit 1
    make_logs
    run_logged "building" "$logs/package-build.log" cmake --preset release &&
      run_logged "building" "$logs/package-build.log" cmake --build --preset release -j "$(jobs_that_fit)" --target programs ||
      { show_tail "$logs/package-build.log" 30; fail "the programs cannot be built."; }
  fi
  [ -x "$programs/cli/fundtrail" ] && [ -x "$programs/server/fundtraild" ] || fail "there are no programs in $programs."
}

# Puts all files below ROOT, with stripped programs.
put_files() {  # ROOT PREFIX
  packaging/install "$programs/cli/fundtrail" "$programs/server/fundtraild" "$1" "$2" &&
    strip --strip-unneeded --remove-section=.comment "$1$2"/bin/fundtrail "$1$2"/bin/fundtraild ||
    fail "the files cannot be put into $1."
}

# Makes FILE, a library that needs what the programs load only when they use it (ledger/base/late_library.h): what looks for libraries
# that a program is linked with finds these in it. They must have the names by which the programs ask: libcurl of GnuTLS has another.
make_late() {  # FILE
  local sources=(ledger/net/libcurl.cc ledger/postgres/libpq.cc) needed library
  sed -n 's/^ *library\.Find("\([A-Za-z_]*\)".*/extern char \1; void* of_\1 = \&\1;/p' "${sources[@]}" |
    cc -shared -fPIC -x c - -o "$1" -Wl,-z,defs -lcurl -lpq || fail "what the programs load later cannot be linked."
  needed=$(readelf -d "$1") || fail "readelf does not say what $1 needs."
  for library in $(sed -n 's/^ *LateLibrary library("\(.*\)");$/\1/p' "${sources[@]}"); do
    [[ $needed == *"(NEEDED)"*"[$library]"* ]] ||
      fail "the programs load $library, and another was linked here: apt-get install libcurl4-openssl-dev libpq-dev"
  done
}
