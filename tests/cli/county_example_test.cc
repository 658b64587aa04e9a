// The scripted year of a county (examples/county): it runs to its end, and its answers have what docs/county-year.md tells.
#include <catch2/catch.hpp>

#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// What the script printed for one question, up to the next one.
std::string AnswerTo(const std::string& out, const std::string& question) {
  const std::size_t at = out.find("$ fundtrail " + question + "\n");
  REQUIRE(at != std::string::npos);
  const std::size_t end = out.find("\n$ fundtrail ", at);
  return out.substr(at, end == std::string::npos ? end : end - at);
}

TEST_CASE("the year of a county runs, and its answers have what its page tells") {
  const Desk desk;
  const std::string script = std::string(FUNDTRAIL_SOURCE_DIR) + "/examples/county/run.sh";
  const auto ran = desk.Shell("FUNDTRAIL='" + Program() + "' bash '" + script + "' year");
  INFO(ran.out << "\n" << ran.err);
  REQUIRE(ran.exit == 0);
  const std::string& out = ran.out;

  CHECK_THAT(AnswerTo(out, "group members coop"),
             Contains("coop-women") && Contains("coop-residents") && Contains("It can act.\n"));
  CHECK_THAT(AnswerTo(out, "policy overlap"), Contains("roof-grant") && Contains("safe-homes"));
  const std::string needs = AnswerTo(out, "needs");
  CHECK(needs.find("doctor") < needs.find("roofs-needed"));  // the most severe first
  CHECK_THAT(needs, Contains("<5"));                         // three persons
  CHECK_THAT(AnswerTo(out, "missing groups --level 4 --place gbt2260:520521"),
             Contains("gbt2260:520521102") && !Contains("gbt2260:520521101"));
  CHECK_THAT(AnswerTo(out, "publicity --place gbt2260:520521 --on 2026-02-01"), Contains("call-coats"));
  CHECK_THAT(AnswerTo(out, "open --place gbt2260:520521"), Contains("call-coats"));
  CHECK_THAT(AnswerTo(out, "match --asset CNY --place gbt2260:520521"),
             Contains("tea-coats 60,000.00") && Contains("No pledge is for "));
  CHECK_THAT(AnswerTo(out, "pledges"), Contains("tea-coats") && Contains("100.00%"));
  CHECK_THAT(AnswerTo(out, "acknowledgements --fund winter-2026"),
             Contains("CNY, confirmed: 1 payment, paid 60,000.00, said to have arrived 60,000.00\n"));

  CHECK_THAT(AnswerTo(out, "concerns"), Contains("roofs-leak"));
  CHECK_THAT(AnswerTo(out, "standing roofs"),
             Contains("roofs-suspended") && Contains("Frozen: 30,000.00 CNY\n"));
  CHECK_THAT(out, Contains("fundtrail: refused, FUNDS_FROZEN at "));
  const std::string vacuum = AnswerTo(out, "coverage --by cell --state vacuum");
  CHECK_THAT(vacuum, Contains("gbt2260:520521103, HEA"));
  const std::string then = AnswerTo(out, "coverage --by cell");
  const std::size_t line = then.find("gbt2260:520521103, HEA");
  REQUIRE(line != std::string::npos);
  CHECK_THAT(then.substr(line, then.find('\n', line) - line), Contains("covered"));
  CHECK_THAT(AnswerTo(out, "project money roofs"), Contains("30,000.00"));
}

}  // namespace
}  // namespace fundtrail::testing
