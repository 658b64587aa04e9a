// What tests say to a desk's ledger (Desk::MakeLedger): the root records and asks, and all of it must go well.
#pragma once

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.h"

namespace fundtrail::testing {

inline void Do(const Desk& desk, const std::string& command) {
  const auto ran = desk.Run("--ledger l " + command + " --key k");
  INFO(command << "\n" << ran.out << ran.err);
  REQUIRE(ran.exit == 0);
}

// What is printed for people.
inline std::string Told(const Desk& desk, const std::string& question) {
  const auto ran = desk.Run("--ledger l " + question);
  INFO(question << "\n" << ran.err);
  REQUIRE(ran.exit == 0);
  return ran.out;
}

inline nlohmann::json Ask(const Desk& desk, const std::string& question) {
  return nlohmann::json::parse(Told(desk, "--json " + question));
}

}  // namespace fundtrail::testing
