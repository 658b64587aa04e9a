// The items of a list in a JSON text, and what is refused of texts that strangers write.
#include "ledger/sheets/json_items.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/text.h"

namespace fundtrail::sheets {
namespace {

using testing::Contains;

// The items as "place=text of `id`", or what is refused.
std::string Ids(const std::string& text) {
  std::string ids;
  const auto found = EachJsonItem(text, "grants", [&](const std::string& place, const JsonValue& item) {
    absl::StrAppend(&ids, ids.empty() ? "" : " ", place, "=", std::string(item["id"].words()));
    return absl::OkStatus();
  });
  if (!found.ok()) return std::string(found.status().message());
  return *found ? ids : "no list";
}

TEST_CASE(
    "items of a json list come one at a time, with their places, and numbers stay as they are written") {
  const struct {
    std::string text, ids;
  } kCases[] = {
      {R"({"grants":[]})", ""},
      {R"({"grants":[{"id":"a"},{"id":"b"}]})", "/grants/0=a /grants/1=b"},
      {R"({"a":{"grants":[{"id":"x"}]},"b":[1,[2]],"grants":[{"id":12000.50}],"c":{"grants":[{"id":"y"}]}})",
       "/grants/0=12000.50"},
      {R"({"grants":[{"id":-7},{"id":18446744073709551616},{"id":true},{"id":null},"text",[1]]})",
       "/grants/0=-7 /grants/1=18446744073709551616 /grants/2= /grants/3= /grants/4= /grants/5="},
      {R"({"grants":[{"x":[{"id":1},{"id":2}],"id":"\u4e1c"}]})", "/grants/0=东"},
      {"\xef\xbb\xbf{\"grants\":[{\"id\":\"a\"}]}", "/grants/0=a"},
  };
  for (const auto& one : kCases) {
    INFO(one.text);
    CHECK(Ids(one.text) == one.ids);
  }
}

TEST_CASE("what is no json, has no such list or is beyond a bound is refused with its place") {
  std::string deep = R"({"grants":[)", names = R"({"grants":[{)", values = R"({"grants":[[)";
  for (std::size_t i = 0; i < kMaxJsonDepth; ++i) deep += "[";
  for (std::size_t i = 0; i <= kMaxJsonMembers; ++i)
    absl::StrAppend(&names, i > 0 ? "," : "", "\"n", i, "\":1");
  for (std::size_t i = 0; i <= kMaxJsonValues; ++i) values += i > 0 ? ",1" : "1";
  std::string bytes = R"({"grants":[[)";
  for (int i = 0; i < 17; ++i) bytes += (i > 0 ? ",\"" : "\"") + std::string(kMaxJsonText - 1, 'x') + "\"";
  const struct {
    std::string text, says;
  } kCases[] = {
      {"", "line 1: this is no JSON"},
      {"{\"grants\":[\n{\"id\":1}\n", "line 3: this is no JSON"},
      {"{\"grants\":[]} x", "no JSON"},
      {"[{\"id\":1}]", "no JSON object"},
      {"7", "no JSON object"},
      {"{}", "no list"},
      {R"({"grants":{"id":1}})", "no list"},
      {R"({"a":[{"grants":[{"id":1}]}]})", "no list"},
      {R"({"grants":[],"grants":[]})", "has the list grants twice"},
      {R"({"grants":[],"grants":{"x":{"id":"y"}}})", "has the list grants twice"},
      {R"({"grants":{"x":{"id":"y"}},"grants":[]})", "has the list grants twice"},
      {R"({"grants":[{"grants":1,"grants":2}]})", "/grants/0 names grants twice"},
      {R"({"grants":[{"id":1,"id":2}]})", "/grants/0 names id twice in one object"},
      {R"({"grants":[{},{"x":{"a":1,"a":1}}]})", "/grants/1 names a twice"},
      {"{\"grants\":[\"\xff\"]}", "no JSON"},
      {deep, "has over 32 levels"},
      {std::string(100'000, '['), "no JSON object"},
      {names + "}]}", "/grants/0 has an object of over 1000 names"},
      {values + "]]}", "/grants/0 has over 200000 values"},
      {bytes + "]]}", "/grants/0 has over 16000000 bytes"},
      {R"({"grants":[")" + std::string(kMaxJsonText + 1, 'x') + "\"]}", "has a text of over 1000000 bytes"},
      {R"({"grants":[{")" + std::string(kMaxJsonText + 1, 'x') + "\":1}]}",
       "has a name of over 1000000 bytes"},
  };
  for (const auto& one : kCases) {
    INFO(one.text.substr(0, 80));
    CHECK_THAT(Ids(one.text), Contains(one.says));
  }
}

TEST_CASE("an error of who takes the items ends the reading") {
  int taken = 0;
  const auto found =
      EachJsonItem(R"({"grants":[1,2,3]})", "grants", [&](const std::string&, const JsonValue&) {
        return ++taken == 2 ? absl::CancelledError("enough") : absl::OkStatus();
      });
  CHECK(found.status().message() == "enough");
  CHECK(taken == 2);
}

}  // namespace
}  // namespace fundtrail::sheets
