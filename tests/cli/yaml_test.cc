// Entries written by hand in YAML: the same JSON as one would write, and refused in words where YAML is more than that.
#include "cli/commands/yaml.h"

#include <catch2/catch.hpp>

#include "tests/cli/program.h"

namespace fundtrail::testing {
namespace {

std::string Json(const std::string& yaml) {
  const auto json = cli::YamlToJson(yaml);
  return json.ok() ? *json : std::string(json.status().message());
}

TEST_CASE("YAML is written as JSON, text as text") {
  CHECK(Json("a: 1\nb: [x, 'true', true, null, ~, \"\"]\nc:\n  - d: 2026-01-01\n    e: no\n  - []\n") ==
        R"({"a":"1","b":["x","true",true,null,null,""],"c":[{"d":"2026-01-01","e":"no"},[]]})");
  CHECK(Json("a: \"quote \\\" and \\n\"\nb: |\n  two\n  lines\n") ==
        R"({"a":"quote \" and \n","b":"two\nlines\n"})");
  CHECK(Json("name: 红十字会\nn: 010\nk: 1e3\nempty:\n") ==
        "{\"name\":\"红十字会\",\"n\":\"010\",\"k\":\"1e3\",\"empty\":null}");
  CHECK(Json("{a: {b: {}}}") == R"({"a":{"b":{}}})");
  CHECK(Json("") == "");
}

TEST_CASE("what makes YAML hard to read is refused, with the line") {
  CHECK(Json("a: &x [1]\nb: *x\n") == "line 1: anchors (&) are not read");
  CHECK(Json("a: 1\nb: *x\n") == "line 2: aliases (*) are not read: write it out");
  CHECK(Json("a: !!binary aGk=\n") == "line 1: tags (!) are not read");
  CHECK(Json("a: 1\nb: 2\na: 3\n") == "line 3: \"a\" is there twice");
  CHECK(Json("? [a, b]\n: 1\n") == "line 1: a key must be a word");
  CHECK(Json("---\na: 1\n---\nb: 1\n") == "line 3: one entry a file: a second one begins");
  CHECK(Json(std::string(40, '[')) == "line 1: is nested too deeply");
  CHECK(Json(std::string(100'000, '[')) == "line 1: is nested too deeply");
  CHECK(Json("a: [1\nb: 2\n").rfind("line ", 0) == 0);
  CHECK(Json("a: \"\xff\"\n").rfind("line ", 0) == 0);  // not UTF-8
  CHECK(Json("\ta: 1").rfind("line ", 0) == 0);
}

TEST_CASE("an entry in YAML is signed and submitted as one in JSON is") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("e.yaml",
             "# to the hub, for the winter\n"
             "date: 2026-02-01\n"
             "actions:\n"
             "  - transfer:\n"
             "      from: donor\n      to: hub\n      fund: winter\n      asset: CNY\n      amount: 123450\n"
             "      kind: DONATION\n      purpose: 'yes'\n");
  const auto sent = desk.Run("--ledger l submit e.yaml --key clerk --as root");
  INFO(sent.err);
  CHECK(sent.exit == 0);
  const std::string shown = desk.Run("--ledger l show 7.1").out;
  CHECK(shown.find("1,234.50") != std::string::npos);
  CHECK(shown.find("yes") != std::string::npos);
  CHECK(desk.Run("--ledger l submit - --key clerk --as root --dry-run", desk.read("e.yaml")).exit == 0);
  desk.write("bad.yml", "actions: &a []\n");
  const auto bad = desk.Run("--ledger l submit bad.yml --key clerk --as root");
  CHECK(bad.exit == 2);
  CHECK(bad.err.find("bad.yml line 1: anchors (&) are not read") != std::string::npos);
  desk.write("text.yaml", "just words\n");
  CHECK(desk.Run("--ledger l submit text.yaml --key clerk --as root").exit == 2);
}

}  // namespace
}  // namespace fundtrail::testing
