// A ledger of real payments: examples/fts-afghanistan, two rows of it a record, so that there are more records than a
// tile holds.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace fundtrail::testing {

class RealLedger {
 public:
  // In the desk: the ledger `l` and its root key `k`.
  explicit RealLedger(const Desk& desk) : desk_(desk) {
    Must("keygen --out k");
    Must("init l --name example.org/fts --root-key k --root-party ocha-fts --date 2026-01-01");
    std::ifstream csv(Example("flows.csv"));
    std::string header;
    std::getline(csv, header);
    std::filesystem::create_directory(desk.path("rows"));
    for (std::string one, two; std::getline(csv, one); two.clear()) {
      std::getline(csv, two);
      const std::string name = "rows/" + std::to_string(10'000 + files_.size()) + ".csv";
      desk.write(name, header + "\n" + one + "\n" + two + (two.empty() ? "" : "\n"));
      files_.push_back(name);
    }
  }

  // Imports the rows up to this part of them, from 0 to 1; at 0.3 they are below 256 records, at 1 above.
  void ImportTo(double part) {
    std::string names;
    for (const auto upto = static_cast<std::size_t>(part * static_cast<double>(files_.size())); next_ < upto;)
      names += files_[next_++] + " ";
    const auto ran = desk_.Run("--ledger l import csv " + names + " --map '" + Example("fts.toml") +
                               "' --key k --date 2026-01-02 --register --open-missing --rejects-dir .");
    if (ran.exit > 1) throw std::runtime_error(ran.err);  // 1: rows that cannot be read are rejected
  }
  void Archive() { Must("--ledger l archive public"); }

  std::string vkey() const {
    const std::string line = desk_.read("l/vkey");
    return line.substr(0, line.find('\n'));
  }

 private:
  static std::string Example(const std::string& name) {
    return std::string(FUNDTRAIL_SOURCE_DIR "/examples/fts-afghanistan/") + name;
  }
  void Must(const std::string& arguments) const {
    const auto ran = desk_.Run(arguments);
    if (ran.exit != 0) throw std::runtime_error(ran.err);
  }

  const Desk& desk_;
  std::vector<std::string> files_;
  std::size_t next_ = 0;
};

}  // namespace fundtrail::testing
