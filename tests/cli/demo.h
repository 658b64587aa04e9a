// The ledgers that ./quickstart makes: real payments for Afghanistan in 2020 in demo/ledger, and who works where in Ethiopia in
// demo/ethiopia. Each is loaded once for all tests of this process, which only ask it.
#pragma once

#include <stdexcept>
#include <string>

#include "tests/cli/program.h"

namespace fundtrail::testing {

class Demo {
 public:
  // With `demo/ledger`, its key `demo/root.key`, and `import.txt`: what the import of the payments printed.
  static const Desk& Payments() {
    static const Demo demo([](const Demo& one) { one.LoadPayments(); });
    return demo.desk_;
  }
  // With `demo/ethiopia`.
  static const Desk& Teams() {
    static const Demo demo([](const Demo& one) { one.LoadTeams(); });
    return demo.desk_;
  }

 private:
  template <typename Load>
  explicit Demo(const Load& load) {
    std::filesystem::create_directory(desk_.path("demo"));
    Must(Program() + " keygen --out demo/root.key");
    load(*this);
  }

  void LoadPayments() const {
    const std::string example = Example("fts-afghanistan");
    Must(Program() +
         " init demo/ledger --name example.org/fts-demo --root-key demo/root.key --root-party ocha-fts "
         "--root-name 'OCHA Financial Tracking Service' --date 2026-01-01");
    Must("'" + example + "registers' '" + Program() + "' demo/ledger demo/root.key ocha-fts");
    std::filesystem::copy_file(example + "flows.csv", desk_.path("demo/flows.csv"));
    // It ends with 1, since some rows do not say who paid.
    const auto ran = desk_.Run("--ledger demo/ledger import csv demo/flows.csv --map '" + example +
                               "fts.toml' --register --open-missing --key demo/root.key --as ocha-fts");
    if (ran.exit != 1) throw std::runtime_error(ran.out + ran.err);
    desk_.write("import.txt", ran.out);
  }
  void LoadTeams() const {
    Must(Program() +
         " init demo/ethiopia --name example.org/ethiopia-demo --root-key demo/root.key --root-party root "
         "--date 2026-01-01");
    Must("'" + Example("ethiopia-presence") + "registers' '" + Program() +
         "' demo/ethiopia demo/root.key root");
  }
  void Must(const std::string& command) const {
    const auto ran = desk_.Shell(command);
    if (ran.exit != 0) throw std::runtime_error(command + "\n" + ran.out + ran.err);
  }
  static std::string Example(const std::string& name) {
    return std::string(FUNDTRAIL_SOURCE_DIR) + "/examples/" + name + "/";
  }

  Desk desk_;
};

}  // namespace fundtrail::testing
