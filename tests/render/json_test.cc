// The contract of docs/json.md: what a program reads of an answer.
#include "cli/render/json.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "fundtrail/v1/registers.pb.h"
#include "fundtrail/v1/transfers.pb.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

v1::ListAnswer Listed() {
  v1::ListAnswer answer;
  answer.mutable_as_of()->set_ledger("example.org/l");
  answer.mutable_as_of()->set_size(9);
  answer.mutable_as_of()->set_root(std::string(32, '\xab'));
  for (const int cents : {123'450, 5}) {
    v1::TransferLine& line = *answer.add_transfers();
    line.set_decimals(2);
    line.set_recorded_micros(1'767'225'600'000'000);
    line.mutable_transfer()->set_asset("CNY");
    line.mutable_transfer()->set_amount(cents);
    line.mutable_outcome()->set_to_position(7);
  }
  return answer;
}

TEST_CASE("JSON: amounts with their text, hashes in hex, times as RFC 3339, nothing empty, as_of last") {
  const auto json = nlohmann::ordered_json::parse(render::Json(Listed()));
  std::vector<std::string> names;
  for (const auto& [name, value] : json.items()) names.push_back(name);
  CHECK(names == std::vector<std::string>{"transfers", "joined", "names", "sums", "as_of"});
  std::string root;
  for (int i = 0; i < 32; ++i) root += "ab";
  CHECK(json.at("as_of").at("root") == root);
  CHECK(json.at("as_of").at("size") == "9");
  const auto& line = json.at("transfers").at(0);
  CHECK(line.at("recorded_micros") == "1767225600000000");
  CHECK(line.at("recorded") == "2026-01-01T00:00:00.000000Z");
  CHECK_FALSE(line.contains("from_name"));
  CHECK_FALSE(line.at("outcome").contains("to_position_text"));
  const auto& transfer = line.at("transfer");
  CHECK(transfer.at("amount") == "123450");
  CHECK(transfer.at("amount_text") == "1234.50");
  CHECK(transfer.at("to_amount") == "0");
  CHECK_FALSE(transfer.contains("to_amount_text"));  // of an asset whose decimals are not said
  CHECK_FALSE(transfer.contains("purpose"));
  // An answer's own lists are there though they are empty.
  CHECK(nlohmann::json::parse(render::Json(v1::ListAnswer())) ==
        nlohmann::json::object({{"transfers", nlohmann::json::array()},
                                {"joined", nlohmann::json::array()},
                                {"names", nlohmann::json::array()},
                                {"sums", nlohmann::json::array()}}));
}

TEST_CASE("JSON: amounts of items have the text of the asset that they name") {
  v1::RegistersAnswer answer;
  v1::RegisterLine& line = *answer.add_lines();
  line.set_decimals(2);
  auto* need = line.mutable_action()->mutable_declare_need();
  need->set_asset("CNY");
  need->set_amount(110'000);
  need->set_people(400);
  v1::RegisterLine& other = *answer.add_lines();
  auto* fund = other.mutable_action()->mutable_open_fund();
  for (const char* asset : {"CNY", "BED"}) {
    fund->add_approvals()->set_asset(asset);
    fund->mutable_approvals()->rbegin()->set_from_amount(110'000);
    other.add_asset_decimals()->set_asset(asset);
    other.mutable_asset_decimals()->rbegin()->set_decimals(asset == std::string("CNY") ? 2 : 0);
  }
  auto json = nlohmann::json::parse(render::Json(answer));
  const auto& said = json["lines"][0]["action"]["declare_need"];
  CHECK(said.at("amount_text") == "1100.00");
  CHECK(said.at("people") == "400");
  CHECK_FALSE(said.contains("people_text"));
  const auto& approvals = json["lines"][1]["action"]["open_fund"]["approvals"];
  CHECK(approvals.at(0).at("from_amount_text") == "1100.00");
  CHECK(approvals.at(1).at("from_amount_text") == "110000");
  need->set_asset("");
  json = nlohmann::json::parse(render::Json(answer));
  CHECK_FALSE(json["lines"][0]["action"]["declare_need"].contains("amount_text"));
}

TEST_CASE("JSON lines: an object for each item, then the answer without them") {
  render::JsonForm form;
  form.lines = true;
  form.warnings = {"careful"};
  std::istringstream text(render::Json(Listed(), form));
  std::vector<nlohmann::json> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(nlohmann::json::parse(line));
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].at("transfer").at("amount_text") == "1234.50");
  CHECK(lines[1].at("transfer").at("amount_text") == "0.05");
  CHECK_FALSE(lines[2].contains("transfers"));
  CHECK(lines[2].at("as_of").at("ledger") == "example.org/l");
  CHECK(lines[2].at("warnings").at(0) == "careful");
}

TEST_CASE("JSON: a text that could move the cursor, or is no UTF-8, is ASCII") {
  v1::ListAnswer answer = Listed();
  answer.mutable_transfers(0)->set_from_name("红\x1b[2J");
  answer.mutable_transfers(1)->set_from_name("红十字");
  const std::string text = render::Json(answer);
  CHECK_THAT(text, Contains("\"\\u7ea2\\u001b[2J\""));
  CHECK_THAT(text, Contains("\"红十字\""));
  CHECK_THAT(render::JsonLine(answer), !Contains(" \"") && Contains("\"from_name\":\"红十字\""));
}

}  // namespace
}  // namespace fundtrail::testing
