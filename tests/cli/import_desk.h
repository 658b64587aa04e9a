// A ledger that has nothing but its root, and the command that imports into it.
#pragma once

#include "tests/cli/program.h"

namespace fundtrail::testing {

inline void BeginImport(const Desk& desk) {
  desk.Copied([](const Desk& first) {
    first.Run("keygen --out k");
    first.Run("init l --name example.org/l --root-key k --date 2026-01-01");
  });
}

inline constexpr char kImport[] =
    "--ledger l --json import csv rows.csv --key k --as root --register --open-missing --accept-duplicates "
    "--date 2026-01-01";

}  // namespace fundtrail::testing
