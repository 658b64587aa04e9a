// Passphrases of key files: typed on a terminal, or in a file, and never an argument.
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "tests/cli/program.h"
#include "tests/cli/terminal.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("a terminal is asked for a passphrase, twice and unseen, and whoever signs is asked again") {
  const Desk desk;
  const Ran made = TypedOnTerminal(desk, "keygen --out k", {"correct horse", "correct horse"});
  INFO(made.out);
  REQUIRE(made.exit == 0);
  CHECK_THAT(made.out,
             Contains("A passphrase to seal k with, or nothing for none: \r\nThe same again: \r\n"));
  CHECK_THAT(made.out, !Contains("horse") && !Contains("is not sealed"));
  CHECK_THAT(desk.read("k"), Contains("\nargon2id ") && !Contains("\nseed "));

  const std::string init = "init l --name example.org/l --root-key k";
  const Ran wrong = TypedOnTerminal(desk, init, {"correct horsf"});
  CHECK(wrong.exit == 2);
  CHECK_THAT(wrong.out, Contains("Passphrase of k: \r\n") && Contains("the passphrase is wrong"));
  CHECK(TypedOnTerminal(desk, init, {"correct horse"}).exit == 0);
  CHECK(TypedOnTerminal(desk, "--ledger l asset add CNY --key k", {"correct horse"}).exit == 0);
  // Elsewhere there is nobody to ask.
  const Ran piped = desk.Run("--ledger l asset add USD --key k");
  CHECK(piped.exit == 2);
  CHECK_THAT(piped.err,
             Contains("k: the key is sealed with a passphrase, and none was given: --passphrase-file"));
  desk.write("words", "correct horse\n");
  CHECK(desk.Run("--ledger l asset add USD --key k --passphrase-file words").exit == 0);
  CHECK(TypedOnTerminal(desk, "--ledger l asset add EUR --key k --passphrase-file words", {}).exit == 0);
}

TEST_CASE("two that differ are asked for again, nothing seals nothing, and Ctrl-C makes no key") {
  const Desk desk;
  const Ran differ = TypedOnTerminal(desk, "keygen --out k", {"one", "two", "three", "three"});
  INFO(differ.out);
  CHECK(differ.exit == 0);
  CHECK_THAT(differ.out, Contains("They differ.\r\n"));
  CHECK_THAT(desk.read("k"), Contains("\nbox "));

  const Ran none = TypedOnTerminal(desk, "--lang zh keygen --out open", {""});
  INFO(none.out);
  CHECK(none.exit == 0);
  CHECK_THAT(none.out, Contains("封存 open 的口令") && Contains("open 没有口令：谁能读到它，谁就能签名"));
  CHECK_THAT(desk.read("open"), Contains("\nseed "));

  const Ran stopped = TypedOnTerminal(desk, "keygen --out never", {"^C"});
  INFO(stopped.out);
  CHECK(stopped.exit == 2);
  CHECK_THAT(stopped.out, Contains("the passphrase was not typed to its end"));
  CHECK_FALSE(std::filesystem::exists(desk.path("never")));
  // Nobody types for a file that is there.
  const Ran there = TypedOnTerminal(desk, "keygen --out k", {});
  CHECK(there.exit == 2);
  CHECK_THAT(there.out, Contains("k exists already") && !Contains("A passphrase"));
}

TEST_CASE("in a pipe no passphrase is asked for, and it is said how to seal a key") {
  const Desk desk;
  const Ran open = desk.Run("keygen --out k");
  CHECK(open.exit == 0);
  CHECK(open.out.size() == 65);
  CHECK(open.err ==
        "fundtrail: k is not sealed: whoever can read it can sign. --passphrase-file FILE seals a new key\n");
  desk.write("words", "correct horse\n");
  const Ran sealed = desk.Run("keygen --out sealed --passphrase-file words");
  CHECK(sealed.exit == 0);
  CHECK(sealed.err.empty());
  CHECK_THAT(desk.read("sealed"), Contains("\nbox "));
}

}  // namespace
}  // namespace fundtrail::testing
